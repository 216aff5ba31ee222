/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/sodium/verify.c: checks an Ed25519 signature. */
#include <sodium.h>

#include "base/try.h"
#include "crypto/sodium/key_der.h"
#include "crypto/sodium/sodium.h"

tlsc_err tlsc_sodium_verify(uint16_t scheme, tlsc_bytes spki, tlsc_bytes message,
                            tlsc_bytes signature)
{
    const uint8_t *key;
    if (scheme != TLSC_SIG_ED25519) {
        return TLSC_E_UNSUPPORTED_KEY;
    }
    TRY(tlsc_ed25519_parse_public(spki, &key));
    if (signature.n != crypto_sign_ed25519_BYTES ||
        crypto_sign_ed25519_verify_detached(signature.p, message.p, message.n, key) != 0) {
        return TLSC_E_BAD_SIGNATURE;
    }
    return TLSC_OK;
}
