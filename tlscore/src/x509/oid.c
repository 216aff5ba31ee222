/* SPDX-License-Identifier: Apache-2.0 */
/* x509/oid.c: object identifiers as text. X.690 8.19 */
#include "tlscore/x509.h"
#include "wire/reader.h"
#include "x509/text.h"

/* One subidentifier: seven bits a byte, the last without its high bit. 2^56 and above is bad. */
static uint64_t arc(tlsc_rd *r)
{
    uint64_t v = 0;
    uint8_t b = 0;
    bool first = true;
    do {
        tlsc_rd_check(r, v < UINT64_C(1) << 49);
        b = tlsc_rd_u8(r);
        tlsc_rd_check(r, !first || b != 0x80); /* X.690 8.19.2: no leading zeroes */
        first = false;
        v = v << 7 | (b & 0x7fU);
    } while (b >= 0x80 && !r->bad);
    return v;
}

size_t tlsc_oid_text(tlsc_bytes oid, char *out, size_t cap)
{
    tlsc_text t = tlsc_text_of(out, cap);
    tlsc_rd r = tlsc_rd_of(oid);
    uint64_t first = arc(&r);
    uint64_t top = first < 80 ? first / 40 : 2;
    tlsc_text_number(&t, top, 1);
    tlsc_text_put(&t, '.');
    tlsc_text_number(&t, first - 40 * top, 1);
    while (tlsc_rd_more(&r)) {
        tlsc_text_put(&t, '.');
        tlsc_text_number(&t, arc(&r), 1);
    }
    if (tlsc_rd_end(&r) != TLSC_OK) {
        t.n = 0;
    }
    return tlsc_text_end(&t);
}

/* A decimal number without leading zeroes, and the dot behind it if there is one. */
static bool take_number(const char **text, uint64_t *out)
{
    const char *s = *text;
    uint64_t v = 0;
    if (*s < '0' || *s > '9' || (s[0] == '0' && s[1] >= '0' && s[1] <= '9')) {
        return false;
    }
    for (; *s >= '0' && *s <= '9'; s++) {
        v = v * 10 + (uint64_t)(*s - '0');
        if (v >= UINT64_C(1) << 56) {
            return false;
        }
    }
    if (*s == '.' && s[1] != '\0') {
        s++;
    } else if (*s != '\0') {
        return false;
    }
    *text = s;
    *out = v;
    return true;
}

static bool put_arc(uint64_t v, uint8_t *out, size_t cap, size_t *n)
{
    unsigned groups = 1;
    while (v >> 7 * groups != 0) {
        groups++;
    }
    if (groups > cap - *n) {
        return false;
    }
    while (groups-- > 0) {
        out[(*n)++] = (uint8_t)((v >> 7 * groups & 0x7f) | (groups > 0 ? 0x80U : 0));
    }
    return true;
}

size_t tlsc_oid_of_text(const char *text, uint8_t *out, size_t cap)
{
    uint64_t top;
    uint64_t v;
    size_t n = 0;
    if (!take_number(&text, &top) || top > 2 || !take_number(&text, &v) || (top < 2 && v > 39) ||
        !put_arc(40 * top + v, out, cap, &n)) {
        return 0;
    }
    while (*text != '\0') {
        if (!take_number(&text, &v) || !put_arc(v, out, cap, &n)) {
            return 0;
        }
    }
    return n;
}
