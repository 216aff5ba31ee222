/* SPDX-License-Identifier: Apache-2.0 */
/* record/deframe.c: bytes to records. */
#include "record/deframe.h"

#include <string.h>

#include "base/bytes.h"
#include "base/try.h"
#include "tlscore/conn.h"
#include "wire/enums.h"
#include "wire/reader.h"

enum { MAX_CIPHERTEXT = TLSC_MAX_PLAINTEXT + 256 /* RFC 8446 5.2 */ };

/* The first five bytes of a request that took TLS for plain HTTP; "PRI *" opens HTTP/2. */
static bool looks_like_http(tlsc_bytes five)
{
    static const char *const methods[] = { "GET /", "POST ", "HEAD ", "PUT /", "PUT h", "GET h",
                                           "DELET", "OPTIO", "PATCH", "TRACE", "CONNE", "PRI *",
                                           "PROPF", "MKCOL", "REPOR" };
    for (size_t i = 0; i < TLSC_COUNT(methods); i++) {
        if (tlsc_bytes_equal(five, tlsc_bytes_of(methods[i], TLSC_RECORD_HEADER))) {
            return true;
        }
    }
    return false;
}

static tlsc_err check_first(const tlsc_record_header *h, tlsc_bytes five)
{
    if (h->type >= TLSC_CT_CHANGE_CIPHER_SPEC && h->type <= TLSC_CT_APPLICATION_DATA &&
        h->version >> 8 == 3) {
        return TLSC_OK;
    }
    if (looks_like_http(five)) {
        return TLSC_E_HTTP_REQUEST;
    }
    /* a TLS record of a strange version is answered as such */
    return h->type == TLSC_CT_HANDSHAKE ? TLSC_E_RECORD_VERSION : TLSC_E_NOT_TLS;
}

/* legacy_record_version is ignored but for its first byte, which was 3 since SSL 3.0: anything else
 * isn't a record header, whatever it is. RFC 8446 5.1 */
static tlsc_err check(const tlsc_record_header *h, bool sealed)
{
    if (h->type < TLSC_CT_CHANGE_CIPHER_SPEC || h->type > TLSC_CT_APPLICATION_DATA) {
        return TLSC_E_RECORD_TYPE;
    }
    if (h->version >> 8 != 3) {
        return TLSC_E_RECORD_VERSION;
    }
    bool is_sealed = sealed || h->type == TLSC_CT_APPLICATION_DATA; /* early data comes before keys */
    if (h->length > (is_sealed ? MAX_CIPHERTEXT : TLSC_MAX_PLAINTEXT)) {
        return TLSC_E_RECORD_OVERFLOW;
    }
    return TLSC_OK;
}

tlsc_err tlsc_deframe(tlsc_deframed *out, tlsc_bytes buf, bool first, bool sealed)
{
    memset(out, 0, sizeof(*out));
    if (buf.n < TLSC_RECORD_HEADER) {
        out->needed = TLSC_RECORD_HEADER - buf.n;
        return TLSC_OK;
    }
    tlsc_rd r = tlsc_rd_of(buf);
    tlsc_bytes five = tlsc_rd_bytes(&r, TLSC_RECORD_HEADER);
    TRY(tlsc_record_header_parse(&out->header, five));
    if (first) {
        TRY(check_first(&out->header, five));
    }
    TRY(check(&out->header, sealed));
    size_t size = (size_t)TLSC_RECORD_HEADER + out->header.length;
    if (buf.n < size) {
        out->needed = size - buf.n;
    } else {
        out->size = size;
    }
    return TLSC_OK;
}
