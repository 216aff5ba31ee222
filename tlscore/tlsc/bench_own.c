/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/bench_own.c: tlscore's part of the benchmark. Both sides work in buffers of the caller, as a
 * server does that has its own; what goes "over the network" is copied once, as everywhere. */
#include <stdlib.h>
#include <string.h>

#include "bench_keys.h"
#include "bench_own.h"
#include "tool.h"

enum {
    RECORDS = 1, /* of a batch that is sealed at once: more would leave the CPU's nearest cache */
    BATCH = RECORDS * (TLSC_MAX_PLAINTEXT + 64) + 4096,
    ALIGNED = 64, /* data that starts at a multiple of it is sealed and opened fastest */
    PAGE = 4096,
    OUT = (BATCH / PAGE + 2) * PAGE,
    WIRE = BENCH_BULK_WRITE + 64 * 1024,
    SESSION_MAX = 8192
};

/* What one side has got from the other and not opened yet. */
typedef struct inbox {
    uint8_t *p;
    size_t n;
} inbox;

typedef struct stage {
    const bench_row *row;
    const tlsc_config *client;
    const tlsc_config *server;
    tlsc_ticket_keys keys;
    uint8_t session[SESSION_MAX];
    tlsc_bytes offered;
    unsigned sessions_got;
    inbox to_client;
    inbox to_server;
    tlsc_conn *sender; /* bulk */
    tlsc_conn *receiver;
    uint8_t *text; /* what is sent */
    uint8_t *out;  /* a batch that is sealed, or opened */
    size_t lead;   /* where in it a record starts whose data is aligned */
} stage;

/* ---- configurations ---- */

static tlsc_err accept_any(void *ctx, const tlsc_verify_request *request, tlsc_verdict *out)
{
    (void)ctx;
    (void)request;
    out->kind = TLSC_VERDICT_ACCEPT;
    return TLSC_OK;
}

static tlsc_err read_keys(void *ctx, tlsc_ticket_keys *out)
{
    *out = *(const tlsc_ticket_keys *)ctx;
    return TLSC_OK;
}

/* What the row says, and nothing that the other libraries don't do by themselves. */
static void set_common(tlsc_config_builder *b, const bench_row *row)
{
    uint16_t version = row->tls13 ? TLSC_TLS13 : TLSC_TLS12;
    uint16_t groups[LIST_MAX];
    size_t num_groups = list_of("groups", row->groups, tlsc_group_by_name, groups);
    must(tlsc_config_set_versions(b, version, version), "version");
    must(tlsc_config_set_suites(b, &row->suite, 1), row->suite_name);
    must(tlsc_config_set_groups(b, groups, num_groups), row->groups);
    must(tlsc_config_set_certificate_compression(b, NULL, 0), "compression");
}

static void open_server(stage *s)
{
    static const uint8_t identity[32] = {'b'};
    tlsc_config_builder *b =
        (tlsc_config_builder *)need(tlsc_config_builder_new(tlsc_provider_default()));
    tlsc_credential *credential;
    const tlsc_ticketer ticketer = {
        .size = sizeof(ticketer), .ctx = &s->keys, .read_keys = read_keys, .lifetime_s = 86400};
    set_common(b, s->row);
    must(tlsc_credential_from_pem(tlsc_provider_default(),
                                  bytes_of(s->row->rsa ? bench_rsa_pem : bench_ec_pem),
                                  bytes_of(NULL), &credential, NULL),
         "certificate");
    must(tlsc_config_add_credential(b, credential), "certificate");
    tlsc_credential_free(credential);
    if (s->row->resumed) {
        s->keys.num = 1;
        must(tlsc_ticket_key_new(tlsc_provider_default(), 0, INT64_MAX, &s->keys.keys[0]), "key");
        must(tlsc_config_set_ticketer(b, &ticketer, identity, 1), "tickets");
    }
    must(tlsc_config_build(b, &s->server), "server");
    tlsc_config_builder_free(b);
}

static void open_client(stage *s)
{
    const tlsc_verifier verifier = {sizeof(verifier), NULL, accept_any};
    tlsc_config_builder *b =
        (tlsc_config_builder *)need(tlsc_config_builder_new_client(tlsc_provider_default()));
    set_common(b, s->row);
    must(tlsc_config_set_verifier(b, &verifier), "verifier");
    tlsc_config_want_sessions(b, s->row->resumed);
    must(tlsc_config_build(b, &s->client), "client");
    tlsc_config_builder_free(b);
}

/* ---- one side's turn ---- */

