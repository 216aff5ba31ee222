/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/asking.h: servers that ask for client certificates, and a verifier that notes what it sees. */
#ifndef TEST_LIB_ASKING_H
#define TEST_LIB_ASKING_H

#include "boring_pair.h"

/* A verifier that notes what it is shown and says what it is told. */
typedef struct judge {
    tlsc_verdict_kind says;
    tlsc_err error;
    tlsc_alert alert;
    int index;
    tlsc_err fails; /* verify itself */
    bool gives_chain;
    /* what it saw */
    unsigned asked;
    size_t num;
    size_t bytes;
    uint8_t first[8192];
    size_t first_n;
    tlsc_verify_request last;
} judge;

tlsc_err judge_verify(void *ctx, const tlsc_verify_request *request, tlsc_verdict *out);
/* Fails the test unless the first certificate that it saw is that of test/vectors/certs/`file`. */
void judge_saw(const judge *j, const char *file);

/* What a server is asked to do. */
typedef struct rules {
    tlsc_client_auth mode;
    judge *judge;
    bool later;     /* no verify function */
    const char *pin; /* name of a certificate with that key */
    bool keeps_chain;
    bool verifies_again;
    uint8_t types[2];
    size_t num_types;
    const tlsc_bytes *ca_names;
    size_t num_ca_names;
    const uint16_t *schemes;
    size_t num_schemes;
    bool post_handshake;
    bool forbids; /* post_handshake */
    bool asks_ocsp;
} rules;

/* Configures a server by such rules: tls_site.setup. */
tlsc_err asking_setup(void *ctx, tlsc_config_builder *b);
/* Opens a site of TLS 1.2 and 1.3 with these rules, which are borrowed for its life; tls_site_close. */
void asking_open(tls_site *site, rules *policy);
/* The same with tickets, under the keys of another site if there is one. */
void asking_with_tickets(tls_site *site, rules *policy, const tls_site *keys_of);

/* The server fails, says so with this alert, and never gets to application data. */
void asking_refuses(boring_pair *p, tlsc_err e, tlsc_alert alert);

/* Brings a handshake to TLSC_WAIT_VERIFY, and answers that; the answer counts for certificate 0. */
void asking_pauses(boring_pair *p);
tlsc_err asking_answer(boring_pair *p, tlsc_verdict_kind kind, tlsc_err error, tlsc_alert alert);

/* A session of a client with these options, whose handshake must work. */
tls_client_session *asking_session(tls_site *site, const tls_client_options *options);
/* Opens a connection that offers this session; NULL: none. */
void asking_resume(boring_pair *p, tls_site *site, tls_client_session *session,
                   const tls_client_options *options);

#define BOTH_VERSIONS(tls12) for (int tls12 = 0; tls12 < 2; tls12++)

#endif
