/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/client_play.c: see the header. What must hold after each call stands beside the call. */
#include "client_play.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/mem.h"
#include "handshake/config.h"
#include "keys/session.h"
#include "leaf_der.h"
#include "toy_provider.h"

enum { NOW_S = 1790000000, LIFETIME_S = 3600, RECORDS_MAX = 3, SESSIONS = 2, TICKETS_MAX = 64 };

#define MUST(holds)                                                                                \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

typedef struct play {
    tlsc_bytes in; /* what is left, operations and answers */
    tlsc_conn *c;
    uint8_t *wire; /* from the peer, not consumed yet: a block of just that size, for the sanitizer */
    size_t wire_n;
    bool refused; /* the connection has failed */
    bool early;   /* early data was asked for */
    client_play *out;
} play;

/* ---- what all plays share ---- */

static const tlsc_config *configs[CLIENT_PLAY_CONFIGS];
static tlsc_credential *credential;
static tlsc_credential *raw_key;

static int64_t now_ms(void *ctx)
{
    (void)ctx;
    return INT64_C(1000) * NOW_S;
}

static void key_log(void *ctx, const char *line, size_t n)
{
    (void)ctx;
    MUST(line[n - 1] != '\n' && memchr(line, ' ', n) != NULL);
}

/* What is given describes itself, and lives no longer than a week. */
static void on_session(void *ctx, tlsc_bytes session)
{
    client_play *out = (client_play *)ctx;
    tlsc_session_info about;
    MUST(tlsc_session_describe(session, &about) == TLSC_OK);
    MUST(about.expires_ms > about.issued_ms);
    MUST(about.expires_ms - about.issued_ms <= INT64_C(604800000));
    MUST(about.has_ticket || about.version == TLSC_TLS12);
    MUST(++out->sessions <= TICKETS_MAX);
}

static void make_credentials(void)
{
    static const uint16_t schemes[] = { TLSC_SIG_ECDSA_P256_SHA256 };
    tlsc_bytes leaf = { leaf_der, sizeof(leaf_der) };
    MUST(tlsc_credential_external(toy_provider(), &leaf, 1, schemes, 1, &credential) == TLSC_OK);
    MUST(tlsc_credential_raw_key_external(toy_provider(), tlsc_credential_spki(credential), schemes,
                                          1, &raw_key) == TLSC_OK);
}

static tlsc_config_builder *begin(void)
{
    static const tlsc_verifier verifier = { sizeof(verifier), NULL, NULL };
    static const tlsc_bytes names[] = { { (const uint8_t *)"h2", 2 },
                                        { (const uint8_t *)"http/1.1", 8 } };
    tlsc_config_builder *b = tlsc_config_builder_new_client(toy_provider());
    MUST(b != NULL && tlsc_config_set_verifier(b, &verifier) == TLSC_OK);
    MUST(tlsc_config_set_alpn(b, names, 2) == TLSC_OK);
    return b;
}

static const tlsc_config *end(tlsc_config_builder *b)
{
    const tlsc_config *config = NULL;
    MUST(tlsc_config_build(b, &config) == TLSC_OK);
    tlsc_config_builder_free(b);
    return config;
}

static void set_up(void)
{
    static const uint16_t p256[] = { 0x0017 };
    static const uint8_t types[] = { TLSC_CERT_RAW_PUBLIC_KEY, TLSC_CERT_X509 };
    make_credentials();
    tlsc_config_builder *b = begin();
    MUST(tlsc_config_add_credential(b, credential) == TLSC_OK);
    tlsc_config_post_handshake_auth(b, true);
    configs[CLIENT_PLAY_PLAIN] = end(b);
    b = begin();
    MUST(tlsc_config_set_versions(b, TLSC_TLS12, TLSC_TLS12) == TLSC_OK);
    MUST(tlsc_config_add_credential(b, credential) == TLSC_OK);
    tlsc_config_request_ocsp(b, true);
    MUST(tlsc_config_ignore_hello_requests(b, true) == TLSC_OK);
    MUST(tlsc_config_require_own_certificate(b, true) == TLSC_OK);
    configs[CLIENT_PLAY_TLS12] = end(b);
    b = begin();
    MUST(tlsc_config_set_versions(b, TLSC_TLS13, TLSC_TLS13) == TLSC_OK);
    MUST(tlsc_config_set_groups(b, p256, 1) == TLSC_OK);
    MUST(tlsc_config_request_tickets(b, 3, 1) == TLSC_OK);
    tlsc_config_request_ocsp(b, true);
    tlsc_config_request_scts(b, true);
    configs[CLIENT_PLAY_TLS13] = end(b);
    b = begin();
    MUST(tlsc_config_set_peer_certificate_types(b, types, 2) == TLSC_OK);
    MUST(tlsc_config_add_credential(b, raw_key) == TLSC_OK);
    MUST(tlsc_config_add_credential(b, credential) == TLSC_OK);
    tlsc_config_external_credentials(b, true);
    tlsc_config_verify_on_resumption(b, true);
    tlsc_config_keep_peer_chain(b, true);
    configs[CLIENT_PLAY_ASKING] = end(b);
}

