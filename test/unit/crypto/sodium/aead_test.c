/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sodium/sodium.h"

#include "aead_check.h"

int main(void)
{
    static const tlsc_aead *const aeads[] = {
        &tlsc_sodium_chacha20poly1305,
        &tlsc_sodium_aes256gcm,
    };
    if (tlsc_provider_sodium() == NULL) {
        return 1;
    }
    return aead_check(aeads, tlsc_sodium_has_aes256gcm() ? 2 : 1);
}
