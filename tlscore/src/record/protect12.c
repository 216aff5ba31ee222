/* SPDX-License-Identifier: Apache-2.0 */
/* record/protect12.c: GenericAEADCipher, sealed in place or from elsewhere, opened in place. */
#include "record/protect12.h"

#include <string.h>

#include "base/bytes.h"
#include "base/try.h"
#include "tlscore/conn.h"
#include "wire/record_header.h"

enum { ADDITIONAL_DATA = 13 };

size_t tlsc_protect12_iv_len(const tlsc_suite *suite)
{
    return (size_t)TLSC_AEAD_NONCE_LEN - suite->explicit_nonce_len;
}

tlsc_err tlsc_protect12_start(tlsc_protect *p, const tlsc_suite *suite, const uint8_t *key,
                              const uint8_t *iv)
{
    tlsc_protect_clear(p);
    TRY(suite->aead->init(p->aead, key));
    memcpy(p->iv, iv, tlsc_protect12_iv_len(suite));
    p->suite = suite;
    return TLSC_OK;
}

/* additional_data = seq_num + TLSCompressed.type + .version + .length;   RFC 5246 6.2.3.3 */
static tlsc_bytes additional_data(const tlsc_protect *p, uint8_t type, size_t n,
                                  uint8_t out[ADDITIONAL_DATA])
{
    tlsc_record_header h = { type, TLSC_TLS12, (uint16_t)n };
    tlsc_bytes_put_u64(out, p->seq);
    tlsc_record_header_write(out + 8, &h);
    return tlsc_bytes_of(out, ADDITIONAL_DATA);
}

/* GCM's nonce is the fixed IV and the explicit part, which is the record's number: unique, and one
 * less thing to be random. RFC 5288 3 */
static void make_nonce(const tlsc_protect *p, const uint8_t *explicit_part,
                       uint8_t nonce[TLSC_AEAD_NONCE_LEN])
{
    size_t fixed = tlsc_protect12_iv_len(p->suite);
    if (p->suite->explicit_nonce_len == 0) {
        tlsc_protect_nonce(p, nonce);
        return;
    }
    memcpy(nonce, p->iv, fixed);
    memcpy(nonce + fixed, explicit_part, p->suite->explicit_nonce_len);
}

static tlsc_bytes start_record(tlsc_protect *p, uint8_t type, uint8_t *data, size_t n,
                               uint8_t nonce[TLSC_AEAD_NONCE_LEN], uint8_t ad[ADDITIONAL_DATA])
{
    size_t explicit_len = p->suite->explicit_nonce_len;
    uint8_t explicit_part[8];
    tlsc_record_header h = { type, TLSC_TLS12, (uint16_t)(explicit_len + n + TLSC_AEAD_TAG_LEN) };
    tlsc_bytes_put_u64(explicit_part, p->seq);
    memcpy(data - explicit_len, explicit_part, explicit_len);
    tlsc_record_header_write(data - explicit_len - TLSC_RECORD_HEADER, &h);
    make_nonce(p, explicit_part, nonce);
    tlsc_bytes additional = additional_data(p, type, n, ad);
    p->seq++;
    return additional;
}

tlsc_err tlsc_protect12_seal(tlsc_protect *p, uint8_t type, uint8_t *data, size_t n)
{
    uint8_t ad[ADDITIONAL_DATA];
    uint8_t nonce[TLSC_AEAD_NONCE_LEN];
    tlsc_bytes additional = start_record(p, type, data, n, nonce, ad);
    return p->suite->aead->seal(p->aead, nonce, additional, data, n);
}

tlsc_err tlsc_protect12_seal_from(tlsc_protect *p, uint8_t type, tlsc_bytes text, uint8_t *data)
{
    uint8_t ad[ADDITIONAL_DATA];
    uint8_t nonce[TLSC_AEAD_NONCE_LEN];
    tlsc_bytes additional = start_record(p, type, data, text.n, nonce, ad);
    return p->suite->aead->seal_from(p->aead, nonce, additional, data, text, tlsc_bytes_of(NULL, 0));
}

tlsc_err tlsc_protect12_open(tlsc_protect *p, tlsc_bytes header, uint8_t *body, size_t n,
                             uint8_t *type, tlsc_bytes *content)
{
    size_t explicit_len = p->suite->explicit_nonce_len;
    uint8_t ad[ADDITIONAL_DATA];
    uint8_t nonce[TLSC_AEAD_NONCE_LEN];
    tlsc_record_header h;
    TRY(tlsc_record_header_parse(&h, header));
    if (n < explicit_len + TLSC_AEAD_TAG_LEN) {
        return TLSC_E_BAD_RECORD_MAC;
    }
    size_t plain = n - explicit_len - TLSC_AEAD_TAG_LEN;
    if (plain > TLSC_MAX_PLAINTEXT) {
        return TLSC_E_RECORD_OVERFLOW;
    }
    make_nonce(p, body, nonce);
    TRY(p->suite->aead->open(p->aead, nonce, additional_data(p, h.type, plain, ad),
                             body + explicit_len, n - explicit_len));
    p->seq++;
    *type = h.type;
    *content = tlsc_bytes_of(body + explicit_len, plain);
    return TLSC_OK;
}
