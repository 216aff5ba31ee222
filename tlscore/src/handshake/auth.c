/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/auth.c: signatures, made here or by the caller during a pause. */
#include "auth/credential.h"
#include "base/bytes.h"
#include "base/try.h"
#include "handshake/hs.h"

tlsc_bytes tlsc_hs_sign_content(const tlsc_hs *hs)
{
    return hs->signs_messages ? tlsc_transcript_messages(&hs->transcript)
                              : tlsc_bytes_of(hs->sign_content, hs->sign_content_n);
}

tlsc_err tlsc_hs_make_signature(tlsc_hs *hs, bool *ready)
{
    const tlsc_signing_key *key = hs->outcome->credential->key;
    *ready = true;
    if (key != NULL) {
        size_t n = 0;
        TRY(tlsc_buf_reserve(&hs->signature, TLSC_SIGNATURE_MAX));
        TRY(key->sign(key, hs->outcome->scheme, tlsc_hs_sign_content(hs), hs->signature.p, &n));
        hs->signature.n = n;
    } else if (!hs->signature_answered) {
        hs->wait = TLSC_WAIT_SIGN;
        *ready = false;
        return TLSC_OK;
    }
    return hs->signature.n > 0 ? TLSC_OK : TLSC_E_SIGNING_FAILED;
}