/* ---- the input ---- */

static uint8_t front_byte(play *p)
{
    if (p->in.n == 0) {
        return 0;
    }
    uint8_t v = p->in.p[0];
    p->in.p++;
    p->in.n--;
    return v;
}

static uint8_t back_byte(play *p)
{
    if (p->in.n == 0) {
        return 0;
    }
    return p->in.p[--p->in.n];
}

/* ---- the beginning ---- */

/* A session as an earlier connection would have left it. */
static tlsc_buf session_of(uint8_t flags, const tlsc_config *config, size_t i)
{
    static const uint8_t id[32] = { 9, 9 };
    static uint8_t chain[3 + sizeof(leaf_der)] = { 0, sizeof(leaf_der) >> 8, sizeof(leaf_der) & 0xff };
    memcpy(chain + 3, leaf_der, sizeof(leaf_der));
    bool is_13 = (flags & CLIENT_PLAY_SESSION13) != 0;
    bool by_id = !is_13 && (flags & CLIENT_PLAY_SESSION_ID) != 0;
    tlsc_session s = {
        .version = is_13 ? TLSC_TLS13 : TLSC_TLS12,
        .suite = is_13 ? (uint16_t)(0x1301 + i) : 0xc02b,
        .secret = { .n = is_13 ? (uint8_t)(i == 0 ? 32 : 48) : 48 },
        .extended_master_secret = true,
        .alpn = { (const uint8_t *)"h2", 2 },
        .server_name = { (const uint8_t *)"fuzz.test", 9 },
        .issued_ms = INT64_C(1000) * NOW_S - 5000,
        .max_early_data = is_13 ? CLIENT_PLAY_MAX_EARLY : 0,
        .peer_authenticated = true,
        .peer_chain = { chain, sizeof(chain) },
        .lifetime_s = LIFETIME_S,
        .ticket = { (const uint8_t *)"a ticket", by_id ? 0 : 8 },
        .session_id = { id, by_id ? sizeof(id) : 0 },
    };
    memcpy(s.identity, config->identity, sizeof(s.identity));
    tlsc_buf encoded = tlsc_buf_of(1 << 14);
    MUST(tlsc_session_emit(&encoded, &s) == TLSC_OK);
    return encoded;
}

tlsc_conn *client_play_connect(uint8_t flags, uint8_t which, client_play *out)
{
    if (configs[0] == NULL) {
        set_up();
    }
    const tlsc_config *config = configs[which % CLIENT_PLAY_CONFIGS];
    tlsc_conn_options options = { .size = sizeof(options), .provider = toy_provider() };
    options.now_ms = (flags & CLIENT_PLAY_NO_CLOCK) != 0 ? NULL : now_ms;
    options.key_log = key_log;
    options.max_fragment = (flags & CLIENT_PLAY_SMALL_FRAGMENTS) != 0 ? 64 : 0;
    options.max_handshake_message = (flags & CLIENT_PLAY_SHORT_MESSAGES) != 0 ? 512 : 0;
    tlsc_buf sessions[SESSIONS];
    tlsc_bytes offered[SESSIONS];
    for (size_t i = 0; i < SESSIONS; i++) {
        sessions[i] = session_of(flags, config, i);
        offered[i] = tlsc_buf_bytes(&sessions[i]);
    }
    bool any = (flags & (CLIENT_PLAY_SESSION13 | CLIENT_PLAY_SESSION12)) != 0;
    tlsc_client_options client = {
        .size = sizeof(client),
        .sessions = offered,
        .num_sessions = any ? SESSIONS : 0,
        .early_data = (flags & CLIENT_PLAY_EARLY_DATA) != 0,
        .on_session = on_session,
        .session_ctx = out,
    };
    client.name = (flags & CLIENT_PLAY_ADDRESS) != 0 ? tlsc_bytes_of_str("192.0.2.1")
                                                     : tlsc_bytes_of_str("Fuzz.test");
    tlsc_conn *c = NULL;
    MUST(tlsc_conn_new_client(&options, config, &client, &c) == TLSC_OK);
    for (size_t i = 0; i < SESSIONS; i++) {
        tlsc_buf_clear(&sessions[i]);
    }
    return c;
}

