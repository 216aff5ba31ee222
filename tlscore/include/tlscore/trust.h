/* SPDX-License-Identifier: Apache-2.0 */
/* tlscore/trust.h: whom we trust, and whether a certificate chain leads there.
 *
 * A trust store is filled by a builder, then frozen: counted, immutable, shared by any number of
 * configurations and threads. Nothing is fetched from the network, and nobody's clock is read: the time
 * is the caller's.
 *
 * Every certificate in a store is an anchor, self-signed or not (OpenSSL wants self-signed ones unless
 * told otherwise: see `only_self_signed`). An anchor's own signature is never checked; how much else
 * of it counts, `anchors` says. An anchor of version 3 issues certificates only if it says that it is
 * a CA: a leaf in the store vouches for nobody else.
 *
 * Whatever is read must be DER (X.690 10, 11), the order of attributes in a set of a name included. What is
 * taken beyond that, since certificates in use have it:
 *   - the serial number of an anchor may be 0, negative or longer than 20 bytes (RFC 5280 4.1.2.2)
 *   - FALSE may be spelled out in basicConstraints and as `critical`, DEFAULTs that DER leaves out
 *   - so may the version of an OCSP response (RFC 6960 4.2.1)
 *   - keyUsage may end in zero bits
 *   - strings in names may be T61Strings, read as ISO 8859-1, and BMPStrings
 *   - the parameters of an RSA signature may be absent (RFC 4055 5)
 *   - a GeneralizedTime may say what a UTCTime can (RFC 5280 4.1.2.5) */
#ifndef TLSCORE_TRUST_H
#define TLSCORE_TRUST_H

#include "tlscore/config.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- trust stores ---- */

typedef struct tlsc_trust_store tlsc_trust_store;
typedef struct tlsc_trust_builder tlsc_trust_builder;

/* An entry that was skipped. Borrowed during the call. */
typedef struct tlsc_trust_skip {
    size_t size;
    const char *file;      /* NULL: it wasn't a file */
    tlsc_cert_where where; /* its PEM block and line */
    tlsc_err error;
} tlsc_trust_skip;
typedef void tlsc_trust_on_skip(void *ctx, const tlsc_trust_skip *skip);

/* An empty builder; NULL when memory is short. in: `on_skip`, called for each entry that is skipped, may
 * be NULL; the provider is borrowed for the life of every store made from it. */
TLSC_API tlsc_trust_builder *tlsc_trust_builder_new(const tlsc_provider *provider,
                                                    tlsc_trust_on_skip *on_skip, void *ctx);
TLSC_API void tlsc_trust_builder_free(tlsc_trust_builder *b);

/* Adds one certificate, DER, copied; one that is there already isn't added again. What follows it as
 * OpenSSL's TRUSTED CERTIFICATE has it is honoured: purposes that it is trusted for, or not.
 * errors: TLSC_E_BAD_DER, TLSC_E_BAD_CERTIFICATE, TLSC_E_UNSUPPORTED_KEY, TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_trust_add_der(tlsc_trust_builder *b, tlsc_bytes der);
/* Adds the CERTIFICATE and TRUSTED CERTIFICATE blocks of a PEM text; a bad one is told to `on_skip`
 * and counted. in: `file` names the text to `on_skip`, or NULL. errors: TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_trust_add_pem(tlsc_trust_builder *b, tlsc_bytes text, const char *file);
/* The same from a PEM file of at most 64 MiB. errors: TLSC_E_FILE where it can't be read. */
TLSC_API tlsc_err tlsc_trust_add_file(tlsc_trust_builder *b, const char *path);
/* The same from all files of a directory, in the order of their names, hidden ones left out. A file that
 * can't be read is skipped and counted. errors: TLSC_E_FILE where the directory can't be read. */
TLSC_API tlsc_err tlsc_trust_add_directory(tlsc_trust_builder *b, const char *path);
/* What the system trusts: SSL_CERT_FILE and SSL_CERT_DIR (directories separated by colons) where one
 * of them is set and isn't empty, else the first bundle or directory that is where the
 * distributions keep it. errors: TLSC_E_FILE where there is none. */
