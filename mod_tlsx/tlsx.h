/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx.h: the module's two records: what is configured for a server, and what is known of a
 * connection. */
#ifndef TLSX_H
#define TLSX_H

#include <httpd.h>
#include <http_config.h>
#include <http_connection.h>
#include <http_log.h>
#include <apr_hash.h>

#include "tlscore.h"
#include "tlsx_record.h"

/* Declares the module's record, and makes its LogLevel decide in every file. */
APLOG_USE_MODULE(tlsx);

enum {
    TLSX_UNSET = -1,               /* a flag that no directive has set */
    TLSX_MIN_VERSION = TLSC_TLS12, /* TLSProtocol's default */
    TLSX_TICKET_LIFETIME = 86400,  /* seconds: TLSSessionTicketLifetime's default */
    TLSX_NUM_TICKETS = 2           /* sent after a full handshake of TLSv1.3 */
};

/* Where in the configuration something was said, for messages that come after httpd has read it. */
typedef struct tlsx_origin {
    const char *directive; /* "TLSEngine"; NULL: nowhere */
    const char *file;
    int line;
} tlsx_origin;

/* One TLSCertificate line, or what another module names. */
typedef struct tlsx_cert_files {
    const char *cert;
    const char *key; /* NULL: in the same file */
    tlsx_origin at;
    bool managed; /* another module looks after it: nothing to warn the administrator of */
} tlsx_cert_files;

/* One TLSClientCA line. */
typedef struct tlsx_ca_path {
    const char *path; /* a file or a directory */
    tlsx_origin at;
} tlsx_ca_path;

/* One TLSEngine [addr:]port line. */
typedef struct tlsx_listener {
    apr_sockaddr_t *addr; /* NULL: every address */
    apr_port_t port;
    tlsx_origin at;
} tlsx_listener;

struct tlsx_ca;       /* tlsx_ca.h */
struct tlsx_ring;     /* tlsx_tickets.h */
struct tlsx_sessions; /* tlsx_sessions.h */

/* A server's configuration: first what its directives say, then what was made of it. */
typedef struct tlsx_server {
    server_rec *server;

    int engine; /* on, off, TLSX_UNSET */
    tlsx_origin engine_at;
    apr_array_header_t *listeners; /* tlsx_listener; the main server's, seen by all */
    apr_array_header_t *certs;     /* tlsx_cert_files; NULL: none named here */
    int min_version;               /* TLSC_TLS12, TLSC_TLS13, TLSX_UNSET */
    tlsx_origin min_version_at;
    apr_array_header_t *suites;     /* uint16_t, preferred ones; NULL: not said */
    apr_array_header_t *suppressed; /* uint16_t, never to be used; NULL: not said */
    tlsx_origin suppressed_at;
    apr_array_header_t *groups; /* uint16_t, all there are; NULL: not said */
    tlsx_origin groups_at;
    int honor_client_order;
    int compression; /* of certificates */
    int strict_sni;
    int tickets;
    int ticket_lifetime_s; /* of the main server, for all */
    int client_auth;       /* a tlsc_client_auth, TLSX_UNSET */
    tlsx_origin client_auth_at;
    apr_array_header_t *client_cas; /* tlsx_ca_path; NULL: not said */

    bool serves;               /* connections on one of its ports may be ours */
    bool unavailable;          /* has but a stand-in certificate: every request is answered 503 */
    const tlsc_config *config; /* NULL: cannot serve TLS */
    const tlsc_config
        *challenge_config;           /* for who is answered 503 anyway: asks for no certificate */
    const struct tlsx_ca *client_ca; /* what client_cas names; NULL: nothing */
    apr_array_header_t *credentials; /* tlsc_credential *, best first */
    uint8_t policy[32]; /* a hash of all that makes two servers differ for one connection */

    /* the main server's alone */
    apr_hash_t *registry;           /* certificate files already read in this pass */
    apr_hash_t *ca_registry;        /* lists of TLSClientCA likewise */
    struct tlsx_ring *ring;         /* ticket keys in shared memory; NULL: none */
    struct tlsx_sessions *sessions; /* beside them */
} tlsx_server;

/* Where a connection stands. */
typedef enum tlsx_phase {
    TLSX_HANDSHAKE,
    TLSX_TRAFFIC,
    TLSX_PLAIN_HTTP, /* the client spoke plain HTTP: filters pass through, requests get 400 */
    TLSX_FAILED      /* nothing goes in or out any more */
} tlsx_phase;

typedef struct tlsx_conn {
    conn_rec *c;
    server_rec *server; /* that the client's SNI chose; until then the port's default */
    ap_filter_t *in, *out;
    tlsc_conn *tls;
    tlsx_phase phase;
    apr_status_t status; /* TLSX_FAILED: what reads and writes answer */

    apr_bucket_brigade *net;   /* empty between calls: what the network filters hand up */
    tlsx_record record;        /* the record that is being received */
    apr_bucket_brigade *plain; /* decrypted, not yet asked for */
    apr_bucket_brigade *ready; /* empty between calls: sealed, on its way down */

    const char *sni;      /* the name asked for, or NULL */
    const char *protocol; /* "TLSv1.3", once negotiated */
    const char *cipher;   /* by OpenSSL's name, as other modules know it */
    bool started;         /* the client has sent something */
    bool eof;             /* the client sends no more data */
    bool truncated;       /* it ended without close_notify */
    bool control_due;     /* control records must go out before anything is waited for */
    bool fresh;           /* the next output starts a response */
    bool resumed;
    bool unavailable; /* every request is answered 503 */

    const char *client_fault;       /* what is wrong with the client's certificate, or NULL */
    const tlsc_bytes *client_certs; /* its chain as it was sent, its own first, once verified */
    size_t num_client_certs;        /* 0: it has shown none */
} tlsx_conn;

/* The configuration of `s`. Never NULL: the module asks httpd to merge it for every server. */
static inline tlsx_server *tlsx_server_of(const server_rec *s)
{
    return (tlsx_server *)ap_get_module_config(s->module_config, &tlsx_module);
}

/* TLSClientCertificate, or its default. */
static inline tlsc_client_auth tlsx_client_auth(const tlsx_server *conf)
{
    return conf->client_auth == TLSX_UNSET ? TLSC_CLIENT_AUTH_NONE
                                           : (tlsc_client_auth)conf->client_auth;
}

/* The TLS connection that `c` is, or is a part of (an HTTP/2 stream); NULL if it isn't ours. */
static inline tlsx_conn *tlsx_conn_of(const conn_rec *c)
{
    const conn_rec *own = c->master ? c->master : c;
    return (tlsx_conn *)ap_get_module_config(own->conn_config, &tlsx_module);
}

/* True if `cc` is there and still encrypted. */
static inline bool tlsx_is_tls(const tlsx_conn *cc)
{
    return cc && cc->phase != TLSX_PLAIN_HTTP;
}

#endif