/* ---- after every call ---- */

/* An error is told once and for all, with its alert. */
static void check_error(play *p, tlsc_err rc)
{
    tlsc_failure f;
    tlsc_conn_error(p->c, &f);
    if (rc == TLSC_OK) {
        MUST(!p->refused && f.code == TLSC_OK);
        return;
    }
    MUST(f.code == rc && f.state[0] != 0);
    MUST(rc != TLSC_E_INTERNAL && rc != TLSC_E_CRYPTO && rc != TLSC_E_NO_MEMORY);
    MUST(f.alert_sent == TLSC_ALERT_NONE || f.alert_sent == tlsc_err_alert(rc) ||
         tlsc_err_blame(rc) == TLSC_BLAME_CERT || rc == TLSC_E_ABORTED);
    MUST(tlsc_conn_wait(p->c) == TLSC_WAIT_NONE);
    MUST(tlsc_conn_early_data_left(p->c) == 0);
    p->refused = true;
}

/* Nobody gets through whom the verifier didn't let pass, now or when the session began. */
static void check_info(const play *p)
{
    tlsc_info info;
    tlsc_conn_info(p->c, &info);
    MUST(info.client);
    MUST(!info.handshake_done || info.version >= TLSC_TLS12);
    MUST(!info.handshake_done || info.resumed || p->out->accepted > 0);
    MUST(!info.handshake_done || info.peer_authenticated);
    MUST(p->early || info.early_data == TLSC_EARLY_NONE);
    MUST(info.early_data_sent <= CLIENT_PLAY_MAX_EARLY);
    MUST(tlsc_conn_early_data_left(p->c) <= CLIENT_PLAY_MAX_EARLY - info.early_data_sent);
}

static void check_events(play *p, const tlsc_opened *opened)
{
    tlsc_info info;
    tlsc_conn_info(p->c, &info);
    p->out->events |= opened->events;
    MUST((opened->events & TLSC_EVENT_HANDSHAKE_DONE) == 0 || info.handshake_done);
    MUST((opened->events & TLSC_EVENT_EARLY_ACCEPTED) == 0 ||
         info.early_data == TLSC_EARLY_ACCEPTED);
    MUST((opened->events & TLSC_EVENT_EARLY_REJECTED) == 0 ||
         info.early_data > TLSC_EARLY_ACCEPTED);
    MUST((opened->events & (TLSC_EVENT_EARLY_DATA | TLSC_EVENT_CERTIFICATE)) == 0);
}

/* ---- answers ---- */

static tlsc_err answer_verdict(play *p, tlsc_opened *opened)
{
    const tlsc_verify_request *request;
    tlsc_verdict v = { .size = sizeof(v), .kind = TLSC_VERDICT_ACCEPT, .index = -1 };
    MUST(tlsc_conn_verify_request(p->c, &request) == TLSC_OK);
    MUST(request->purpose == TLSC_PURPOSE_SERVER && request->name.n == 9);
    MUST((request->num_certificates > 0) == (request->raw_key.n == 0));
    switch (back_byte(p) % 4) {
    case CLIENT_PLAY_REJECT:
        v.kind = TLSC_VERDICT_REJECT;
        break;
    case CLIENT_PLAY_ACCEPT_WITH_ERROR:
        v.kind = TLSC_VERDICT_ACCEPT_WITH_ERROR;
        v.error = TLSC_E_CERTIFICATE_REJECTED;
        break;
    case CLIENT_PLAY_REJECT_WITH_ALERT:
        v.kind = TLSC_VERDICT_REJECT;
        v.alert = TLSC_ALERT_certificate_expired;
        break;
    default:
        break;
    }
    p->out->accepted += v.kind != TLSC_VERDICT_REJECT;
    return tlsc_conn_answer_verdict(p->c, &v, opened);
}