static void on_session(void *ctx, tlsc_bytes session)
{
    stage *s = (stage *)ctx;
    s->sessions_got++;
    if (s->offered.n == 0 && session.n <= sizeof(s->session)) {
        memcpy(s->session, session.p, session.n);
        s->offered = (tlsc_bytes){s->session, session.n};
    }
}

static tlsc_conn *new_client(stage *s)
{
    tlsc_conn *c;
    const tlsc_conn_options options = {.size = sizeof(options), .now_ms = tlsc_wall_ms};
    const tlsc_client_options about = {.size = sizeof(about),
                                       .name = bytes_of("localhost"),
                                       .sessions = &s->offered,
                                       .num_sessions = s->offered.n > 0 ? 1 : 0,
                                       .on_session = on_session,
                                       .session_ctx = s};
    must(tlsc_conn_new_client(&options, s->client, &about, &c), "client");
    return c;
}

static tlsc_conn *new_server(void)
{
    tlsc_conn *c;
    const tlsc_conn_options options = {.size = sizeof(options), .now_ms = tlsc_wall_ms};
    must(tlsc_conn_new_server(&options, &c), "server");
    return c;
}

/* Seals what waits, with `n` bytes of data, onto the other side's inbox. */
static void speak(tlsc_conn *c, const uint8_t *data, size_t n, inbox *to)
{
    tlsc_plan plan;
    size_t sealed;
    size_t num = n > 0 ? 1 : 0;
    must(tlsc_conn_plan(c, num, &plan), "plan");
    if (num > 0) {
        memcpy(to->p + to->n + tlsc_plan_offset(&plan, &n, 0), data, n);
    }
    must(tlsc_conn_seal(c, &plan, to->p + to->n, WIRE - to->n, &n, num, &sealed), "seal");
    to->n += sealed;
}

/* Opens all that came, and says what there is to say then. Returns how many bytes of data came. */
static size_t turn(stage *s, tlsc_conn *c, inbox *from, inbox *to)
{
    size_t at = 0;
    size_t data = 0;
    while (at < from->n) {
        tlsc_opened opened;
        must(tlsc_conn_open(c, from->p + at, from->n - at, &opened), "open");
        at += opened.consumed;
        data += opened.data.n;
        if (opened.wait == TLSC_WAIT_CONFIG) {
            must(tlsc_conn_answer_config(c, s->server, bytes_of(NULL), NULL, &opened), "answer");
        }
    }
    from->n = 0;
    if (tlsc_conn_has_output(c)) {
        speak(c, NULL, 0, to);
    }
    return data;
}

static bool done(const tlsc_conn *c)
{
    return tlsc_conn_wait(c) == TLSC_WAIT_NONE;
}

/* ---- handshakes ---- */

/* Handshake to the end; both stay. */
static void shake_hands(stage *s, tlsc_conn **client, tlsc_conn **server, bench_times *t)
{
    double start = bench_now();
    *client = new_client(s);
    speak(*client, NULL, 0, &s->to_server);
    double between = bench_now();
    t->client += between - start;
    *server = new_server();
    do {
        (void)turn(s, *server, &s->to_server, &s->to_client);
        start = bench_now();
        t->server += start - between;
        (void)turn(s, *client, &s->to_client, &s->to_server);
        between = bench_now();
        t->client += between - start;
    } while (!done(*client) || !done(*server) || s->to_server.n > 0);
}

/* A byte of the server's, and with it its ticket. */
static void take_ticket(stage *s, tlsc_conn *client, tlsc_conn *server, bench_times *t)
{
    double start = bench_now();
    speak(server, (const uint8_t *)"!", 1, &s->to_client);
    double between = bench_now();
    t->server += between - start;
    bench_check(turn(s, client, &s->to_client, &s->to_server) == 1, "a byte is lost");
    t->client += bench_now() - between;
}

static void free_both(tlsc_conn *client, tlsc_conn *server, bench_times *t)
{
    double start = bench_now();
    tlsc_conn_free(client);
    double between = bench_now();
    tlsc_conn_free(server);
    t->client += between - start;
    t->server += bench_now() - between;
}

static void one_handshake(stage *s, bench_times *t)
{
    tlsc_conn *client;
    tlsc_conn *server;
    shake_hands(s, &client, &server, t);
    if (s->row->resumed) {
        take_ticket(s, client, server, t);
    }
    free_both(client, server, t);
}

/* ---- bulk ---- */

