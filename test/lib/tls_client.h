/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/tls_client.h: BoringSSL's libssl as a client in memory: a peer that we didn't write. */
#ifndef TEST_TLS_CLIENT_H
#define TEST_TLS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct tls_client tls_client;
/* Holds a ticket; freed with tls_client_session_free. */
typedef struct tls_client_session tls_client_session;

/* Zeroed: TLS 1.3, BoringSSL's own groups and signature schemes, no SNI. */
typedef struct tls_client_options {
    const char *server_name;
    const char *groups;       /* "X25519MLKEM768:X25519", both supported groups and key shares */
    const char *schemes;      /* "ecdsa_secp256r1_sha256" */
    const char *alpn;         /* comma-separated */
    bool prefer_aes256;
    bool max_tls12;
    bool no_tickets; /* TLS 1.2's: sessions by id alone */
    tls_client_session *session; /* to resume; borrowed */
    const char *ca_file;      /* verifies the chain with it; NULL: accepts any */
    bool early_data;
    /* its own certificate, for a server that asks: a name in test/vectors/certs; NULL: none */
    const char *cert;
    const char *chain[8];   /* names of certificates behind it */
    const char *sign_with;  /* another key of the same kind signs in its place */
    bool spoil_signature;   /* its last bit is flipped */
    bool raw_key;           /* its public key alone goes, RFC 7250 */
    bool ocsp; /* asks for a staple, and for SCTs */
    bool scts;
    const uint8_t *server_types; /* kinds of certificate that it takes, RFC 7250; NULL: X.509 */
    size_t num_server_types;
    unsigned compressions; /* of certificates, a set of BORING_... */
} tls_client_options;

tls_client *tls_client_new(const tls_client_options *options);
void tls_client_free(tls_client *c);

typedef enum tls_client_state { TLS_CLIENT_FAILED = -1, TLS_CLIENT_WANTS = 0, TLS_CLIENT_DONE = 1 } tls_client_state;
tls_client_state tls_client_handshake(tls_client *c);

/* Bytes for the server: up to `cap`; returns how many. */
size_t tls_client_take(tls_client *c, uint8_t *out, size_t cap);
void tls_client_give(tls_client *c, const uint8_t *data, size_t n);

/* Returns how many bytes, 0 at nothing, -1 on failure, -2 on close_notify. */
int tls_client_read(tls_client *c, uint8_t *out, size_t cap);
bool tls_client_write(tls_client *c, const uint8_t *data, size_t n);
bool tls_client_key_update(tls_client *c, bool request_peer);
void tls_client_close(tls_client *c);

const char *tls_client_error(tls_client *c);
/* The fatal alert that came from the server, or -1. */
int tls_client_alert(const tls_client *c);
bool tls_client_resumed(const tls_client *c);
uint16_t tls_client_group(const tls_client *c);
uint16_t tls_client_suite(const tls_client *c);
bool tls_client_hello_retry(const tls_client *c);
bool tls_client_early_data_accepted(const tls_client *c);
size_t tls_client_alpn(const tls_client *c, char *out, size_t cap);
/* The staple and the list of SCTs that came, borrowed; how many bytes, 0: none. */
size_t tls_client_ocsp(const tls_client *c, const uint8_t **out);
size_t tls_client_scts(const tls_client *c, const uint8_t **out);
/* The kind of the server's certificate, and the DER of its raw key; how many bytes, 0: none, or more than
 * `cap`. */
int tls_client_server_type(const tls_client *c);
size_t tls_client_raw_key(const tls_client *c, uint8_t *out, size_t cap);
/* What the server's CertificateRequest named; -1: there was none. */
int tls_client_ca_names(const tls_client *c);
unsigned tls_client_tickets(const tls_client *c);
/* The newest session received, one reference more; NULL if there is none. */
tls_client_session *tls_client_session_get(tls_client *c);
void tls_client_session_free(tls_client_session *s);
/* TLS 1.2's session id; returns its length. */
size_t tls_client_session_id(const tls_client_session *s, uint8_t out[32]);
/* Its lifetime in seconds as the server told it, and bytes of early data that it allows. */
uint32_t tls_client_session_lifetime(const tls_client_session *s);
bool tls_client_session_early_data(const tls_client_session *s);
/* Why early data was refused or not tried, in BoringSSL's words. */
const char *tls_client_early_data_reason(const tls_client *c);
/* `n` bytes of keying material for a label; `context` may be NULL: none. */
bool tls_client_export(tls_client *c, uint8_t *out, size_t n, const char *label,
                       const char *context);
/* True while what is written is early data. */
bool tls_client_in_early_data(const tls_client *c);

#endif
