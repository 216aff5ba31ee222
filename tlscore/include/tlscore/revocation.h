/* SPDX-License-Identifier: Apache-2.0 */
/* tlscore/revocation.h: whether a certificate was revoked: CRLs and stapled OCSP responses.
 *
 * CRLs are loaded by a builder, then frozen: counted, immutable, shared by any number of
 * configurations and threads, and by processes that fork afterwards. Of a CRL only what answers
 * questions is kept: a keyed hash of the serial number, the date, the reason. Nothing is
 * fetched from the network. RFC 5280 5, 6.3; RFC 6960 */
#ifndef TLSCORE_REVOCATION_H
#define TLSCORE_REVOCATION_H

#include "tlscore/trust.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- CRLs ---- */

typedef struct tlsc_crl_store tlsc_crl_store;
typedef struct tlsc_crl_builder tlsc_crl_builder;

/* An empty builder; NULL when memory is short or the system gives no random bytes. A CRL's signature is
 * checked once, when it is added, with the keys of `issuers`' certificates (and of those that tlsc_crl_add_issuer adds before); one
 * whose issuer isn't among them is skipped with TLSC_E_CRL_ISSUER.
 * in: the store, of which a reference is taken; `on_skip` as tlsc_trust_builder_new. */
TLSC_API tlsc_crl_builder *tlsc_crl_builder_new(const tlsc_trust_store *issuers,
                                                tlsc_trust_on_skip *on_skip, void *ctx);
TLSC_API void tlsc_crl_builder_free(tlsc_crl_builder *b);
/* A CA's certificate, DER, copied: intermediates, which aren't in the trust store. That CRLs are its own
 * says nothing of whether it is trusted. errors: TLSC_E_BAD_DER, TLSC_E_BAD_CERTIFICATE,
 * TLSC_E_BAD_EXTENSION, TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_crl_add_issuer(tlsc_crl_builder *b, tlsc_bytes der);
/* Adds one CRL, DER, not kept; of several with the same issuer, key and scope the one with the highest
 * number counts (without numbers: the latest thisUpdate). Version 2, or 1 without extensions.
 * errors: TLSC_E_BAD_DER, TLSC_E_BAD_CRL, TLSC_E_CRL_UNSUPPORTED (a delta or indirect CRL, one for some reasons
 * or for attribute certificates only, one that names its distribution point relative to its issuer, has an
 * unknown critical extension, or is signed with SHA-1 or the like), TLSC_E_CRL_ISSUER, TLSC_E_CRL_SIGNATURE,
 * TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_crl_add_der(tlsc_crl_builder *b, tlsc_bytes der);
/* All X509 CRL blocks of a PEM text; a bad one is told to `on_skip` and counted. errors: TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_crl_add_pem(tlsc_crl_builder *b, tlsc_bytes text, const char *file);
/* A file of at most 256 MiB, PEM or one CRL in DER. errors: TLSC_E_FILE, TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_crl_add_file(tlsc_crl_builder *b, const char *path);
/* All files of a directory, as tlsc_trust_add_directory. errors: TLSC_E_FILE, TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_crl_add_directory(tlsc_crl_builder *b, const char *path);
/* How many were skipped so far, and how many are in it. */
TLSC_API size_t tlsc_crl_num_skipped(const tlsc_crl_builder *b);
TLSC_API size_t tlsc_crl_num_added(const tlsc_crl_builder *b);
/* Freezes what was added; the builder may go on only to be freed. out: one reference.
 * errors: TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_crl_build(tlsc_crl_builder *b, const tlsc_crl_store **out);

TLSC_API const tlsc_crl_store *tlsc_crl_store_ref(const tlsc_crl_store *store);
/* Gives a reference back. NULL is fine. */
TLSC_API void tlsc_crl_store_free(const tlsc_crl_store *store);
/* How many CRLs are in it, and how many entries they have together. */
TLSC_API size_t tlsc_crl_store_len(const tlsc_crl_store *store);
TLSC_API size_t tlsc_crl_store_num_entries(const tlsc_crl_store *store);

/* What a CRL says of a revoked certificate. Set `size`. */
typedef struct tlsc_crl_entry {
    size_t size;
    int64_t revoked_s; /* between 1970 and 2106 */
    unsigned reason;   /* tlsc_revocation_reason */
} tlsc_crl_entry;

/* For who reports that a certificate is revoked: since when, and why. True if one of the CRLs whose issuer
 * has this name lists it, whatever their scope, key and dates. in: the issuer's Name, an element, and the
 * serial number, the INTEGER's contents: as tlsc_x509 has them. */
TLSC_API bool tlsc_crl_store_find(const tlsc_crl_store *store, tlsc_bytes issuer, tlsc_bytes serial,
                                  tlsc_crl_entry *out);

/* ---- OCSP ---- */

/* What is asked of a responder about one certificate. Borrowed during the call. */
typedef struct tlsc_ocsp_question {
    size_t size;
    tlsc_bytes certificate; /* DER */
    tlsc_bytes issuer;      /* its issuer's, DER */
    tlsc_bytes request;     /* an OCSPRequest for it, DER, without a nonce. RFC 6960 4.1 */
    tlsc_bytes url;         /* of id-ad-ocsp in authorityInfoAccess; empty: none */
} tlsc_ocsp_question;

