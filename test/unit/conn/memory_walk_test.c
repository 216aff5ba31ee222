/* SPDX-License-Identifier: Apache-2.0 */
/* conn/memory_walk_test.c: the n-th allocation fails, for every n of a whole connection, in either role:
 * no crash, no leak, no blame of the peer; the connection ends with an error, or does without what it
 * couldn't have. The other side never lacks memory. */
#include "unit.h"

#include <string.h>

#include "pair.h"
#include "providers.h"

enum { CARRIED_MAX = 1 << 18, STEPS_MAX = 64, WALK_MAX = 2000, SESSION_MAX = 1 << 16 };

typedef enum role { CLIENT, SERVER } role;

static const char *const role_names[] = { "client", "server" };

typedef struct scene {
    const char *name;
    uint16_t version;
    bool resumed;
    bool client_auth;
    bool asked_later; /* for the client's certificate, after the handshake */
    bool hello_retry;
    bool early_data;
    bool in_store; /* sessions, each for one use */
} scene;

/* ---- the fault, in one role only ---- */

typedef struct walk {
    role who;
    uint64_t left; /* allocations until it comes; 0: it came */
    bool fired;
    tlsc_mem_stats before;
} walk;

static void enter(walk *w, role who)
{
    if (who == w->who && !w->fired) {
        tlsc_mem_get_stats(&w->before);
        tlsc_mem_fail_at(w->left, false);
    }
}

static void leave(walk *w, role who)
{
    if (who == w->who && !w->fired) {
        tlsc_mem_stats now;
        tlsc_mem_fail_at(0, false);
        tlsc_mem_get_stats(&now);
        uint64_t used = now.allocations - w->before.allocations;
        w->fired = used >= w->left;
        w->left = w->fired ? 0 : w->left - used;
    }
}

/* ---- a connection ---- */

typedef struct both {
    walk walk;
    tls_site *site;
    client_site *clients;
    tlsc_stream *streams[2];
    tlsc_err errors[2]; /* the first of each */
} both;

static void note(both *b, role who, tlsc_err e)
{
    if (b->errors[who] == TLSC_OK) {
        b->errors[who] = e;
    }
}

/* Carries what `from` has for the other; true if there was something. */
static bool carry(both *b, role from)
{
    static uint8_t carried[CARRIED_MAX];
    role to = from == CLIENT ? SERVER : CLIENT;
    tlsc_bytes out = { NULL, 0 };
    enter(&b->walk, from);
    note(b, from, tlsc_stream_output(b->streams[from], &out));
    size_t n = out.n;
    assert_true(n <= sizeof(carried));
    tlsc_bytes_copy(carried, out);
    tlsc_stream_sent(b->streams[from], n);
    leave(&b->walk, from);
    if (n == 0 || b->errors[to] != TLSC_OK) {
        return false;
    }
    enter(&b->walk, to);
    note(b, to, to == SERVER ? tls_server_feed(b->site, b->streams[SERVER], carried, n)
                             : tlsc_stream_feed(b->streams[CLIENT], carried, n));
    leave(&b->walk, to);
    return true;
}

static void carry_all(both *b)
{
    bool moved = true;
    for (unsigned i = 0; moved && i < STEPS_MAX; i++) {
        moved = carry(b, CLIENT);
        moved = carry(b, SERVER) || moved;
    }
    assert_false(moved);
}

/* Whether the text arrived. Early data may have come before it. */
static bool says(both *b, role from, const char *text)
{
    role to = from == CLIENT ? SERVER : CLIENT;
    char got[64];
    size_t n = strlen(text);
    enter(&b->walk, from);
    note(b, from, tlsc_stream_write(b->streams[from], (const uint8_t *)text, n));
    leave(&b->walk, from);
    carry_all(b);
    enter(&b->walk, to);
    size_t heard = tlsc_stream_read(b->streams[to], (uint8_t *)got, sizeof(got));
    leave(&b->walk, to);
    return heard >= n && memcmp(got + heard - n, text, n) == 0;
}

static bool open_streams(both *b)
{
    enter(&b->walk, CLIENT);
    note(b, CLIENT, client_new(b->clients, &b->streams[CLIENT]));
    leave(&b->walk, CLIENT);
    enter(&b->walk, SERVER);
    note(b, SERVER, tls_server_new(b->site, &b->streams[SERVER]));
    leave(&b->walk, SERVER);
    return b->streams[CLIENT] != NULL && b->streams[SERVER] != NULL;
}

static void send_early_data(both *b)
{
    enter(&b->walk, CLIENT);
    if (tlsc_conn_early_data_left(tlsc_stream_conn(b->streams[CLIENT])) >= 5) {
        note(b, CLIENT, tlsc_stream_write(b->streams[CLIENT], (const uint8_t *)"early", 5));
    }
    leave(&b->walk, CLIENT);
}

