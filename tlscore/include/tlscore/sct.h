/* SPDX-License-Identifier: Apache-2.0 */
/* tlscore/sct.h: certificate transparency: the promises of logs to publish a certificate.
 *
 * They come in a TLS extension, in the certificate or in a staple. Without a list of logs they are
 * read and counted; with one their signatures are checked. RFC 6962 */
#ifndef TLSCORE_SCT_H
#define TLSCORE_SCT_H

#include "tlscore/trust.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A log that is known. */
typedef struct tlsc_ct_log {
    tlsc_bytes key;      /* DER SubjectPublicKeyInfo: ECDSA P-256 or RSA; its SHA-256 is the log's id */
    int64_t from_s;      /* promises of before don't count; 0: all do */
    int64_t until_s;     /* nor do those of from then on (a retired log); 0: all do */
} tlsc_ct_log;

/* Counted, immutable. */
typedef struct tlsc_ct_logs tlsc_ct_logs;
/* Copies a list of at most 1024 logs, none of them twice. out: one reference. errors: TLSC_E_BAD_DER, TLSC_E_UNSUPPORTED_KEY,
 * TLSC_E_USAGE, TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_ct_logs_new(const tlsc_provider *provider, const tlsc_ct_log *logs, size_t num,
                                   const tlsc_ct_logs **out);
TLSC_API const tlsc_ct_logs *tlsc_ct_logs_ref(const tlsc_ct_logs *logs);
TLSC_API void tlsc_ct_logs_free(const tlsc_ct_logs *logs);

typedef enum tlsc_sct_source {
    TLSC_SCT_EMBEDDED, /* in the certificate: the log signed its precertificate */
    TLSC_SCT_TLS,
    TLSC_SCT_OCSP
} tlsc_sct_source;

typedef enum tlsc_sct_status {
    TLSC_SCT_UNCHECKED = 0,   /* there is no list of logs */
    TLSC_SCT_VALID,
    TLSC_SCT_UNKNOWN_LOG,
    TLSC_SCT_BAD_SIGNATURE,
    TLSC_SCT_FROM_FUTURE,     /* later than now */
    TLSC_SCT_LOG_NOT_ACCEPTED, /* the log is known, but not for that time */
    TLSC_SCT_UNKNOWN_VERSION
} tlsc_sct_status;

/* One promise. Views borrow from where it came. */
typedef struct tlsc_sct {
    tlsc_sct_source source;
    tlsc_sct_status status;
    tlsc_bytes log_id;    /* 32 bytes; empty where the version is unknown */
    int64_t timestamp_ms; /* since 1970-01-01 UTC */
} tlsc_sct;

/* Where promises may be. */
typedef struct tlsc_sct_places {
    size_t size;
    tlsc_bytes certificate; /* the leaf, DER */
    tlsc_bytes issuer;      /* its issuer's certificate, DER; empty: embedded ones stay unchecked */
    tlsc_bytes tls;         /* SignedCertificateTimestampList of the TLS extension; empty: none */
    tlsc_bytes ocsp;        /* OCSPResponse, DER, verified by the caller, which says nothing if it isn't about
                               the certificate; empty: none; wants `issuer` */
    int64_t now_ms;
} tlsc_sct_places;

/* Reads all promises, in the order of tlsc_sct_source, and checks them where there are logs. in: `logs` may
 * be NULL; room for `cap` promises, more of them are counted, not written. out: how many there are.
 * errors: TLSC_E_BAD_SCT for a list that is malformed; TLSC_E_BAD_DER, TLSC_E_BAD_CERTIFICATE,
 * TLSC_E_BAD_EXTENSION for a certificate; TLSC_E_USAGE, TLSC_E_NO_MEMORY. RFC 6962 3.2, 3.3 */
TLSC_API tlsc_err tlsc_sct_read(const tlsc_provider *provider, const tlsc_ct_logs *logs,
                                const tlsc_sct_places *places, tlsc_sct *out, size_t cap, size_t *num);

#ifdef __cplusplus
}
#endif
#endif
