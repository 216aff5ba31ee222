/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/libcrypto/libcrypto.h"

#include "aead_check.h"

int main(void)
{
    static const tlsc_aead *const aeads[] = {
        &tlsc_libcrypto_aes128gcm,
        &tlsc_libcrypto_aes256gcm,
        &tlsc_libcrypto_chacha20poly1305,
    };
    return aead_check(aeads, sizeof(aeads) / sizeof(aeads[0]));
}