/* The server asks for a certificate, and gets it. */
static bool ask_later(both *b)
{
    enter(&b->walk, SERVER);
    note(b, SERVER, tlsc_conn_request_certificate(tlsc_stream_conn(b->streams[SERVER])));
    leave(&b->walk, SERVER);
    carry_all(b);
    return b->errors[SERVER] == TLSC_OK && b->errors[CLIENT] == TLSC_OK &&
           pair_server_info(&(pair){ .server = b->streams[SERVER] }).peer_authenticated;
}

/* All of a connection's life; true if everything was said and heard. */
static bool live(both *b, const scene *s)
{
    if (!open_streams(b)) {
        return false;
    }
    if (s->early_data) {
        send_early_data(b);
    }
    carry_all(b);
    if (b->errors[CLIENT] != TLSC_OK || b->errors[SERVER] != TLSC_OK ||
        tlsc_conn_wait(tlsc_stream_conn(b->streams[CLIENT])) != TLSC_WAIT_NONE ||
        tlsc_conn_wait(tlsc_stream_conn(b->streams[SERVER])) != TLSC_WAIT_NONE) {
        return false;
    }
    if (s->asked_later && !ask_later(b)) {
        return false;
    }
    bool heard = says(b, CLIENT, "ping");
    return says(b, SERVER, "pong") && heard; /* the tickets come with that */
}

/* ---- the scenes ---- */

static tlsc_err accept_any(void *ctx, const tlsc_verify_request *request, tlsc_verdict *out)
{
    (void)ctx;
    (void)request;
    out->kind = TLSC_VERDICT_ACCEPT;
    return TLSC_OK;
}

static tlsc_err ask_clients(void *ctx, tlsc_config_builder *b)
{
    const scene *s = (const scene *)ctx;
    const tlsc_verifier verifier = { sizeof(verifier), NULL, accept_any };
    tlsc_config_post_handshake_auth(b, s->asked_later);
    tlsc_err rc = tlsc_config_set_verifier(b, &verifier);
    tlsc_client_auth mode = s->client_auth ? TLSC_CLIENT_AUTH_REQUIRED : TLSC_CLIENT_AUTH_NONE;
    return rc != TLSC_OK ? rc : tlsc_config_set_client_auth(b, mode);
}

static tlsc_err be_asked(tlsc_config_builder *b)
{
    tlsc_config_post_handshake_auth(b, true);
    return TLSC_OK;
}

static tlsc_err comes_first(void *ctx, const uint8_t id[32], int64_t until_ms, bool *first)
{
    (void)ctx;
    (void)id;
    (void)until_ms;
    *first = true;
    return TLSC_OK;
}

static int64_t site_now_ms(void *ctx)
{
    return ((const tls_site *)ctx)->now_ms;
}

/* What all connections of a scene share. */
typedef struct stage {
    tls_site site;
    client_site clients;
    tlsc_memory_store *memory;
    tlsc_store store;
    tlsc_replay_guard guard;
    uint8_t session[SESSION_MAX]; /* to resume */
    tlsc_bytes offered;
} stage;

static void open_stage(stage *g, const scene *s)
{
    static const uint16_t retry_group[] = { 0x17 }; /* no client's first choice */
    memset(g, 0, sizeof(*g));
    g->guard = (tlsc_replay_guard){ sizeof(g->guard), NULL, comes_first };
    g->site = (tls_site){ .min_version = TLSC_TLS12,
                          .alpn = "h2",
                          .tickets = true,
                          .setup = s->client_auth || s->asked_later ? ask_clients : NULL,
                          .setup_ctx = (void *)(uintptr_t)s,
                          .groups = retry_group,
                          .num_groups = s->hello_retry ? 1 : 0,
                          .max_early_data = s->early_data ? 4096 : 0,
                          .guard = s->early_data ? &g->guard : NULL };
    g->clients = (client_site){ .min_version = s->version,
                                .max_version = s->version,
                                .alpn = "h2",
                                .set_up = s->asked_later ? be_asked : NULL };
    if (s->in_store) {
        assert_ok(tlsc_memory_store_new(64, site_now_ms, &g->site, &g->memory));
        g->store = tlsc_memory_store_as_store(g->memory);
        g->site.store = &g->store;
    }
    if (s->client_auth || s->asked_later) {
        assert_ok(tls_credential_load(tlsc_provider_default(), "p256", &g->clients.credential));
    }
    pair_sites_open(&g->site, &g->clients);
}

static void close_stage(stage *g)
{
    pair_sites_close(&g->site, &g->clients);
    tlsc_credential_free(g->clients.credential);
    tlsc_memory_store_free(g->memory);
}

/* A session from a connection that works, offered from now on. */
static void make_session(stage *g)
{
    g->clients.num_offered = 0;
    g->clients.early_data = false;
    pair_make_sessions(&g->site, &g->clients);
    assert_true(g->clients.num_sessions > 0);
    tlsc_bytes newest = tlsc_buf_bytes(&g->clients.sessions[0]);
    assert_true(newest.n <= sizeof(g->session));
    tlsc_bytes_copy(g->session, newest);
    g->offered = tlsc_bytes_of(g->session, newest.n);
    g->clients.offered = &g->offered;
    g->clients.num_offered = 1;
    client_site_forget(&g->clients);
}

