/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/cert_maker.h: certificates made in C, with signatures that only stub_provider takes: fast, and
 * as many as a test wants. */
#ifndef TEST_LIB_CERT_MAKER_H
#define TEST_LIB_CERT_MAKER_H

#include "base/buf.h"
#include "tlscore.h"

enum { MAKER_EXTENSIONS = 8, MAKER_NOW_S = 1767225600 }; /* 2026-01-01 */

typedef enum maker_key { MAKER_P256, MAKER_P384, MAKER_P521 } maker_key;

/* Zero is fine for all but the names. Keys are numbers: a certificate with `key` 5 signs what has
 * `signer` 5. */
typedef struct cert_spec {
    const char *subject; /* its CN */
    const char *issuer;
    unsigned key;
    unsigned signer;
    maker_key key_kind;
    bool ca;         /* with keyUsage keyCertSign and SKI; else digitalSignature */
    bool signs_crls; /* a CA with cRLSign, too */
    uint8_t serial;  /* below 128; 0: 7 */
    int path_len;    /* -1: none */
    bool no_key_ids; /* neither SKI nor AKI */
    const char *dns; /* a subjectAltName */
    tlsc_bytes subject_name;                   /* in place of a name of `subject` */
    tlsc_bytes issuer_name;                    /* in place of a name of `issuer` */
    tlsc_bytes algorithm;                      /* of the signature, an element; empty: ECDSA with SHA-256 */
    tlsc_bytes extensions[MAKER_EXTENSIONS];   /* Extension elements besides these */
} cert_spec;

/* out: cleared by the caller. */
tlsc_buf make_cert(const cert_spec *spec);

/* An element: `tag` around the parts, which end with an empty view. out: cleared by the caller. */
tlsc_buf make_der(uint8_t tag, const tlsc_bytes *parts);
/* A Name with a CN. */
tlsc_buf make_name(const char *cn);
/* An Extension with OID 2.5.29.`number` and this value. */
tlsc_buf make_extension(uint8_t number, bool critical, tlsc_bytes value);

/* The default provider, but for `verify`, which takes the signatures made here and counts how often it was
 * asked. */
const tlsc_provider *stub_provider(void);
extern unsigned stub_verified;

#endif
