/* SPDX-License-Identifier: Apache-2.0 */
/* test/bench/libraries/ssl.c: the benchmark's rows with a libssl: built once for each, with the
 * file that has its differences.
 *
 *     libraries/boringssl --ms 300 ROW      one line of JSON, as tlsc bench --json prints it */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "bench.h"
#include "bench_keys.h"
#include "ssl_flavour.h"

enum { WIRE = BENCH_BULK_WRITE + 64 * 1024, READ = 65536 };

/* What one side has got from the other and not read yet. */
typedef struct inbox {
    uint8_t *p;
    size_t at;
    size_t n;
} inbox;

/* A side's two inboxes, behind its BIO. */
typedef struct wire {
    inbox *in;
    inbox *out;
} wire;

typedef struct stage {
    const bench_row *row;
    SSL_CTX *client;
    SSL_CTX *server;
    BIO_METHOD *method;
    inbox to_client;
    inbox to_server;
    wire client_wire;
    wire server_wire;
    SSL_SESSION *session;
    SSL *sender; /* bulk */
    SSL *receiver;
    uint8_t *text;
    uint8_t *read;
} stage;

/* ---- the wire ---- */

static int wire_read(BIO *b, char *out, int cap)
{
    inbox *in = ((wire *)BIO_get_data(b))->in;
    size_t n = in->n - in->at < (size_t)cap ? in->n - in->at : (size_t)cap;
    BIO_clear_retry_flags(b);
    if (n == 0) {
        in->at = in->n = 0;
        BIO_set_retry_read(b);
        return -1;
    }
    memcpy(out, in->p + in->at, n);
    in->at += n;
    return (int)n;
}

static int wire_write(BIO *b, const char *p, int n)
{
    inbox *out = ((wire *)BIO_get_data(b))->out;
    bench_check((size_t)n <= WIRE - out->n, "the wire is full");
    memcpy(out->p + out->n, p, (size_t)n);
    out->n += (size_t)n;
    return n;
}

static long wire_ctrl(BIO *b, int command, long number, void *p)
{
    (void)b;
    (void)number;
    (void)p;
    return command == BIO_CTRL_FLUSH;
}

static SSL *new_side(stage *s, bool client)
{
    SSL *ssl = SSL_new(client ? s->client : s->server);
    BIO *bio = BIO_new(s->method);
    bench_check(ssl != NULL && bio != NULL, "out of memory");
    BIO_set_data(bio, client ? &s->client_wire : &s->server_wire);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl, bio, bio);
    if (client) {
        SSL_set_app_data(ssl, s);
        SSL_set_tlsext_host_name(ssl, "localhost");
        SSL_set_connect_state(ssl);
        if (s->session != NULL) {
            SSL_set_session(ssl, s->session);
        }
    } else {
        SSL_set_accept_state(ssl);
    }
    return ssl;
}

/* A side's turn; true once its handshake is done. */
static bool turn(SSL *ssl)
{
    int rc = SSL_do_handshake(ssl);
    if (rc != 1 && SSL_get_error(ssl, rc) != SSL_ERROR_WANT_READ) {
        ERR_print_errors_fp(stderr);
        bench_check(false, "a handshake fails");
    }
    return rc == 1;
}

/* ---- contexts ---- */

static int on_session(SSL *ssl, SSL_SESSION *session)
{
    stage *s = (stage *)SSL_get_app_data(ssl);
    if (s->session != NULL || SSL_SESSION_is_resumable(session) != 1) {
        return 0;
    }
    s->session = session;
    return 1;
}

