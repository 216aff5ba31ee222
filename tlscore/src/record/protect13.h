/* SPDX-License-Identifier: Apache-2.0 */
/* record/protect13.h: one direction's record protection, RFC 8446 5.2. */
#ifndef TLSC_RECORD_PROTECT13_H
#define TLSC_RECORD_PROTECT13_H

#include "base/secret.h"
#include "tlscore/provider.h"

enum {
    TLSC_SEAL13_HEAD = 5,                    /* bytes of a record before its data */
    TLSC_SEAL13_TAIL = 1 + TLSC_AEAD_TAG_LEN /* and behind: the content type and the tag */
};

/* Zeroed: plaintext. The traffic secret is kept, since KeyUpdate derives the next from it. */
typedef struct tlsc_protect13 {
    const tlsc_suite *suite; /* NULL: no protection */
    uint64_t seq;            /* number of the next record */
    tlsc_secret secret;
    uint8_t iv[TLSC_AEAD_NONCE_LEN];
    _Alignas(16) uint8_t aead[TLSC_AEAD_STATE_MAX];
} tlsc_protect13;

/* Takes up a new traffic secret, from record 0. errors: TLSC_E_CRYPTO, TLSC_E_NO_MEMORY; then there
 * is no protection, and nothing may be sent or accepted. */
tlsc_err tlsc_protect13_start(tlsc_protect13 *p, const tlsc_suite *suite,
                              const tlsc_secret *secret);
/* Goes on to the next generation of the secret, RFC 8446 7.2. errors: as above. */
tlsc_err tlsc_protect13_update(tlsc_protect13 *p);
void tlsc_protect13_clear(tlsc_protect13 *p);

/* Seals in place: in: `data` of `n` bytes (at most 16,384), with TLSC_SEAL13_HEAD bytes in front and
 * TLSC_SEAL13_TAIL behind that are the record's. errors: TLSC_E_SEQUENCE_EXHAUSTED, TLSC_E_CRYPTO. */
tlsc_err tlsc_protect13_seal(tlsc_protect13 *p, uint8_t type, uint8_t *data, size_t n);

/* Opens in place. in: the record's five bytes of header and its body of `n` bytes behind them.
 * out: the content, a view into the body, and its type; padding is gone.
 * errors: TLSC_E_BAD_RECORD_MAC (the sequence number stays, so that skipping early data can go on),
 * TLSC_E_RECORD_OVERFLOW, TLSC_E_NO_CONTENT_TYPE, TLSC_E_SEQUENCE_EXHAUSTED. */
tlsc_err tlsc_protect13_open(tlsc_protect13 *p, tlsc_bytes header, uint8_t *body, size_t n,
                             uint8_t *type, tlsc_bytes *content);

#endif
