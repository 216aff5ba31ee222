/* SPDX-License-Identifier: Apache-2.0 */
/* x509/der_out.c: DER, backwards. X.690 8.1 */
#include "x509/der_out.h"

#include "base/bytes.h"

tlsc_der_out tlsc_der_out_of(uint8_t *p, size_t cap)
{
    return (tlsc_der_out){ p, cap, 0 };
}

void tlsc_der_put(tlsc_der_out *o, tlsc_bytes b)
{
    o->n = b.n > SIZE_MAX - o->n ? SIZE_MAX : o->n + b.n;
    if (o->n <= o->cap) {
        tlsc_bytes_copy(o->p + o->cap - o->n, b);
    }
}

void tlsc_der_put_number(tlsc_der_out *o, uint64_t v, size_t n)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < n && i < sizeof(bytes); i++) {
        bytes[sizeof(bytes) - 1 - i] = (uint8_t)(v >> 8 * i);
    }
    tlsc_der_put(o, tlsc_bytes_of(bytes + sizeof(bytes) - n, n));
}

/* Short form below 128, else a byte that counts the length's bytes, X.690 10.1 */
void tlsc_der_wrap(tlsc_der_out *o, uint8_t tag, size_t from)
{
    uint64_t length = o->n - from;
    size_t num = 1;
    while (num < 8 && length >> 8 * num != 0) {
        num++;
    }
    tlsc_der_put_number(o, length, num);
    if (length >= 0x80) {
        tlsc_der_put_number(o, 0x80 + num, 1);
    }
    tlsc_der_put_number(o, tag, 1);
}

void tlsc_der_put_element(tlsc_der_out *o, uint8_t tag, tlsc_bytes contents)
{
    size_t from = o->n;
    tlsc_der_put(o, contents);
    tlsc_der_wrap(o, tag, from);
}

tlsc_bytes tlsc_der_out_bytes(const tlsc_der_out *o)
{
    return o->n <= o->cap ? tlsc_bytes_of(o->p + o->cap - o->n, o->n) : (tlsc_bytes){ NULL, 0 };
}