/* False where the library hasn't got what the row wants. */
static bool set_common(SSL_CTX *ctx, const bench_row *row)
{
    int version = row->tls13 ? TLS1_3_VERSION : TLS1_2_VERSION;
    char groups[64];
    (void)snprintf(groups, sizeof(groups), "%s", row->groups);
    for (char *p = groups; (p = strchr(p, ',')) != NULL;) {
        *p = ':';
    }
    bench_check(ctx != NULL && SSL_CTX_set_min_proto_version(ctx, (uint16_t)version) == 1 &&
                    SSL_CTX_set_max_proto_version(ctx, (uint16_t)version) == 1,
                "a version can't be set");
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_quiet_shutdown(ctx, 1);
    if (!row->resumed) {
        SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
    }
    return flavour_suite(ctx, row->tls13, row->suite_name) &&
           SSL_CTX_set1_groups_list(ctx, groups) == 1;
}

static void load(SSL_CTX *ctx, const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    bench_check(certificate != NULL && key != NULL && flavour_use(ctx, certificate, key),
                "the certificate doesn't load");
    X509_free(certificate);
    EVP_PKEY_free(key);
    BIO_free(bio);
}

static bool open_contexts(stage *s)
{
    s->client = flavour_ctx();
    s->server = flavour_ctx();
    if (!set_common(s->client, s->row) || !set_common(s->server, s->row)) {
        return false;
    }
    flavour_trust_any(s->client);
    load(s->server, s->row->rsa ? bench_rsa_pem : bench_ec_pem);
    SSL_CTX_set_num_tickets(s->server, s->row->resumed ? 1 : 0);
    if (s->row->resumed) {
        SSL_CTX_set_session_cache_mode(s->client,
                                       SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
        SSL_CTX_sess_set_new_cb(s->client, on_session);
    }
    return true;
}

static void open_wire(stage *s)
{
    s->method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "wire");
    bench_check(s->method != NULL && BIO_meth_set_read(s->method, wire_read) == 1 &&
                    BIO_meth_set_write(s->method, wire_write) == 1 &&
                    BIO_meth_set_ctrl(s->method, wire_ctrl) == 1,
                "no BIO");
    s->to_client.p = (uint8_t *)malloc(WIRE);
    s->to_server.p = (uint8_t *)malloc(WIRE);
    s->text = (uint8_t *)calloc(1, BENCH_BULK_WRITE);
    s->read = (uint8_t *)malloc(READ);
    bench_check(s->to_client.p != NULL && s->to_server.p != NULL && s->text != NULL &&
                    s->read != NULL,
                "out of memory");
    s->client_wire = (wire){&s->to_client, &s->to_server};
    s->server_wire = (wire){&s->to_server, &s->to_client};
}

/* ---- handshakes ---- */

static void shake_hands(stage *s, SSL **client, SSL **server, bench_times *t)
{
    double start = bench_now();
    *client = new_side(s, true);
    bool client_done = turn(*client);
    double between = bench_now();
    t->client += between - start;
    *server = new_side(s, false);
    bool server_done;
    do {
        server_done = turn(*server);
        start = bench_now();
        t->server += start - between;
        client_done = client_done ? true : turn(*client);
        between = bench_now();
        t->client += between - start;
    } while (!client_done || !server_done);
}

/* A byte of the server's, and with it its ticket. */
static void take_ticket(stage *s, SSL *client, SSL *server, bench_times *t)
{
    double start = bench_now();
    bench_check(SSL_write(server, "!", 1) == 1, "a byte isn't sent");
    double between = bench_now();
    t->server += between - start;
    bench_check(SSL_read(client, s->read, 1) == 1, "a byte is lost");
    t->client += bench_now() - between;
}