static tlsc_err answer_credential(play *p, tlsc_opened *opened)
{
    tlsc_credential *const answers[] = { NULL, credential, raw_key };
    tlsc_credential_request request;
    uint8_t answer = back_byte(p) % 4;
    MUST(tlsc_conn_credential_request(p->c, &request) == TLSC_OK);
    MUST(request.size == sizeof(request) && request.types.n > 0);
    MUST(request.version == TLSC_TLS12 || request.version == TLSC_TLS13);
    if (answer == CLIENT_PLAY_NO_CHOICE) {
        return tlsc_conn_answer_refuse(p->c, TLSC_E_NO_CERTIFICATE);
    }
    return tlsc_conn_answer_credential(p->c, answers[answer], opened);
}

static tlsc_err answer_signature(play *p, tlsc_opened *opened)
{
    static const uint8_t signature[8] = { TOY_BYTE };
    uint16_t scheme;
    tlsc_bytes message;
    MUST(tlsc_conn_sign_request(p->c, &scheme, &message) == TLSC_OK);
    MUST(scheme == TLSC_SIG_ECDSA_P256_SHA256 && message.n > 64);
    size_t n = back_byte(p) == 0xff ? 0 : sizeof(signature);
    return tlsc_conn_answer_signature(p->c, tlsc_bytes_of(signature, n), opened);
}

static void answer_pauses(play *p)
{
    tlsc_opened opened = { 0 };
    while (true) {
        tlsc_err rc;
        switch (tlsc_conn_wait(p->c)) {
        case TLSC_WAIT_VERIFY:
            rc = answer_verdict(p, &opened);
            break;
        case TLSC_WAIT_CREDENTIAL:
            rc = answer_credential(p, &opened);
            break;
        case TLSC_WAIT_SIGN:
            rc = answer_signature(p, &opened);
            break;
        case TLSC_WAIT_MESSAGE:
        case TLSC_WAIT_NONE:
            return;
        default:
            abort(); /* a server's */
        }
        p->out->pauses++;
        MUST(opened.consumed == 0 && opened.data.n == 0);
        check_error(p, rc);
        check_info(p);
        check_events(p, &opened);
    }
}

/* ---- operations ---- */

/* Makes the peer's bytes those `n` and `more`. */
static void keep_wire(play *p, const uint8_t *from, size_t n, tlsc_bytes more)
{
    uint8_t *wire = (uint8_t *)malloc(n + more.n + 1);
    MUST(wire != NULL);
    tlsc_bytes_copy(wire + 1, tlsc_bytes_of(from, n));
    tlsc_bytes_copy(wire + 1 + n, more);
    free(p->wire == NULL ? NULL : p->wire - 1);
    p->wire = wire + 1;
    p->wire_n = n + more.n;
}

/* One call of tlsc_conn_open on what lies there; false when it can't go on. */
static bool open_once(play *p)
{
    tlsc_opened opened;
    tlsc_info info;
    tlsc_err rc = tlsc_conn_open(p->c, p->wire, p->wire_n, &opened);
    check_error(p, rc);
    check_info(p);
    check_events(p, &opened);
    tlsc_conn_info(p->c, &info);
    MUST(opened.consumed <= p->wire_n);
    MUST(opened.needed == 0 || opened.consumed == 0);
    MUST(opened.output == tlsc_conn_has_output(p->c));
    if (opened.data.n > 0) {
        MUST(rc == TLSC_OK && info.handshake_done);
        MUST(opened.data.p >= p->wire &&
             opened.data.p + opened.data.n <= p->wire + opened.consumed);
        p->out->plaintext += opened.data.n;
    }
    keep_wire(p, p->wire + opened.consumed, p->wire_n - opened.consumed, (tlsc_bytes){ NULL, 0 });
    return rc == TLSC_OK && opened.consumed > 0;
}

static void feed(play *p, size_t n)
{
    n = n < p->in.n ? n : p->in.n;
    keep_wire(p, p->wire, p->wire_n, tlsc_bytes_of(p->in.p, n));
    p->in.p += n;
    p->in.n -= n;
    do {
        answer_pauses(p);
    } while (p->wire_n > 0 && open_once(p));
    answer_pauses(p);
}

/* Of a batch that fits its plan only more early data than there may be is refused. */
static bool may_seal(const play *p, size_t num, size_t len)
{
    tlsc_info info;
    tlsc_conn_info(p->c, &info);
    return num == 0 || info.handshake_done || num * len <= tlsc_conn_early_data_left(p->c);
}