TLSC_API tlsc_err tlsc_trust_add_system(tlsc_trust_builder *b);
/* How many entries were skipped so far, and how many certificates are in it. */
TLSC_API size_t tlsc_trust_num_skipped(const tlsc_trust_builder *b);
TLSC_API size_t tlsc_trust_num_added(const tlsc_trust_builder *b);
/* Freezes what was added; the builder may go on. An empty store is fine and trusts nobody.
 * out: one reference. errors: TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_trust_build(const tlsc_trust_builder *b, const tlsc_trust_store **out);

TLSC_API const tlsc_trust_store *tlsc_trust_store_ref(const tlsc_trust_store *store);
/* Gives a reference back. NULL is fine. */
TLSC_API void tlsc_trust_store_free(const tlsc_trust_store *store);
TLSC_API size_t tlsc_trust_store_len(const tlsc_trust_store *store);
/* The i-th anchor's DER, in no particular order; an empty view beyond the last. Borrowed for the store's
 * life. Its subjects are the hints that tlsc_config_set_ca_names takes. */
TLSC_API tlsc_bytes tlsc_trust_store_certificate(const tlsc_trust_store *store, size_t i);

/* ---- how chains are judged ---- */

/* What of an anchor counts beyond its name and key. */
typedef enum tlsc_anchor_rules {
    TLSC_ANCHORS_CHECKED,  /* its dates, pathLen, extended key usage, key usage, name constraints */
    TLSC_ANCHORS_NAME_KEY  /* nothing: RFC 5280 6.1.1 (d), and what webpki does but for constraints */
} tlsc_anchor_rules;

/* How hard a chain may make us work. A signature with P-256 or Ed25519 counts 1, P-384 10, P-521 24,
 * RSA 1 up to 3072 bits, 2 up to 4096, 8 above. */
typedef struct tlsc_verify_budget {
    uint32_t signatures; /* weighted; 0: 300 */
    uint32_t steps;      /* candidates looked at; 0: 20,000 */
    uint32_t comparisons; /* of names with constraints, of names and policies with each other; 0: 250,000 */
    uint32_t bytes;      /* of names that are compared or converted; 0: 2 MiB */
} tlsc_verify_budget;

/* A name that a leaf must have. */
typedef enum tlsc_reference_kind {
    TLSC_REFERENCE_HOST, /* a DNS name in A-label form, or an IP address as text */
    TLSC_REFERENCE_DNS,
    TLSC_REFERENCE_IP,   /* text */
    TLSC_REFERENCE_EMAIL /* the part before the @ counts by exact bytes */
} tlsc_reference_kind;

typedef struct tlsc_reference_name {
    tlsc_reference_kind kind;
    tlsc_bytes text;
} tlsc_reference_name;

/* The A-label form of a host name in UTF-8, as advice for whoever gave a U-label, which is refused: what
 * is looked up and what is verified must be the same, and mapping is the caller's. ASCII letters become
 * lower-case, others stay what they are (no UTS 46). out: the length, as tlsc_oid_text; 0 where it is no
 * such name. RFC 5890 2.3.2.1, RFC 3492 */
TLSC_API size_t tlsc_host_a_labels(tlsc_bytes host, char *out, size_t cap);