static void free_both(SSL *client, SSL *server, bench_times *t)
{
    double start = bench_now();
    SSL_set_shutdown(client, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(client);
    double between = bench_now();
    SSL_set_shutdown(server, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
    SSL_free(server);
    t->client += between - start;
    t->server += bench_now() - between;
}

static void forget_wire(stage *s)
{
    s->to_client.at = s->to_client.n = s->to_server.at = s->to_server.n = 0;
}

static void one_handshake(stage *s, bench_times *t)
{
    SSL *client;
    SSL *server;
    shake_hands(s, &client, &server, t);
    if (s->row->resumed) {
        take_ticket(s, client, server, t);
    }
    free_both(client, server, t);
    forget_wire(s);
}

/* ---- bulk ---- */

static void one_write(stage *s, bench_times *t)
{
    size_t got = 0;
    double start = bench_now();
    bench_check(SSL_write(s->sender, s->text, BENCH_BULK_WRITE) == BENCH_BULK_WRITE,
                "not all is sent");
    double between = bench_now();
    while (got < BENCH_BULK_WRITE) {
        int n = SSL_read(s->receiver, s->read, READ);
        bench_check(n > 0, "bytes are lost");
        got += (size_t)n;
    }
    t->client += bench_now() - between;
    t->server += between - start;
    forget_wire(s);
}

/* ---- a stage ---- */

static void check_row(const stage *s, SSL *ssl, bool resumed)
{
    bench_check(strcmp(SSL_CIPHER_get_name(SSL_get_current_cipher(ssl)), s->row->suite_name) == 0,
                "another suite was negotiated than the row's");
    bench_check((SSL_session_reused(ssl) == 1) == resumed, "resumed, or not, against the row");
}

static void prepare(stage *s)
{
    bench_times unused = {0, 0};
    SSL *client;
    SSL *server;
    shake_hands(s, &client, &server, &unused);
    check_row(s, client, false);
    if (s->row->bulk) {
        s->receiver = client;
        s->sender = server;
        forget_wire(s);
        return;
    }
    if (s->row->resumed) {
        take_ticket(s, client, server, &unused);
        bench_check(s->session != NULL, "there is no session");
        free_both(client, server, &unused);
        forget_wire(s);
        shake_hands(s, &client, &server, &unused);
        check_row(s, client, true);
    }
    free_both(client, server, &unused);
    forget_wire(s);
}

static void close_stage(void *p)
{
    stage *s = (stage *)p;
    SSL_free(s->sender);
    SSL_free(s->receiver);
    SSL_SESSION_free(s->session);
    SSL_CTX_free(s->client);
    SSL_CTX_free(s->server);
    BIO_meth_free(s->method);
    free(s->to_client.p);
    free(s->to_server.p);
    free(s->text);
    free(s->read);
    free(s);
}

static void *open_stage(const bench_row *row)
{
    stage *s = (stage *)calloc(1, sizeof(*s));
    bench_check(s != NULL, "out of memory");
    s->row = row;
    open_wire(s);
    if (!open_contexts(s)) {
        close_stage(s);
        return NULL;
    }
    prepare(s);
    return s;
}

static void once(void *p, bench_times *t)
{
    stage *s = (stage *)p;
    if (s->row->bulk) {
        one_write(s, t);
    } else {
        one_handshake(s, t);
    }
}

/* ---- the program ---- */

static const bench_library libssl = {flavour_name, open_stage, once, close_stage};

static void print(const bench_result *r)
{
    (void)printf("{\"library\": \"%s\"", flavour_name);
    if (r->measured) {
        (void)printf(", \"%s\": {\"%s\": %.0f, \"%s\": %.0f, \"times\": %lu}", r->row->name,
                     r->row->bulk ? "receive" : "client", bench_rate(r, true),
                     r->row->bulk ? "send" : "server", bench_rate(r, false), r->times);
    }
    (void)puts("}");
}

int main(int argc, char **argv)
{
    bench_check(argc == 4 && strcmp(argv[1], "--ms") == 0, "usage: --ms MILLISECONDS ROW");
    for (size_t i = 0; i < BENCH_ROWS; i++) {
        if (strcmp(bench_rows[i].name, argv[3]) == 0) {
            bench_result r = bench_run(&libssl, &bench_rows[i], atof(argv[2]) / 1e3);
            print(&r);
            return 0;
        }
    }
    bench_check(false, "there is no such row");
}
