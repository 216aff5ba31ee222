/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_digest.c: a hash over labelled values. */
#include "tlsx_digest.h"

#include <string.h>

#include <apr_strings.h>

tlsx_digest tlsx_digest_start(const char *purpose)
{
    tlsx_digest d = {.hash = tlsc_provider_default()->ticket_hash};

    d.hash->init(d.state);
    d.hash->update(d.state, (tlsc_bytes){(const uint8_t *)purpose, strlen(purpose) + 1});
    return d;
}

void tlsx_digest_add(tlsx_digest *d, const void *p, size_t n)
{
    uint8_t len[4] = {(uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n};

    d->hash->update(d->state, (tlsc_bytes){len, sizeof(len)});
    d->hash->update(d->state, (tlsc_bytes){p, n});
}

void tlsx_digest_add_number(tlsx_digest *d, unsigned number)
{
    char text[12];
    int n = apr_snprintf(text, sizeof(text), "%u", number);

    tlsx_digest_add(d, text, (size_t)n);
}

void tlsx_digest_add_ids(tlsx_digest *d, const apr_array_header_t *ids)
{
    tlsx_digest_add_number(d, ids ? (unsigned)ids->nelts : 0);
    for (int i = 0; ids && i < ids->nelts; i++) {
        tlsx_digest_add_number(d, APR_ARRAY_IDX(ids, i, uint16_t));
    }
}

void tlsx_digest_end(const tlsx_digest *d, uint8_t out[TLSX_DIGEST_LEN])
{
    uint8_t full[TLSC_HASH_MAX] = {0};

    d->hash->final(d->state, full);
    memcpy(out, full, TLSX_DIGEST_LEN);
}
