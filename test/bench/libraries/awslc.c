/* SPDX-License-Identifier: Apache-2.0 */
/* test/bench/libraries/awslc.c: AWS-LC. */
#include "boring.h"

const char flavour_name[] = "AWS-LC";

bool flavour_suite(SSL_CTX *ctx, bool tls13, const char *name)
{
    return (tls13 ? SSL_CTX_set_ciphersuites(ctx, name)
                  : SSL_CTX_set_strict_cipher_list(ctx, name)) == 1;
}
