/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/boring_server.h: BoringSSL's libssl as a server in memory: a peer that we didn't write. */
#ifndef TEST_BORING_SERVER_H
#define TEST_BORING_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What its connections share: certificate, ticket keys, session cache. */
typedef struct boring_site boring_site;
typedef struct boring_server boring_server;

/* Zeroed: the certificate "p256", TLS 1.2 and 1.3, BoringSSL's own suites and groups, tickets. */
typedef struct boring_site_options {
    const char *cert; /* a name in test/vectors/certs */
    uint16_t min_version; /* 0: TLS 1.2 */
    uint16_t max_version; /* 0: TLS 1.3 */
    const char *suites;   /* TLS 1.2's, by OpenSSL's names */
    const char *groups;   /* "X25519:P-256" */
    uint16_t scheme;      /* it signs with this one; 0: its own choice */
    const char *alpn;     /* one protocol, which it chooses whenever it is offered */
    bool no_tickets;      /* TLS 1.2: then session ids, from a cache */
    bool raw_key;         /* RFC 7250: its key without the certificate */
    bool ask;             /* asks for a client certificate, and accepts any */
    bool require;         /* needs one */
    const char *ask_schemes; /* "ecdsa_secp256r1_sha256": what the client may sign with */
    const char *ca_file;     /* its names go into the request */
    const char *ocsp;        /* a staple, any bytes */
    const uint8_t *scts;     /* SignedCertificateTimestampList */
    size_t scts_n;
    uint32_t lifetime_s; /* of sessions; 0: BoringSSL's own */
    bool early_data;
    unsigned compressions; /* of certificates, a set of BORING_... */
} boring_site_options;

boring_site *boring_site_new(const boring_site_options *options);
void boring_site_free(boring_site *site);

boring_server *boring_server_new(boring_site *site);
void boring_server_free(boring_server *s);

typedef enum boring_state {
    BORING_FAILED = -1,
    BORING_WANTS = 0,
    BORING_DONE = 1
} boring_state;
boring_state boring_server_handshake(boring_server *s);

/* Bytes for the client: up to `cap`; returns how many. */
size_t boring_server_take(boring_server *s, uint8_t *out, size_t cap);
void boring_server_give(boring_server *s, const uint8_t *data, size_t n);

/* Returns how many bytes, 0 at nothing, -1 on failure, -2 on close_notify. */
int boring_server_read(boring_server *s, uint8_t *out, size_t cap);
bool boring_server_write(boring_server *s, const uint8_t *data, size_t n);
bool boring_server_key_update(boring_server *s, bool request_peer);
void boring_server_close(boring_server *s);

/* `n` bytes of keying material for a label; `context` may be NULL: none. */
bool boring_server_export(boring_server *s, uint8_t *out, size_t n, const char *label,
                          const char *context);
const char *boring_server_error(boring_server *s);
/* The fatal alert that came from the client, or -1. */
int boring_server_alert(const boring_server *s);
bool boring_server_resumed(const boring_server *s);
uint16_t boring_server_version(const boring_server *s);
uint16_t boring_server_group(const boring_server *s);
uint16_t boring_server_suite(const boring_server *s);
/* The scheme of the client's CertificateVerify; 0: none came. */
uint16_t boring_server_peer_scheme(const boring_server *s);
/* Certificates that the client sent. */
size_t boring_server_peer_certificates(const boring_server *s);
/* The server name that it was asked for, or NULL. */
const char *boring_server_name(const boring_server *s);

#endif
