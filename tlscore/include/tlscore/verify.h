/* SPDX-License-Identifier: Apache-2.0 */
/* tlscore/verify.h: who decides whether a peer is who it should be, and what that sees and says.
 *
 * The engine itself checks that the peer holds its key (CertificateVerify, ServerKeyExchange),
 * whatever the verdict; a verifier judges the certificates alone. There is no default: a client's
 * configuration without a verifier isn't built. */
#ifndef TLSCORE_VERIFY_H
#define TLSCORE_VERIFY_H

#include "tlscore/base.h"

#ifdef __cplusplus
extern "C" {
#endif

/* CertificateType, RFC 7250 3 and RFC 6091 3.1. */
enum {
    TLSC_CERT_X509 = 0,
    TLSC_CERT_RAW_PUBLIC_KEY = 2
};

/* A list of certificates, DER, leaf first: counted and immutable, shared by any number of threads. */
typedef struct tlsc_chain tlsc_chain;

/* Copies `num` certificates into a new chain. out: one reference. errors: TLSC_E_NO_MEMORY,
 * TLSC_E_USAGE for none. */
TLSC_API tlsc_err tlsc_chain_new(const tlsc_bytes *certificates, size_t num,
                                 const tlsc_chain **out);
/* One more reference; returns its argument. */
TLSC_API const tlsc_chain *tlsc_chain_ref(const tlsc_chain *chain);
/* Gives a reference back. NULL is fine. */
TLSC_API void tlsc_chain_free(const tlsc_chain *chain);
/* How many certificates it has; at least 1. */
TLSC_API size_t tlsc_chain_len(const tlsc_chain *chain);
/* The i-th, leaf first; an empty view beyond the last. Borrowed for the chain's life. */
TLSC_API tlsc_bytes tlsc_chain_certificate(const tlsc_chain *chain, size_t i);

/* What the peer's certificate is for. */
typedef enum tlsc_purpose {
    TLSC_PURPOSE_SERVER, /* a client looks at a server's: serverAuth */
    TLSC_PURPOSE_CLIENT  /* a server looks at a client's: clientAuth */
} tlsc_purpose;

/* What a verifier is shown. Everything is borrowed until the verdict. */
typedef struct tlsc_verify_request {
    size_t size;
    const tlsc_bytes *certificates; /* DER, in the peer's order, its own first */
    size_t num_certificates;        /* 0 where a raw key was sent */
    tlsc_bytes raw_key;             /* DER SubjectPublicKeyInfo, RFC 7250; else empty */
    tlsc_purpose purpose;
    tlsc_bytes name; /* a client's: the name it connects to, as it was given; a server's: empty */
    tlsc_bytes ocsp; /* OCSPResponse, DER; empty: none was stapled. RFC 6066 8 */
    tlsc_bytes scts; /* SignedCertificateTimestampList; empty: none. RFC 6962 3.3 */
    int64_t now_ms;  /* wall time, ms since 1970-01-01 UTC; 0: the connection has no clock */
    const uint16_t *schemes; /* signature schemes that certificates may be signed with */
    size_t num_schemes;
    bool resumed;         /* the chain comes from a session, and was judged when that began */
    tlsc_err kept_error;  /* resumed: the error that was kept then, or TLSC_OK */
} tlsc_verify_request;

/* The zero state rejects. */
typedef enum tlsc_verdict_kind {
    TLSC_VERDICT_REJECT = 0,
    TLSC_VERDICT_ACCEPT,
    TLSC_VERDICT_ACCEPT_WITH_ERROR, /* goes on, and `error` is there to see in tlsc_info */
    TLSC_VERDICT_LATER              /* the handshake pauses: TLSC_WAIT_VERIFY */
} tlsc_verdict_kind;

/* What a verifier says. */
typedef struct tlsc_verdict {
    size_t size;
    tlsc_verdict_kind kind;
    tlsc_err error;   /* why it is rejected, or what was accepted nevertheless; rejected with TLSC_OK
                         counts as TLSC_E_CERTIFICATE_REJECTED */
    tlsc_alert alert; /* when rejected; TLSC_ALERT_NONE (or 0, which is no alert here): the error's own */
    int index;        /* of the certificate concerned, in the peer's order; -1: none */
    const tlsc_chain *chain; /* the verified chain, leaf first, one reference given away; or NULL */
} tlsc_verdict;

/* A verifier. It is copied; what `ctx` points at is borrowed for the configuration's life, and is used
 * by every thread that has a connection.
 * verify: fills in `*out`, which comes zeroed but for `size` and index -1. It must not block: what
 *   takes long answers TLSC_VERDICT_LATER, and then tlsc_conn_answer_verdict. NULL: always later.
 *   errors: end the handshake. */
typedef struct tlsc_verifier {
    size_t size;
    void *ctx;
    tlsc_err (*verify)(void *ctx, const tlsc_verify_request *request, tlsc_verdict *out);
} tlsc_verifier;

#ifdef __cplusplus
}
#endif
#endif
