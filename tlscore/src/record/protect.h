/* SPDX-License-Identifier: Apache-2.0 */
/* record/protect.h: one direction's record protection, whichever version's. */
#ifndef TLSC_RECORD_PROTECT_H
#define TLSC_RECORD_PROTECT_H

#include "base/secret.h"
#include "tlscore/provider.h"

/* Zeroed: plaintext. */
typedef struct tlsc_protect {
    const tlsc_suite *suite; /* NULL: no protection */
    uint64_t seq;            /* number of the next record */
    tlsc_secret secret;      /* TLS 1.3's traffic secret, since KeyUpdate derives the next from it */
    uint8_t iv[TLSC_AEAD_NONCE_LEN];
    _Alignas(16) uint8_t aead[TLSC_AEAD_STATE_MAX];
} tlsc_protect;

void tlsc_protect_clear(tlsc_protect *p);

/* Bytes of a record before its data, and behind. 5 and 0 where there is no protection. */
size_t tlsc_protect_head(const tlsc_protect *p);
size_t tlsc_protect_tail(const tlsc_protect *p);

/* Seals in place. in: `data` of `n` bytes (at most 16,384), with the head's bytes in front and the
 * tail's behind that are the record's; all are written. errors: TLSC_E_SEQUENCE_EXHAUSTED,
 * TLSC_E_CRYPTO; TLSC_E_USAGE for too much data. */
tlsc_err tlsc_protect_seal(tlsc_protect *p, uint8_t type, uint8_t *data, size_t n);
/* The same with `padding` zeroes behind the data, which are written too; TLS 1.3's alone: else
 * TLSC_E_USAGE for any. */
tlsc_err tlsc_protect_seal_padded(tlsc_protect *p, uint8_t type, uint8_t *data, size_t n,
                                  size_t padding);

/* The same for `n` bytes at `from`, which either is `data` or lies outside of the whole record: these need
 * not be copied where the AEAD can do without. */
tlsc_err tlsc_protect_seal_from(tlsc_protect *p, uint8_t type, const uint8_t *from, uint8_t *data,
                                size_t n, size_t padding);

/* Opens in place. in: the record's five bytes of header and its body of `n` bytes behind them; there
 * is a suite. out: the content, a view into the body, and its type.
 * errors: TLSC_E_BAD_RECORD_MAC (the sequence number stays, so that skipping early data can go on),
 * TLSC_E_RECORD_OVERFLOW, TLSC_E_NO_CONTENT_TYPE, TLSC_E_SEQUENCE_EXHAUSTED. */
tlsc_err tlsc_protect_open(tlsc_protect *p, tlsc_bytes header, uint8_t *body, size_t n,
                           uint8_t *type, tlsc_bytes *content);

/* The record's number in network order, padded on the left, xor the IV: TLS 1.3's nonce (RFC 8446
 * 5.3), and ChaCha20-Poly1305's in TLS 1.2 (RFC 7905 2). */
void tlsc_protect_nonce(const tlsc_protect *p, uint8_t nonce[TLSC_AEAD_NONCE_LEN]);

#endif
