/* SPDX-License-Identifier: Apache-2.0 */
/* x509/der.h: a strict DER reader on top of wire/reader.h, and as sticky: a bad read makes it bad
 * for good and yields nothing, so that a parser reads like its ASN.1 and asks once, at the end.
 *
 * Strict: one byte of tag, definite and minimal lengths of at most 2^32 - 1, minimal INTEGERs,
 * primitive strings, TRUE as 0xff (X.690 10, 11). No allocation, no recursion; nesting is bounded
 * by TLSC_DER_LEVELS. What is tolerated beyond DER is written at the function that does so. Views
 * borrow from the input. */
#ifndef TLSC_X509_DER_H
#define TLSC_X509_DER_H

#include "wire/reader.h"

/* Identifier octets, X.690 8.1.2: class, constructed bit and number in one byte. */
enum {
    TLSC_DER_BOOLEAN = 0x01,
    TLSC_DER_INTEGER = 0x02,
    TLSC_DER_BIT_STRING = 0x03,
    TLSC_DER_OCTET_STRING = 0x04,
    TLSC_DER_NULL = 0x05,
    TLSC_DER_OID = 0x06,
    TLSC_DER_UTC_TIME = 0x17,
    TLSC_DER_GENERALIZED_TIME = 0x18,
    TLSC_DER_SEQUENCE = 0x30,
    TLSC_DER_SET = 0x31,
    TLSC_DER_CONTEXT = 0x80,            /* [n] IMPLICIT of something primitive: CONTEXT | n */
    TLSC_DER_CONTEXT_CONSTRUCTED = 0xa0 /* [n] EXPLICIT, or IMPLICIT of a SEQUENCE */
};

/* How deep tlsc_der_enter goes: a Name needs five levels from its certificate's outside. */
enum { TLSC_DER_LEVELS = 16 };

typedef struct tlsc_der {
    tlsc_rd r;
    uint8_t levels; /* how many more may be entered */
} tlsc_der;

tlsc_der tlsc_der_of(tlsc_bytes b);

/* True if the next element has this tag; reads nothing. For OPTIONAL, DEFAULT and CHOICE. */
bool tlsc_der_next_is(const tlsc_der *d, uint8_t tag);

/* The contents of the next element, which must have this tag. */
tlsc_bytes tlsc_der_get(tlsc_der *d, uint8_t tag);
/* The same with its identifier and length in front: what gets signed, hashed or compared. */
tlsc_bytes tlsc_der_raw(tlsc_der *d, uint8_t tag);
/* The contents of the next element and its tag, whatever that is. Universal tags must have the form
 * that DER gives them (only SEQUENCE and SET are constructed). */
tlsc_bytes tlsc_der_any(tlsc_der *d, uint8_t *tag);

/* A reader for the inside of the next element, which must have this tag. Hand it to tlsc_der_leave
 * when done. */
tlsc_der tlsc_der_enter(tlsc_der *d, uint8_t tag);
/* Makes `d` bad unless `inside` was read well, to its end. */
void tlsc_der_leave(tlsc_der *d, const tlsc_der *inside);

/* BOOLEAN: 0x00 or 0xff. */
bool tlsc_der_boolean(tlsc_der *d);
/* INTEGER of any sign and size: its contents, two's complement, minimal, at least a byte. */
tlsc_bytes tlsc_der_integer(tlsc_der *d);
/* INTEGER that must not be negative, big-endian without the sign's zero byte; empty for 0. */
tlsc_bytes tlsc_der_unsigned(tlsc_der *d);
/* INTEGER that must not be negative and must fit. */
uint64_t tlsc_der_u64(tlsc_der *d);
/* BIT STRING: its bytes; `*unused` low bits of the last are no part of it and must be zero. */
tlsc_bytes tlsc_der_bit_string(tlsc_der *d, uint8_t *unused);
/* BIT STRING that holds whole bytes: keys and signatures. */
tlsc_bytes tlsc_der_bit_string_bytes(tlsc_der *d);
/* OBJECT IDENTIFIER: its contents, well-formed. Compare with tlsc_bytes_equal. */
tlsc_bytes tlsc_der_oid(tlsc_der *d);
/* NULL. */
void tlsc_der_null(tlsc_der *d);
/* CHOICE { utcTime UTCTime, generalTime GeneralizedTime } in the forms of RFC 5280 4.1.2.5: with
 * seconds, without fractions, ending in Z. Seconds since 1970-01-01 UTC, negative before. A
 * GeneralizedTime before 2050 is tolerated, as every other reader does. */
int64_t tlsc_der_time(tlsc_der *d);

/* Makes the reader bad unless `holds`. */
void tlsc_der_check(tlsc_der *d, bool holds);
/* True while there is something left and nothing went wrong. */
bool tlsc_der_more(const tlsc_der *d);
/* TLSC_E_BAD_DER unless every read was good and nothing is left. */
tlsc_err tlsc_der_end(const tlsc_der *d);

#endif