static void seal(play *p, size_t num, size_t len)
{
    size_t lens[RECORDS_MAX] = { len, len, len };
    tlsc_plan plan;
    size_t n = 1;
    tlsc_err rc = tlsc_conn_plan(p->c, num, &plan);
    if (rc != TLSC_OK) {
        MUST(num > 0);
        MUST(rc == TLSC_E_NOT_READY || rc == TLSC_E_CLOSED);
        return;
    }
    size_t need = plan.front + num * (plan.head + len + plan.tail);
    uint8_t *buf = (uint8_t *)tlsc_mem_zalloc(need);
    MUST(buf != NULL);
    bool fits = (num == 0 || len <= plan.max_data) && may_seal(p, num, len);
    rc = tlsc_conn_seal(p->c, &plan, buf, need, lens, num, &n);
    if (!fits) {
        MUST(rc == TLSC_E_USAGE && n == 0);
    } else {
        MUST(rc == TLSC_OK && n == need);
        MUST(!tlsc_conn_has_output(p->c));
        p->out->output += n;
    }
    check_info(p);
    tlsc_mem_free(buf);
}

static void stale_plan(play *p)
{
    static const size_t len = 1;
    static uint8_t buf[4096];
    tlsc_plan plan;
    size_t n = 1;
    if (tlsc_conn_plan(p->c, 1, &plan) != TLSC_OK || plan.front > 1024) {
        return;
    }
    if (tlsc_conn_update_keys(p->c, false) == TLSC_OK) {
        MUST(tlsc_conn_seal(p->c, &plan, buf, sizeof(buf), &len, 1, &n) == TLSC_E_USAGE && n == 0);
    }
}

/* With an alert that ends it, everything ends; with another, nothing changes. */
static void end_it(play *p, uint8_t alert)
{
    tlsc_failure before;
    tlsc_conn_error(p->c, &before);
    tlsc_err rc = tlsc_conn_abort(p->c, alert);
    if (rc == TLSC_OK) {
        check_error(p, TLSC_E_ABORTED);
    } else {
        tlsc_failure now;
        tlsc_conn_error(p->c, &now);
        MUST((rc == TLSC_E_USAGE || rc == TLSC_E_CLOSED) && now.code == before.code);
    }
}

static void operate(play *p)
{
    uint8_t op = front_byte(p);
    size_t n;
    switch (op) {
    case CLIENT_PLAY_FEED_LONG:
        n = (size_t)front_byte(p) << 8;
        feed(p, n | front_byte(p));
        return;
    case CLIENT_PLAY_SEAL:
        n = front_byte(p);
        seal(p, n % (RECORDS_MAX + 1), n + 1);
        return;
    case CLIENT_PLAY_CLOSE:
        (void)tlsc_conn_close(p->c);
        return;
    case CLIENT_PLAY_UPDATE:
    case CLIENT_PLAY_UPDATE_BOTH:
        (void)tlsc_conn_update_keys(p->c, op == CLIENT_PLAY_UPDATE_BOTH);
        return;
    case CLIENT_PLAY_END_OF_INPUT:
        check_error(p, tlsc_conn_end_of_input(p->c));
        return;
    case CLIENT_PLAY_STALE_PLAN:
        stale_plan(p);
        return;
    case CLIENT_PLAY_APPLICATION:
        MUST(tlsc_conn_set_session_application(p->c, tlsc_bytes_of_str("mine")) == TLSC_OK);
        return;
    case CLIENT_PLAY_ABORT:
        end_it(p, front_byte(p));
        return;
    default:
        feed(p, (size_t)op + 1);
        return;
    }
}

void client_play_run(const uint8_t *data, size_t n, client_play *out)
{
    client_play unused;
    if (out == NULL) {
        out = &unused;
    }
    memset(out, 0, sizeof(*out));
    play p = { .in = { data, n }, .out = out };
    uint8_t flags = front_byte(&p);
    p.early = (flags & CLIENT_PLAY_EARLY_DATA) != 0;
    p.c = client_play_connect(flags, front_byte(&p), out);
    answer_pauses(&p);
    while (p.in.n > 0) {
        operate(&p);
    }
    if (tlsc_conn_has_output(p.c)) {
        seal(&p, 0, 0);
    }
    tlsc_conn_info(p.c, &out->info);
    tlsc_conn_error(p.c, &out->failure);
    /* views that end with the connection */
    out->info.alpn.p = NULL;
    out->info.server_name.p = NULL;
    out->info.session_application.p = NULL;
    out->info.config = NULL;
    out->info.credential = NULL;
    out->info.verified_chain = NULL;
    tlsc_conn_free(p.c);
    free(p.wire == NULL ? NULL : p.wire - 1);
}
