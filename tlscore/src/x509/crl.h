/* SPDX-License-Identifier: Apache-2.0 */
/* x509/crl.h: a certificate revocation list as a view of its DER, read in one pass without a copy.
 *
 * The structure is checked strictly, the list of revoked certificates with it. Tolerated beyond RFC 5280's
 * profile, since lists in use are so: version 1 without extensions (which `openssl ca -gencrl` makes unless
 * told otherwise), no nextUpdate, no crlNumber, an empty list of revoked certificates, the reason
 * "unspecified" where nothing should stand, an issuingDistributionPoint that isn't critical. */
#ifndef TLSC_X509_CRL_H
#define TLSC_X509_CRL_H

#include "x509/der.h"

/* "Element" is a DER element with its header. All views borrow from the input. */
typedef struct tlsc_crl {
    tlsc_bytes tbs;       /* element: what is signed */
    uint16_t scheme;      /* that it is signed with */
    tlsc_bytes signature; /* the bit string's bytes */
    unsigned version;     /* 1 or 2 */
    tlsc_bytes issuer;    /* element, a Name */
    int64_t this_update_s;
    bool has_next_update;
    int64_t next_update_s;
    tlsc_bytes revoked; /* contents of revokedCertificates, for tlsc_crl_walk_of */
    size_t num_revoked;
    bool has_number;
    tlsc_bytes number; /* crlNumber, big-endian without leading zeros, at most TLSC_CRL_NUMBER_MAX bytes */
    tlsc_bytes authority_key_id; /* empty: none */

    /* its scope, from issuingDistributionPoint */
    bool has_points;
    tlsc_bytes points; /* contents of fullName's GeneralNames */
    bool only_users;
    bool only_cas;
} tlsc_crl;

enum { TLSC_CRL_NUMBER_MAX = 20 }; /* bytes, RFC 5280 5.2.3 */

/* Parses a CRL. in: `der`, borrowed for `*out`'s life, nothing behind the CRL.
 * errors: TLSC_E_BAD_DER where it is not one DER SEQUENCE; TLSC_E_BAD_CRL; TLSC_E_CRL_UNSUPPORTED for one
 * that is well-formed as far as it was read and of a kind that isn't served; then `*out` is zero.
 * RFC 5280 5.1 */
tlsc_err tlsc_crl_parse(tlsc_crl *out, tlsc_bytes der);

/* One revoked certificate. */
typedef struct tlsc_crl_revoked {
    tlsc_bytes serial; /* the INTEGER's contents, minimal, of any sign */
    int64_t date_s;
    unsigned reason; /* CRLReason; 0: unspecified */
} tlsc_crl_revoked;

typedef struct tlsc_crl_walk {
    tlsc_der d;
    unsigned version;
    bool unsupported;
} tlsc_crl_walk;

/* Starts a walk over a CRL's revoked certificates. */
tlsc_crl_walk tlsc_crl_walk_of(const tlsc_crl *crl);
/* The next one, until false. tlsc_crl_parse has checked them all. RFC 5280 5.3 */
bool tlsc_crl_next(tlsc_crl_walk *walk, tlsc_crl_revoked *out);

#endif
