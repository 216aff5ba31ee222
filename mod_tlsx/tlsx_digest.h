/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_digest.h: a hash over labelled values, by which servers are told apart. */
#ifndef TLSX_DIGEST_H
#define TLSX_DIGEST_H

#include <apr_tables.h>

#include "tlscore.h"

enum { TLSX_DIGEST_LEN = 32 };

/* Each value goes in with its length, so that no two lists of values give the same bytes. */
typedef struct tlsx_digest {
    const tlsc_hash *hash;
    _Alignas(16) uint8_t state[TLSC_HASH_STATE_MAX];
} tlsx_digest;

/* `purpose`: digests of different things differ, whatever their values are. */
tlsx_digest tlsx_digest_start(const char *purpose);
void tlsx_digest_add(tlsx_digest *d, const void *p, size_t n);
void tlsx_digest_add_number(tlsx_digest *d, unsigned number);
/* A list of uint16_t; NULL counts as empty. */
void tlsx_digest_add_ids(tlsx_digest *d, const apr_array_header_t *ids);
void tlsx_digest_end(const tlsx_digest *d, uint8_t out[TLSX_DIGEST_LEN]);

#endif
