/* SPDX-License-Identifier: Apache-2.0 */
/* record/protect13.h: TLS 1.3's record protection, RFC 8446 5.2. */
#ifndef TLSC_RECORD_PROTECT13_H
#define TLSC_RECORD_PROTECT13_H

#include "record/protect.h"

enum {
    TLSC_SEAL13_HEAD = 5,                    /* bytes of a record before its data */
    TLSC_SEAL13_TAIL = 1 + TLSC_AEAD_TAG_LEN /* and behind: the content type and the tag */
};

/* Takes up a new traffic secret, from record 0. errors: TLSC_E_CRYPTO, TLSC_E_NO_MEMORY; then there
 * is no protection, and nothing may be sent or accepted. */
tlsc_err tlsc_protect13_start(tlsc_protect *p, const tlsc_suite *suite, const tlsc_secret *secret);
/* Goes on to the next generation of the secret, RFC 8446 7.2. errors: as above. */
tlsc_err tlsc_protect13_update(tlsc_protect *p);

/* As tlsc_protect_seal_padded and tlsc_protect_open, which call them. */
tlsc_err tlsc_protect13_seal(tlsc_protect *p, uint8_t type, uint8_t *data, size_t n,
                             size_t padding);
/* As tlsc_protect_seal_from without padding, with an AEAD that has a seal_from. */
tlsc_err tlsc_protect13_seal_from(tlsc_protect *p, uint8_t type, tlsc_bytes text, uint8_t *data);
tlsc_err tlsc_protect13_open(tlsc_protect *p, tlsc_bytes header, uint8_t *body, size_t n,
                             uint8_t *type, tlsc_bytes *content);

#endif
