/* SPDX-License-Identifier: Apache-2.0 */
/* x509/names.h: the names that a leaf is asked for, and those that it has. RFC 9525, RFC 6125 */
#ifndef TLSC_X509_NAMES_H
#define TLSC_X509_NAMES_H

#include "tlscore/trust.h"
#include "x509/node.h"

enum { TLSC_DNS_NAME_MAX = 253 }; /* characters without the trailing dot, RFC 1035 2.3.4 */

/* True for a DNS name as certificates and callers give it: labels of 1 to 63 letters, digits, hyphens and
 * underscores, none of which starts or ends with a hyphen, 253 characters at most, no trailing dot; the
 * last label isn't a number, which would look like an address. */
bool tlsc_dns_name_is_valid(tlsc_bytes name);

/* True if a dNSName of a certificate covers the DNS name `reference`, which is valid and without a
 * trailing dot. ASCII case doesn't count; "*" matches one whole left-most label if two more follow. A
 * malformed one covers nothing. RFC 9525 6.3 */
bool tlsc_dns_name_matches(tlsc_bytes presented, tlsc_bytes reference);

/* Letter case of ASCII doesn't count. */
bool tlsc_ascii_equal(tlsc_bytes a, tlsc_bytes b);

/* Reads an IPv4 address (4 bytes) or an IPv6 one (16 bytes) from text; 0 where it is neither. */
size_t tlsc_ip_of_text(tlsc_bytes text, uint8_t out[16]);

/* What a reference name means. */
typedef struct tlsc_reference {
    tlsc_reference_kind kind; /* DNS, IP or EMAIL */
    tlsc_bytes name;          /* DNS: without the trailing dot; EMAIL: whole */
    uint8_t ip[16];
    size_t ip_n;
} tlsc_reference;

/* errors: TLSC_E_BAD_NAME where it isn't what its kind says: a wildcard, a U-label (see
 * tlsc_host_a_labels), an empty label, ... */
tlsc_err tlsc_reference_read(const tlsc_reference_name *from, tlsc_reference *out);

/* True if the leaf has this name: in subjectAltName, or, `common_name` and only where that names neither
 * host nor address, in its last CN. */
bool tlsc_reference_matches(const tlsc_reference *r, const tlsc_node *leaf, bool common_name);

/* The leaf's common name where it stands in for a dNSName; empty: it doesn't. */
tlsc_bytes tlsc_common_name_of(const tlsc_node *leaf);

#endif