/* A connection that lacked nothing is what its scene says. */
static void is_the_scene(const both *b, const scene *s)
{
    tlsc_info info = pair_server_info(&(pair){ .server = b->streams[SERVER] });
    assert_int_equal(info.version, s->version);
    assert_int_equal(info.resumed, s->resumed);
    assert_int_equal(info.hello_retry, s->hello_retry);
    assert_int_equal(info.peer_authenticated, s->client_auth || s->asked_later);
    assert_int_equal(info.early_data, s->early_data ? TLSC_EARLY_ACCEPTED : TLSC_EARLY_NONE);
}

/* The n-th allocation of `who` fails, on a stage where nothing was compressed or stored yet. False when it
 * hasn't as many. */
static bool one_fails(stage *g, const scene *s, role who, uint64_t n)
{
    tlsc_mem_stats before, after;
    tlsc_mem_get_stats(&before);
    open_stage(g, s);
    if (s->resumed) {
        make_session(g);
    }
    g->clients.early_data = s->early_data;
    both b = { .walk = { .who = who, .left = n }, .site = &g->site, .clients = &g->clients };
    bool worked = live(&b, s);
    if (!b.walk.fired) {
        assert_true(worked);
        is_the_scene(&b, s);
    }
    tlsc_stream_free(b.streams[CLIENT]);
    tlsc_stream_free(b.streams[SERVER]);
    close_stage(g);
    tlsc_mem_get_stats(&after);
    tlsc_err e = b.errors[who];
    bool answered = e == TLSC_OK ? worked : tlsc_err_blame(e) != TLSC_BLAME_PEER;
    if (!answered) {
        fail_msg("%s, allocation %llu of the %s: %s", s->name, (unsigned long long)n,
                 role_names[who], tlsc_err_name(e));
    }
    if (after.live != before.live) {
        fail_msg("%s, allocation %llu of the %s: %lld blocks leak", s->name,
                 (unsigned long long)n, role_names[who], (long long)(after.live - before.live));
    }
    return b.walk.fired;
}

static void walk_scene(const scene *s)
{
    static stage g;
    for (role who = CLIENT; who <= SERVER; who++) {
        uint64_t n = 1;
        while (one_fails(&g, s, who, n)) {
            n++;
            assert_true(n < WALK_MAX);
        }
        assert_true(n > 20);
        print_message("%s, %s: %llu allocations failed in turn\n", s->name, role_names[who],
                      (unsigned long long)(n - 1));
    }
}

static void handshakes_of_tls13(void **state)
{
    (void)state;
    static const scene scenes[] = {
        { .name = "TLS 1.3, full", .version = TLSC_TLS13 },
        { .name = "TLS 1.3, resumed", .version = TLSC_TLS13, .resumed = true },
        { .name = "TLS 1.3, client certificate", .version = TLSC_TLS13, .client_auth = true },
        { .name = "TLS 1.3, asked later", .version = TLSC_TLS13, .asked_later = true },
        { .name = "TLS 1.3, HelloRetryRequest", .version = TLSC_TLS13, .hello_retry = true },
    };
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
        walk_scene(&scenes[i]);
    }
}

static void handshakes_of_tls12(void **state)
{
    (void)state;
    static const scene scenes[] = {
        { .name = "TLS 1.2, full", .version = TLSC_TLS12 },
        { .name = "TLS 1.2, resumed", .version = TLSC_TLS12, .resumed = true },
        { .name = "TLS 1.2, client certificate", .version = TLSC_TLS12, .client_auth = true },
    };
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
        walk_scene(&scenes[i]);
    }
}

static void sessions_in_a_store_and_early_data(void **state)
{
    (void)state;
    static const scene scenes[] = {
        { .name = "TLS 1.3, from a store",
          .version = TLSC_TLS13,
          .resumed = true,
          .in_store = true },
        { .name = "TLS 1.2, from a store",
          .version = TLSC_TLS12,
          .resumed = true,
          .in_store = true },
        { .name = "TLS 1.3, early data",
          .version = TLSC_TLS13,
          .resumed = true,
          .early_data = true },
    };
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
        walk_scene(&scenes[i]);
    }
}

/* libcrypto keeps a block for each thread that ever wanted random bytes. */
static int warm_up(void **state)
{
    (void)state;
    uint8_t byte;
    const tlsc_provider *libcrypto = test_provider_at(0);
    return libcrypto->random->fill(libcrypto->random->ctx, &byte, 1) == TLSC_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(handshakes_of_tls13),
        cmocka_unit_test(handshakes_of_tls12),
        cmocka_unit_test(sessions_in_a_store_and_early_data),
    };
    return cmocka_run_group_tests_name("memory_walk", tests, warm_up, NULL);
}
