/* SPDX-License-Identifier: Apache-2.0 */
/* record/protect13.c: TLSCiphertext, sealed in place or from elsewhere, opened in place. */
#include "record/protect13.h"

#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "keys/schedule13.h"
#include "tlscore/conn.h"
#include "wire/enums.h"
#include "wire/record_header.h"

tlsc_err tlsc_protect13_start(tlsc_protect *p, const tlsc_suite *suite, const tlsc_secret *secret)
{
    uint8_t key[TLSC_AEAD_KEY_MAX] = { 0 };
    tlsc_secret copy = *secret; /* may be p's own */
    tlsc_protect_clear(p);
    tlsc_err rc = tlsc_traffic_keys13(suite, &copy, key, p->iv);
    if (rc == TLSC_OK) {
        rc = suite->aead->init(p->aead, key);
    }
    if (rc == TLSC_OK) {
        p->suite = suite;
        p->secret = copy;
    } else {
        tlsc_wipe(p->iv, sizeof(p->iv));
    }
    tlsc_wipe(key, sizeof(key));
    tlsc_secret_clear(&copy);
    return rc;
}

tlsc_err tlsc_protect13_update(tlsc_protect *p)
{
    const tlsc_suite *suite = p->suite;
    TRY(tlsc_traffic_next13(suite->hash, &p->secret));
    return tlsc_protect13_start(p, suite, &p->secret);
}

/* struct { ContentType opaque_type = application_data; ProtocolVersion legacy_record_version = 0x0303;
 *          uint16 length; opaque encrypted_record[length]; } TLSCiphertext;
 * around struct { opaque content[n]; ContentType type; uint8 zeros[]; } TLSInnerPlaintext;
 * The header is the additional data. */
static tlsc_bytes start_record(tlsc_protect *p, uint8_t *data, size_t inner_len,
                               uint8_t nonce[TLSC_AEAD_NONCE_LEN])
{
    uint8_t *header = data - TLSC_SEAL13_HEAD;
    tlsc_record_header h = { TLSC_CT_APPLICATION_DATA, TLSC_TLS12,
                             (uint16_t)(inner_len + TLSC_AEAD_TAG_LEN) };
    tlsc_record_header_write(header, &h);
    tlsc_protect_nonce(p, nonce);
    p->seq++;
    return tlsc_bytes_of(header, TLSC_SEAL13_HEAD);
}

tlsc_err tlsc_protect13_seal(tlsc_protect *p, uint8_t type, uint8_t *data, size_t n,
                             size_t padding)
{
    uint8_t nonce[TLSC_AEAD_NONCE_LEN];
    size_t inner_len = n + 1 + padding;
    tlsc_bytes header = start_record(p, data, inner_len, nonce);
    data[n] = type;
    memset(data + n + 1, 0, padding);
    return p->suite->aead->seal(p->aead, nonce, header, data, inner_len);
}

tlsc_err tlsc_protect13_seal_from(tlsc_protect *p, uint8_t type, tlsc_bytes text, uint8_t *data)
{
    uint8_t nonce[TLSC_AEAD_NONCE_LEN];
    tlsc_bytes header = start_record(p, data, text.n + 1, nonce);
    return p->suite->aead->seal_from(p->aead, nonce, header, data, text, tlsc_bytes_of(&type, 1));
}

tlsc_err tlsc_protect13_open(tlsc_protect *p, tlsc_bytes header, uint8_t *body, size_t n,
                             uint8_t *type, tlsc_bytes *content)
{
    if (n < TLSC_AEAD_TAG_LEN + 1) {
        return TLSC_E_BAD_RECORD_MAC;
    }
    uint8_t nonce[TLSC_AEAD_NONCE_LEN];
    tlsc_protect_nonce(p, nonce);
    TRY(p->suite->aead->open(p->aead, nonce, header, body, n));
    p->seq++;
    n -= TLSC_AEAD_TAG_LEN;
    if (n > TLSC_MAX_PLAINTEXT + 1) {
        return TLSC_E_RECORD_OVERFLOW;
    }
    while (n > 0 && body[n - 1] == 0) {
        n--;
    }
    if (n == 0) {
        return TLSC_E_NO_CONTENT_TYPE;
    }
    *type = body[n - 1];
    *content = tlsc_bytes_of(body, n - 1);
    return TLSC_OK;
}