/* Zero it, set `size`: that is the strict default. Lists are copied where options are kept. */
typedef struct tlsc_verify_options {
    size_t size;
    int64_t now_s;              /* since 1970-01-01 UTC, in place of the request's time; 0: that one */
    unsigned max_intermediates; /* between leaf and anchor; 0: 10; at most 30 */
    bool no_intermediates;      /* none */
    tlsc_anchor_rules anchors;
    bool only_self_signed;      /* anchors are the self-signed certificates of the store alone */
    bool allow_self_signed_leaf; /* a leaf that is itself in the store is trusted, self-signed or not */
    bool allow_ca_leaf;         /* a leaf may be a CA's certificate */
    bool common_name_fallback;  /* a leaf without any DNS or IP name in subjectAltName goes by its CN */
    unsigned min_rsa_bits;      /* of every key but anchors'; 0: 2048 */
    const uint16_t *schemes;    /* certificates are signed with these; NULL: the request's list */
    size_t num_schemes;
    const tlsc_reference_name *names; /* each must match, besides the request's name */
    size_t num_names;
    const tlsc_bytes *policies; /* OIDs' contents, the user-initial-policy-set; none: anyPolicy */
    size_t num_policies;
    bool require_policy;        /* initial-explicit-policy */
    bool inhibit_policy_mapping;
    bool inhibit_any_policy;
    bool any_name;              /* a verifier takes servers with whatever names where the connection has
                                   no name and `names` are none, too; else that is TLSC_E_NO_NAME */
    bool keep_chain;            /* a verifier gives the verified chain to tlsc_info */
    const struct tlsc_revocation *revocation; /* tlscore/revocation.h; NULL: as if zeroed. Copied, with a
                                                 reference to its store, where options are kept */
    const struct tlsc_ct_logs *logs; /* tlscore/sct.h, likewise; NULL: promises aren't looked at */
    unsigned min_scts;               /* so many valid ones of different logs must be there */
    tlsc_verify_budget budget;
} tlsc_verify_options;

enum { TLSC_PATH_MAX = 32 }; /* certificates in a path, leaf and anchor included */

/* What came out, in all detail. Views borrow from the request's certificates and the store. */
typedef struct tlsc_verify_result {
    size_t size;
    tlsc_err error;         /* TLSC_OK: valid */
    int index;              /* of the certificate concerned, in the request's order; -1: none, or an anchor */
    tlsc_bytes certificate; /* its DER; empty: none */
    tlsc_bytes path[TLSC_PATH_MAX]; /* leaf first, anchor last; of a failure: the one that `error` is from */
    size_t num_path;
    tlsc_verify_budget spent;
    bool later;             /* an OCSP responder is being asked (revocation.h): there is no verdict yet, and
                               `error` is TLSC_E_STAPLE_REQUIRED */
} tlsc_verify_result;

/* Judges a chain: finds a path from the leaf, `certificates[0]`, to an anchor over any of the others
 * in any order, and checks it all. `options` may be NULL. `out->size` is set by the caller.
 * errors: those of the verdict are in `out->error` and returned too; besides these TLSC_E_USAGE,
 * TLSC_E_BAD_NAME, TLSC_E_NO_TIME for a request that can't be answered. RFC 5280 6.1 */
TLSC_API tlsc_err tlsc_verify_chain(const tlsc_trust_store *store,
                                    const tlsc_verify_options *options,
                                    const tlsc_verify_request *request, tlsc_verify_result *out);

/* A verifier for tlsc_config_set_verifier: a store with options, counted. */
typedef struct tlsc_trust tlsc_trust;
/* Takes a reference to the store, and copies the options (NULL: the defaults).
 * out: one reference. errors: TLSC_E_BAD_CONFIG, TLSC_E_NO_MEMORY. */
TLSC_API tlsc_err tlsc_trust_new(const tlsc_trust_store *store, const tlsc_verify_options *options,
                                 const tlsc_trust **out);
TLSC_API const tlsc_trust *tlsc_trust_ref(const tlsc_trust *trust);
TLSC_API void tlsc_trust_free(const tlsc_trust *trust);
/* The verifier, which borrows `trust`. */
TLSC_API tlsc_verifier tlsc_trust_verifier(const tlsc_trust *trust);

/* The same in one call, kept for the configurations' life: peers must lead to an anchor of `store`. It takes
 * the place of a verifier or of pinned keys, and one set later takes its place. A client asks for staples from
 * then on, unless the options ignore them, and for SCTs if there are logs: tlsc_config_request_ocsp and
 * tlsc_config_request_scts, called later, say otherwise.
 * errors: as tlsc_trust_new. */
TLSC_API tlsc_err tlsc_config_set_trust(tlsc_config_builder *builder, const tlsc_trust_store *store,
                                        const tlsc_verify_options *options);

/* The same with what the system trusts (tlsc_trust_add_system) and the default options.
 * errors: as tlsc_trust_new, TLSC_E_FILE where there is nothing. */
TLSC_API tlsc_err tlsc_config_trust_system(tlsc_config_builder *builder);

#ifdef __cplusplus
}
#endif
#endif
