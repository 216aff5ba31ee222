/* SPDX-License-Identifier: Apache-2.0 */
/* x509/der_out.h: writes DER from its end to its beginning, so that lengths are known when they are written.
 *
 *     size_t from = o.n;
 *     tlsc_der_put(&o, second);
 *     tlsc_der_put(&o, first);
 *     tlsc_der_wrap(&o, TLSC_DER_SEQUENCE, from);
 *
 * What doesn't fit is counted all the same. No allocation. */
#ifndef TLSC_X509_DER_OUT_H
#define TLSC_X509_DER_OUT_H

#include "tlscore/base.h"

typedef struct tlsc_der_out {
    uint8_t *p;
    size_t cap; /* bytes at `p`; what is written stands at their end */
    size_t n;   /* bytes so far, those that didn't fit too */
} tlsc_der_out;

tlsc_der_out tlsc_der_out_of(uint8_t *p, size_t cap);

/* Puts bytes as they are in front of what is there. */
void tlsc_der_put(tlsc_der_out *o, tlsc_bytes b);
/* Puts a number of `n` bytes, big-endian: lengths of other syntaxes. */
void tlsc_der_put_number(tlsc_der_out *o, uint64_t v, size_t n);
/* Makes all that was put since o->n was `from` the contents of an element. */
void tlsc_der_wrap(tlsc_der_out *o, uint8_t tag, size_t from);
/* Puts an element. */
void tlsc_der_put_element(tlsc_der_out *o, uint8_t tag, tlsc_bytes contents);

/* What was written; empty if it didn't fit. */
tlsc_bytes tlsc_der_out_bytes(const tlsc_der_out *o);

#endif
