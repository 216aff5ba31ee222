/* SPDX-License-Identifier: Apache-2.0 */
/* x509/dn.h: distinguished names, read strictly and compared as RFC 5280 7.1 has it.
 *
 *     Name ::= SEQUENCE OF RelativeDistinguishedName
 *     RelativeDistinguishedName ::= SET SIZE (1..MAX) OF AttributeTypeAndValue
 *     AttributeTypeAndValue ::= SEQUENCE { type OBJECT IDENTIFIER, value ANY }
 *
 * Letters' case (ASCII's, as OpenSSL has it: RFC 4518's tables of Unicode are not here), runs of spaces
 * and the type of string don't count. The order of sets does. That of attributes in a set is DER's: each
 * behind the one whose encoding is less, octet by octet (X.690 11.6), none twice (X.501 9.3). It is one of
 * encodings, and two names that are equal may have theirs in different ones: so sets are compared as sets. */
#ifndef TLSC_X509_DN_H
#define TLSC_X509_DN_H

#include "tlscore/x509.h"
#include "x509/der.h"

typedef struct tlsc_dn_walk {
    tlsc_der name;
    tlsc_der rdn;
    tlsc_bytes last; /* the attribute before, in the same set */
    bool disordered;
    size_t num_rdns; /* begun so far */
} tlsc_dn_walk;

/* Starts a walk over the attributes of a name, an element. */
tlsc_dn_walk tlsc_dn_walk_of(tlsc_bytes name);
/* The next attribute, until false; tlsc_dn_walk_end then says whether it was the end or an error. A set
 * that is out of order is an error, too, but one over which the walk goes on, so that such a name can be
 * told in full. */
bool tlsc_dn_next(tlsc_dn_walk *walk, tlsc_x509_attribute *out);
tlsc_err tlsc_dn_walk_end(const tlsc_dn_walk *walk);

/* True for a name that is DER from its first byte to its last, be it without any attribute. in: an
 * element. RFC 5280 4.1.2.4, X.690 11.6 */
bool tlsc_dn_is_well_formed(tlsc_bytes name);

/* True for a name without any attribute. in: an element. */
bool tlsc_dn_is_empty(tlsc_bytes name);

/* A hash by which equal names are found: equal names have the same one, malformed ones included. It is no
 * cryptographic one: who may choose both sides can make others equal. */
uint64_t tlsc_dn_hash(tlsc_bytes name);

/* Whether the first RDNs of `name` are those of `base`: `name` lies in the subtree of `base`, or is it.
 * Unclear: one is malformed, or has a set of so many attributes that nobody compares them. in: elements. */
typedef enum tlsc_dn_relation { TLSC_DN_OUTSIDE, TLSC_DN_WITHIN, TLSC_DN_UNCLEAR } tlsc_dn_relation;
tlsc_dn_relation tlsc_dn_relate(tlsc_bytes name, tlsc_bytes base);

/* The next character of an attribute's string as a code point. in: what is left of it.
 * out: TLSC_CHAR_END, or TLSC_CHAR_BAD where it isn't well-formed or `tag` is no string's. */
enum { TLSC_CHAR_END = -1, TLSC_CHAR_BAD = -2 };
int32_t tlsc_dn_char(tlsc_rd *r, uint8_t tag);

#endif
