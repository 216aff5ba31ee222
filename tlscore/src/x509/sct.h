/* SPDX-License-Identifier: Apache-2.0 */
/* x509/sct.h: signed certificate timestamps: lists of them, and whether a log signed one. RFC 6962 3.2, 3.3 */
#ifndef TLSC_X509_SCT_H
#define TLSC_X509_SCT_H

#include <stdatomic.h>

#include "tlscore/sct.h"
#include "x509/certificate.h"
#include "x509/spki.h"
#include "x509/work.h"

enum { TLSC_CT_ID_LEN = 32, TLSC_CT_LOGS_MAX = 1024 };

typedef struct tlsc_ct_known {
    uint8_t id[TLSC_CT_ID_LEN]; /* SHA-256 of `key` */
    tlsc_bytes key;
    tlsc_spki_kind kind; /* TLSC_SPKI_P256 or TLSC_SPKI_RSA */
    uint32_t weight;
    int64_t from_s;
    int64_t until_s; /* INT64_MAX: none */
} tlsc_ct_known;

/* Immutable but for the count behind `refs`, which is why that is a pointer. */
struct tlsc_ct_logs {
    atomic_uint *refs;
    void *memory; /* the one block that holds it, the count, the logs and their keys */
    const tlsc_ct_known *known; /* sorted by id */
    size_t num;
};

/* What promises are about, and what they are held against. */
typedef struct tlsc_sct_terms {
    const tlsc_provider *provider;
    const tlsc_ct_logs *logs; /* NULL: nothing is checked */
    const tlsc_certificate *leaf;
    tlsc_bytes issuer_key; /* its issuer's SubjectPublicKeyInfo; empty: embedded ones stay unchecked */
    int64_t now_ms;
    tlsc_work *work; /* what signatures may cost */
} tlsc_sct_terms;

/* Told of each promise. in: the log's place in the list; the list's length where it isn't known. */
typedef void tlsc_sct_tell(void *ctx, const tlsc_sct *sct, size_t log);

/* Reads a SignedCertificateTimestampList with its length in front.
 * errors: TLSC_E_BAD_SCT, TLSC_E_VERIFY_BUDGET, TLSC_E_NO_MEMORY. */
tlsc_err tlsc_sct_list_read(const tlsc_sct_terms *terms, tlsc_sct_source source, tlsc_bytes list,
                            tlsc_sct_tell *tell, void *ctx);
/* The same for one that is wrapped into an OCTET STRING: an extension's value. */
tlsc_err tlsc_sct_extension_read(const tlsc_sct_terms *terms, tlsc_sct_source source,
                                 tlsc_bytes value, tlsc_sct_tell *tell, void *ctx);

/* The value of the certificate's extension with embedded promises; empty: none. */
tlsc_bytes tlsc_sct_embedded(const tlsc_certificate *c);

#endif