/* One batch from the text to the wire: sealed from where it lies, then copied. */
static void send_batch(stage *s, size_t at, size_t n)
{
    tlsc_plan plan;
    const uint8_t *from[RECORDS] = {NULL};
    size_t lens[RECORDS] = {0};
    size_t num = 0;
    size_t sealed;
    must(tlsc_conn_plan(s->sender, (n + TLSC_MAX_PLAINTEXT - 1) / TLSC_MAX_PLAINTEXT, &plan),
         "plan");
    uint8_t *out = s->out + s->lead;
    for (size_t left = n; left > 0; num++) {
        lens[num] = left < plan.max_data ? left : plan.max_data;
        from[num] = s->text + at + n - left;
        left -= lens[num];
    }
    must(tlsc_conn_seal_from(s->sender, &plan, out, BATCH, from, lens, num, &sealed), "seal");
    memcpy(s->to_client.p + s->to_client.n, out, sealed);
    s->to_client.n += sealed;
}

/* Reads the wire in pieces into a buffer of its own, as from a socket. */
static size_t receive_all(stage *s)
{
    uint8_t *in = s->out + s->lead;
    size_t got = 0;
    size_t had = 0;
    for (size_t at = 0; at < s->to_client.n;) {
        size_t room = BATCH - had;
        size_t n = s->to_client.n - at < room ? s->to_client.n - at : room;
        memcpy(in + had, s->to_client.p + at, n);
        at += n;
        had += n;
        size_t opened_n = 0;
        tlsc_opened opened = {.consumed = 1};
        while (opened.consumed > 0 && opened_n < had) {
            must(tlsc_conn_open(s->receiver, in + opened_n, had - opened_n, &opened), "open");
            opened_n += opened.consumed;
            got += opened.data.n;
        }
        had -= opened_n;
        memmove(in, in + opened_n, had);
    }
    s->to_client.n = 0;
    return got;
}

static void one_write(stage *s, bench_times *t)
{
    enum { PIECE = RECORDS * TLSC_MAX_PLAINTEXT };
    double start = bench_now();
    for (size_t at = 0; at < BENCH_BULK_WRITE; at += PIECE) {
        send_batch(s, at, BENCH_BULK_WRITE - at < PIECE ? BENCH_BULK_WRITE - at : PIECE);
    }
    double between = bench_now();
    size_t got = receive_all(s);
    t->client += bench_now() - between;
    t->server += between - start;
    bench_check(got == BENCH_BULK_WRITE, "bytes are lost");
}

/* ---- a stage ---- */

static void check_row(const stage *s, const tlsc_conn *c, bool resumed)
{
    tlsc_info info;
    tlsc_conn_info(c, &info);
    bench_check(info.handshake_done && info.suite == s->row->suite && info.resumed == resumed,
                "something else than the row's was negotiated");
}

/* What a stage's first connections leave: a session, or the connection itself. */
static void prepare(stage *s)
{
    bench_times unused = {0, 0};
    tlsc_conn *client;
    tlsc_conn *server;
    shake_hands(s, &client, &server, &unused);
    check_row(s, client, false);
    if (s->row->bulk) {
        tlsc_plan plan;
        must(tlsc_conn_plan(server, 0, &plan), "plan");
        s->lead = ALIGNED - plan.head;
        s->receiver = client;
        s->sender = server;
        return;
    }
    if (s->row->resumed) {
        take_ticket(s, client, server, &unused);
        bench_check(s->offered.n > 0, "there is no session");
        free_both(client, server, &unused);
        shake_hands(s, &client, &server, &unused);
        check_row(s, client, true);
    }
    free_both(client, server, &unused);
    s->to_client.n = s->to_server.n = 0;
}

static void *open_stage(const bench_row *row)
{
    stage *s = (stage *)need(calloc(1, sizeof(*s)));
    s->row = row;
    s->to_client.p = (uint8_t *)need(malloc(WIRE));
    s->to_server.p = (uint8_t *)need(malloc(WIRE));
    s->text = (uint8_t *)need(calloc(1, BENCH_BULK_WRITE));
    s->out = (uint8_t *)need(aligned_alloc(PAGE, OUT));
    open_server(s);
    open_client(s);
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

static void close_stage(void *p)
{
    stage *s = (stage *)p;
    tlsc_conn_free(s->sender);
    tlsc_conn_free(s->receiver);
    tlsc_config_free(s->client);
    tlsc_config_free(s->server);
    tlsc_ticket_keys_clear(&s->keys);
    free(s->to_client.p);
    free(s->to_server.p);
    free(s->text);
    free(s->out);
    free(s);
}

const bench_library bench_own = {"tlscore", open_stage, once, close_stage};