/* Asks a responder where no staple came, also where none is needed. It must not block: it gives an OCSPResponse that it has (DER,
 * borrowed until the verdict is there), or leaves `*response` empty where there is none; it sets
 * `*later`, and the verdict is TLSC_VERDICT_LATER: whoever then has a response calls
 * tlsc_verify_chain with it as the request's `ocsp`, and answers with that verdict. */
typedef tlsc_err tlsc_ocsp_ask(void *ctx, const tlsc_ocsp_question *question, tlsc_bytes *response,
                               bool *later);

/* What is looked at. Zero it and set `size`: no CRLs; a staple is judged where there is one; a leaf with
 * must-staple needs one when a server shows it. */
struct tlsc_revocation {
    size_t size;
    const tlsc_crl_store *crls; /* NULL: none */
    bool crl_leaf_only;         /* CRLs for the leaf alone, not for each certificate but the anchor */
    bool crl_allow_unknown;     /* a certificate that no CRL covers is fine; else TLSC_E_REVOCATION_UNKNOWN */
    bool crl_allow_expired;     /* a CRL past its nextUpdate counts; else TLSC_E_CRL_EXPIRED */
    bool ignore_staple;         /* staples aren't looked at, nor is must-staple */
    bool ignore_must_staple;    /* RFC 7633's extension alone isn't */
    bool require_ocsp;          /* without a good response about the leaf there is no chain; not together with
                                   ignore_staple. A resumed session's chain, which was judged with its
                                   response, needs none, by this or by must-staple */
    unsigned ocsp_skew_s;       /* clocks may differ by so much; 0: 300 */
    tlsc_ocsp_ask *ask;         /* may be NULL */
    void *ask_ctx;
};

typedef enum tlsc_revocation_reason { /* CRLReason, RFC 5280 5.3.1 */
    TLSC_REVOKED_UNSPECIFIED = 0,
    TLSC_REVOKED_KEY_COMPROMISE = 1,
    TLSC_REVOKED_CA_COMPROMISE = 2,
    TLSC_REVOKED_AFFILIATION_CHANGED = 3,
    TLSC_REVOKED_SUPERSEDED = 4,
    TLSC_REVOKED_CESSATION = 5,
    TLSC_REVOKED_HOLD = 6,
    TLSC_REVOKED_REMOVE_FROM_CRL = 8,
    TLSC_REVOKED_PRIVILEGE_WITHDRAWN = 9,
    TLSC_REVOKED_AA_COMPROMISE = 10
} tlsc_revocation_reason;

typedef enum tlsc_ocsp_status {
    TLSC_OCSP_GOOD = 0,
    TLSC_OCSP_REVOKED = 1,
    TLSC_OCSP_UNKNOWN = 2
} tlsc_ocsp_status;

/* What a response says of one certificate. Set `size`. */
typedef struct tlsc_ocsp {
    size_t size;
    tlsc_ocsp_status status;
    int64_t produced_s;
    int64_t this_update_s;
    int64_t next_update_s;         /* 0: none */
    int64_t revoked_s;             /* revoked ones' */
    tlsc_revocation_reason reason; /* likewise */
} tlsc_ocsp;

/* Reads what an OCSPResponse says of `certificate`, whose issuer's certificate is `issuer`, and checks
 * that it is signed by that or by a responder that it delegated to, and current. All DER. For whoever
 * keeps responses: servers that staple. A response that doesn't say when there will be another counts for
 * seven days. in: `now_s` and `skew_s` in seconds, the latter 0: 300.
 * errors: TLSC_E_BAD_OCSP, TLSC_E_OCSP_UNSUCCESSFUL (tryLater and others), TLSC_E_OCSP_SIGNER,
 * TLSC_E_OCSP_SIGNATURE, TLSC_E_OCSP_OTHER (it isn't about this certificate), TLSC_E_OCSP_EXPIRED; of the
 * last `*out` is filled in. TLSC_E_BAD_DER, TLSC_E_BAD_CERTIFICATE, TLSC_E_BAD_EXTENSION for the
 * certificates, TLSC_E_VERIFY_BUDGET, TLSC_E_USAGE. Revoked and unknown are no errors. RFC 6960 3.2 */
TLSC_API tlsc_err tlsc_ocsp_check(const tlsc_provider *provider, tlsc_bytes response,
                                  tlsc_bytes certificate, tlsc_bytes issuer, int64_t now_s,
                                  unsigned skew_s, tlsc_ocsp *out);
/* An OCSPRequest for a certificate, DER, without a nonce. in: room for `cap` bytes; 512 are enough for all
 * serial numbers that RFC 5280 allows. errors: TLSC_E_TOO_SMALL, TLSC_E_BAD_DER,
 * TLSC_E_BAD_CERTIFICATE. RFC 6960 4.1.1, RFC 5019 2.1.1 */
TLSC_API tlsc_err tlsc_ocsp_request(const tlsc_provider *provider, tlsc_bytes certificate,
                                    tlsc_bytes issuer, uint8_t *out, size_t cap, size_t *len);

#ifdef __cplusplus
}
#endif
#endif
