/* SPDX-License-Identifier: Apache-2.0 */
/* record/protect.c: what both versions share, and the choice between them. */
#include "record/protect.h"

#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "record/protect12.h"
#include "record/protect13.h"
#include "tlscore/conn.h"
#include "wire/record_header.h"

void tlsc_protect_clear(tlsc_protect *p)
{
    if (p->suite != NULL) {
        p->suite->aead->clear(p->aead);
    }
    tlsc_wipe(p, sizeof(*p));
}

static bool is_12(const tlsc_protect *p)
{
    return p->suite->version == TLSC_TLS12;
}

size_t tlsc_protect_head(const tlsc_protect *p)
{
    return p->suite == NULL || !is_12(p) ? TLSC_RECORD_HEADER
                                         : (size_t)TLSC_RECORD_HEADER + p->suite->explicit_nonce_len;
}

size_t tlsc_protect_tail(const tlsc_protect *p)
{
    if (p->suite == NULL) {
        return 0;
    }
    return is_12(p) ? TLSC_AEAD_TAG_LEN : TLSC_SEAL13_TAIL;
}

tlsc_err tlsc_protect_seal(tlsc_protect *p, uint8_t type, uint8_t *data, size_t n)
{
    return tlsc_protect_seal_padded(p, type, data, n, 0);
}

tlsc_err tlsc_protect_seal_padded(tlsc_protect *p, uint8_t type, uint8_t *data, size_t n,
                                  size_t padding)
{
    bool pads = p->suite != NULL && !is_12(p);
    if (n > TLSC_MAX_PLAINTEXT || padding > (pads ? TLSC_MAX_PLAINTEXT - n : 0)) {
        return TLSC_E_USAGE;
    }
    if (p->suite == NULL) {
        tlsc_record_header h = { type, TLSC_TLS12, (uint16_t)n };
        tlsc_record_header_write(data - TLSC_RECORD_HEADER, &h);
        return TLSC_OK;
    }
    if (p->seq == UINT64_MAX) {
        return TLSC_E_SEQUENCE_EXHAUSTED;
    }
    return is_12(p) ? tlsc_protect12_seal(p, type, data, n)
                    : tlsc_protect13_seal(p, type, data, n, padding);
}

/* Padding goes the ordinary way: it is content, too, and long. */
static bool can_seal_from(const tlsc_protect *p, const uint8_t *from, const uint8_t *data, size_t n,
                          size_t padding)
{
    return from != data && n > 0 && n <= TLSC_MAX_PLAINTEXT && padding == 0 && p->suite != NULL &&
           p->suite->aead->seal_from != NULL && p->seq != UINT64_MAX;
}

tlsc_err tlsc_protect_seal_from(tlsc_protect *p, uint8_t type, const uint8_t *from, uint8_t *data,
                                size_t n, size_t padding)
{
    if (can_seal_from(p, from, data, n, padding)) {
        tlsc_bytes text = tlsc_bytes_of(from, n);
        return is_12(p) ? tlsc_protect12_seal_from(p, type, text, data)
                        : tlsc_protect13_seal_from(p, type, text, data);
    }
    if (from != data && n <= TLSC_MAX_PLAINTEXT) {
        tlsc_bytes_copy(data, tlsc_bytes_of(from, n));
    }
    return tlsc_protect_seal_padded(p, type, data, n, padding);
}

tlsc_err tlsc_protect_open(tlsc_protect *p, tlsc_bytes header, uint8_t *body, size_t n,
                           uint8_t *type, tlsc_bytes *content)
{
    if (p->seq == UINT64_MAX) {
        return TLSC_E_SEQUENCE_EXHAUSTED;
    }
    return is_12(p) ? tlsc_protect12_open(p, header, body, n, type, content)
                    : tlsc_protect13_open(p, header, body, n, type, content);
}

void tlsc_protect_nonce(const tlsc_protect *p, uint8_t nonce[TLSC_AEAD_NONCE_LEN])
{
    tlsc_bytes_put_u64(nonce, tlsc_bytes_u64(p->iv) ^ p->seq >> 32);
    tlsc_bytes_put_u32(nonce + 8, tlsc_bytes_u32(p->iv + 8) ^ (uint32_t)p->seq);
}
