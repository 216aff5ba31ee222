/* SPDX-License-Identifier: Apache-2.0 */
/* auth/choose.c: our order among certificates, our order among a key's schemes, the peer's veto. */
#include "auth/choose.h"

#include "auth/credential.h"
#include "base/try.h"
#include "wire/reader.h"

/* SignatureScheme supported_signature_algorithms<2..2^16-2>   RFC 8446 4.2.3 */
static bool lists(tlsc_bytes accepted, uint16_t scheme)
{
    tlsc_rd r = tlsc_rd_of(accepted);
    while (tlsc_rd_more(&r)) {
        if (tlsc_rd_u16(&r) == scheme) {
            return true;
        }
    }
    return false;
}

static bool choose_scheme(const tlsc_credential *c, tlsc_bytes accepted, uint16_t version,
                          uint16_t *scheme)
{
    for (size_t i = 0; i < c->num_schemes; i++) {
        if (tlsc_spki_kind_fits(c->leaf_key.kind, c->schemes[i], version) &&
            lists(accepted, c->schemes[i])) {
            *scheme = c->schemes[i];
            return true;
        }
    }
    return false;
}

tlsc_err tlsc_auth_choose(tlsc_credential *const *credentials, size_t num, tlsc_bytes accepted,
                          uint16_t version, size_t *index, uint16_t *scheme)
{
    *index = 0;
    *scheme = 0;
    if (accepted.n % 2 != 0) {
        return TLSC_E_DECODE;
    }
    for (size_t i = 0; i < num; i++) {
        if (choose_scheme(credentials[i], accepted, version, scheme)) {
            *index = i;
            return TLSC_OK;
        }
    }
    return num == 0 ? TLSC_E_NO_CERTIFICATE : TLSC_E_NO_SHARED_SIGNATURE;
}
