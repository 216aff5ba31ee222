/* SPDX-License-Identifier: Apache-2.0 */
/* test/bench/libraries/boringssl.c: BoringSSL. */
#include "boring.h"

const char flavour_name[] = "BoringSSL";

/* There is no setter for TLS 1.3's suites; one policy puts AES-256-GCM first, which is what the
 * rows want. */
bool flavour_suite(SSL_CTX *ctx, bool tls13, const char *name)
{
    return tls13 ? SSL_CTX_set_compliance_policy(ctx, ssl_compliance_policy_cnsa_202407) == 1
                 : SSL_CTX_set_strict_cipher_list(ctx, name) == 1;
}
