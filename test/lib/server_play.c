/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/server_play.c: see the header. What must hold after each call stands beside the call. */
#include "server_play.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/bytes.h"
#include "base/mem.h"
#include "base/secret.h"
#include "keys/prf12.h"
#include "keys/session.h"
#include "keys/ticket_seal.h"
#include "leaf_der.h"
#include "toy_provider.h"
#include "wire/enums.h"

enum { NOW_S = 1790000000, LIFETIME_S = 3600, RECORDS_MAX = 3 };

#define MUST(holds)                                                                                \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

typedef struct play {
    tlsc_bytes in; /* what is left, operations and answers */
    tlsc_conn *c;
    uint8_t
        *wire; /* from the peer, not consumed yet: a block of just that size, for the sanitizer */
    size_t wire_n;
    bool refused; /* the connection has failed */
    size_t early; /* bytes of early data that came */
    server_play *out;
} play;

/* ---- what all plays share ---- */

static tlsc_ticket_keys ring;
static const tlsc_config *plain_config;
static const tlsc_config *store_config;
static const tlsc_config *other_config;
static const tlsc_config *asking_config;
static const tlsc_config *needing_config;
static const tlsc_config *choosing_config;
static const tlsc_config *many_config;
static tlsc_credential *credential;
static tlsc_credential *stapled;
static tlsc_credential *raw_key;

static int64_t now_ms(void *ctx)
{
    (void)ctx;
    return INT64_C(1000) * NOW_S;
}

static tlsc_err read_keys(void *ctx, tlsc_ticket_keys *out)
{
    (void)ctx;
    *out = ring;
    return TLSC_OK;
}

static void key_log(void *ctx, const char *line, size_t n)
{
    (void)ctx;
    MUST(line[n - 1] != '\n' && memchr(line, ' ', n) != NULL);
}

static tlsc_err put_nothing(void *ctx, tlsc_bytes key, tlsc_bytes value, uint32_t lifetime_s)
{
    (void)ctx;
    MUST(key.n == TLSC_STORE_KEY_MAX && value.n > 0 && value.n <= TLSC_STORE_VALUE_MAX);
    MUST(lifetime_s == LIFETIME_S);
    return TLSC_OK;
}

static tlsc_err find_later(void *ctx, tlsc_bytes key, uint8_t *out, size_t cap, size_t *n,
                           bool *later)
{
    (void)ctx;
    (void)out;
    MUST(key.n == TLSC_STORE_KEY_MAX && cap >= TLSC_STORE_VALUE_MAX);
    *n = 0;
    *later = true;
    return TLSC_OK;
}

static tlsc_err always_first(void *ctx, const uint8_t id[32], int64_t until_ms, bool *first)
{
    (void)ctx;
    MUST(id != NULL && until_ms > 0);
    *first = true;
    return TLSC_OK;
}

static const tlsc_config *build(tlsc_config_builder *b)
{
    const tlsc_config *config = NULL;
    MUST(tlsc_config_add_credential(b, credential) == TLSC_OK);
    MUST(tlsc_config_build(b, &config) == TLSC_OK);
    tlsc_config_builder_free(b);
    return config;
}

/* The verdict is always the play's. */
static const tlsc_config *build_asking(const tlsc_ticketer *ticketer, tlsc_client_auth mode)
{
    static const tlsc_verifier verifier = { sizeof(verifier), NULL, NULL };
    static const uint8_t identity[32] = { 2 };
    tlsc_config_builder *b = tlsc_config_builder_new(toy_provider());
    MUST(b != NULL);
    MUST(tlsc_config_set_verifier(b, &verifier) == TLSC_OK);
    MUST(tlsc_config_set_client_auth(b, mode) == TLSC_OK);
    MUST(tlsc_config_set_ticketer(b, ticketer, identity, 1) == TLSC_OK);
    tlsc_config_keep_peer_chain(b, true);
    tlsc_config_post_handshake_auth(b, true);
    return build(b);
}

static void make_credentials(void)
{
    static const uint16_t schemes[] = { TLSC_SIG_ECDSA_P256_SHA256 };
    static const uint8_t scts[] = { 0, 5, 0, 3, 'o', 'n', 'e' };
    tlsc_bytes leaf = { leaf_der, sizeof(leaf_der) };
    tlsc_credential_options options = { .size = sizeof(options),
                                        .ocsp = { leaf_der, 100 },
                                        .scts = { scts, sizeof(scts) } };
    MUST(tlsc_credential_external(toy_provider(), &leaf, 1, schemes, 1, &credential) == TLSC_OK);
    MUST(tlsc_credential_with(credential, &options, &stapled) == TLSC_OK);
    MUST(tlsc_credential_raw_key_external(toy_provider(), tlsc_credential_spki(credential), schemes,
                                          1, &raw_key) == TLSC_OK);
}

static const tlsc_config *build_choosing(bool by_caller)
{
    tlsc_config_builder *b = tlsc_config_builder_new(toy_provider());
    MUST(b != NULL);
    MUST(tlsc_config_add_credential(b, raw_key) == TLSC_OK);
    MUST(tlsc_config_add_credential(b, stapled) == TLSC_OK);
    tlsc_config_external_credentials(b, by_caller);
    return build(b);
}

static void set_up(void)
{
    static const uint16_t p256[] = { 0x0017 };
    static const uint16_t big_hash[] = { 0x1302 };
    static const uint8_t identity[32] = { 1 };
    static const tlsc_bytes names[] = { { (const uint8_t *)"h2", 2 },
                                        { (const uint8_t *)"http/1.1", 8 } };
    static const tlsc_ticketer ticketer = { sizeof(ticketer), NULL, read_keys, LIFETIME_S };
    static const tlsc_store store = { sizeof(store), NULL, true, put_nothing, find_later, find_later };
    static const tlsc_replay_guard guard = { sizeof(guard), NULL, always_first };
    make_credentials();
    choosing_config = build_choosing(true);
    many_config = build_choosing(false);
    MUST(tlsc_ticket_key_new(toy_provider(), 0, INT64_MAX, &ring.keys[0]) == TLSC_OK);
    ring.num = 1;
    tlsc_config_builder *b = tlsc_config_builder_new(toy_provider());
    MUST(b != NULL);
    MUST(tlsc_config_set_ticketer(b, &ticketer, identity, 2) == TLSC_OK);
    MUST(tlsc_config_accept_early_data(b, PLAY_EARLY_DATA, &guard) == TLSC_OK);
    plain_config = build(b);
    b = tlsc_config_builder_new(toy_provider());
    MUST(b != NULL);
    MUST(tlsc_config_set_ticketer(b, &ticketer, identity, 2) == TLSC_OK);
    MUST(tlsc_config_set_store(b, &store, false) == TLSC_OK);
    MUST(tlsc_config_set_max_tickets(b, 8) == TLSC_OK);
    MUST(tlsc_config_accept_early_data(b, PLAY_EARLY_DATA, NULL) == TLSC_OK);
    tlsc_config_half_rtt_data(b, true);
    store_config = build(b);
    b = tlsc_config_builder_new(toy_provider());
    MUST(b != NULL);
    MUST(tlsc_config_set_groups(b, p256, 1) == TLSC_OK);
    MUST(tlsc_config_prefer_suites(b, big_hash, 1) == TLSC_OK);
    MUST(tlsc_config_set_alpn(b, names, 2) == TLSC_OK);
    tlsc_config_honor_client_order(b, false);
    MUST(tlsc_config_acknowledge_server_name(b, false) == TLSC_OK);
    other_config = build(b);
    asking_config = build_asking(&ticketer, TLSC_CLIENT_AUTH_OPTIONAL);
    needing_config = build_asking(&ticketer, TLSC_CLIENT_AUTH_REQUIRED);
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
         tlsc_err_blame(rc) == TLSC_BLAME_CERT || rc == TLSC_E_CERTIFICATE_REQUIRED ||
         rc == TLSC_E_ABORTED);
    MUST(tlsc_conn_wait(p->c) == TLSC_WAIT_NONE);
    p->refused = true;
}

static void look_at_hello(play *p)
{
    const tlsc_hello *h = tlsc_conn_hello(p->c);
    tlsc_bytes name = tlsc_hello_server_name(h);
    size_t at = 0;
    uint16_t v;
    for (size_t i = 0; i < name.n; i++) {
        MUST(name.p[i] != 0 && (name.p[i] < 'A' || name.p[i] > 'Z'));
    }
    while (tlsc_hello_alpn_next(h, &at, &name)) {
        MUST(name.n > 0);
    }
    for (size_t i = 0; tlsc_hello_suite_at(h, i, &v); i++) {
        MUST(tlsc_hello_offers_suite(h, v));
    }
    for (size_t i = 0; tlsc_hello_version_at(h, i, &v); i++) {
        MUST(tlsc_hello_offers_version(h, v));
    }
    MUST(tlsc_hello_raw(h).n > 0);
}

/* ---- answers ---- */

static tlsc_err answer_config(play *p, tlsc_opened *opened)
{
    tlsc_bytes alpn = { NULL, 0 };
    tlsc_bytes message;
    uint16_t scheme;
    size_t at = 0;
    look_at_hello(p);
    switch (back_byte(p) % 16) {
    case PLAY_CONFIG_ASK:
        return tlsc_conn_answer_config(p->c, asking_config, alpn, NULL, opened);
    case PLAY_CONFIG_NEED:
        return tlsc_conn_answer_config(p->c, needing_config, alpn, NULL, opened);
    case PLAY_CONFIG_OTHER:
        return tlsc_conn_answer_config(p->c, other_config, alpn, NULL, opened);
    case PLAY_CONFIG_REFUSE:
        return tlsc_conn_answer_refuse(p->c, TLSC_E_UNKNOWN_SERVER_NAME);
    case PLAY_CONFIG_ALPN:
        (void)tlsc_hello_alpn_next(tlsc_conn_hello(p->c), &at, &alpn);
        return tlsc_conn_answer_config(p->c, plain_config, alpn, NULL, opened);
    case PLAY_CONFIG_OVERRIDE:
        return tlsc_conn_answer_config(p->c, other_config, alpn, credential, opened);
    case PLAY_CONFIG_STORE:
        return tlsc_conn_answer_config(p->c, store_config, alpn, NULL, opened);
    case PLAY_CONFIG_CHOOSE:
        return tlsc_conn_answer_config(p->c, choosing_config, alpn, NULL, opened);
    case PLAY_CONFIG_MANY:
        return tlsc_conn_answer_config(p->c, many_config, alpn, NULL, opened);
    case PLAY_CONFIG_WRONG:
        MUST(tlsc_conn_answer_signature(p->c, alpn, opened) == TLSC_E_USAGE);
        MUST(tlsc_conn_answer_ticket(p->c, alpn, opened) == TLSC_E_USAGE);
        MUST(tlsc_conn_sign_request(p->c, &scheme, &message) == TLSC_E_USAGE);
        MUST(tlsc_conn_ticket_request(p->c, &message) == TLSC_E_USAGE);
        MUST(tlsc_conn_seal_request(p->c, &message) == TLSC_E_USAGE);
        MUST(tlsc_conn_answer_sealed(p->c, alpn, opened) == TLSC_E_USAGE);
        MUST(tlsc_conn_answer_session(p->c, alpn, opened) == TLSC_E_USAGE);
        MUST(tlsc_conn_answer_credential(p->c, NULL, opened) == TLSC_E_USAGE);
        MUST(tlsc_conn_answer_config(p->c, NULL, alpn, NULL, opened) == TLSC_E_USAGE);
        MUST(tlsc_conn_wait(p->c) == TLSC_WAIT_CONFIG);
        return tlsc_conn_answer_config(p->c, plain_config, alpn, NULL, opened);
    default:
        return tlsc_conn_answer_config(p->c, plain_config, alpn, NULL, opened);
    }
}

static tlsc_err answer_credential(play *p, tlsc_opened *opened)
{
    tlsc_credential *const answers[] = { NULL, credential, stapled, raw_key };
    tlsc_credential_request request;
    MUST(tlsc_conn_credential_request(p->c, &request) == TLSC_OK);
    MUST(request.size == sizeof(request) && request.types.n > 0);
    MUST(request.version == TLSC_TLS12 || request.version == TLSC_TLS13);
    return tlsc_conn_answer_credential(p->c, answers[back_byte(p) % 4], opened);
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

static tlsc_session session_that_fits(const play *p, uint16_t version)
{
    return (tlsc_session){ .version = version,
                           .suite = version == TLSC_TLS13 ? 0x1301 : 0xc02b,
                           .secret = { .n = version == TLSC_TLS13 ? 32 : 48 },
                           .identity = { 1 },
                           .issued_ms = INT64_C(1000) * NOW_S,
                           .extended_master_secret = version == TLSC_TLS12,
                           .max_early_data = version == TLSC_TLS13 ? PLAY_EARLY_DATA : 0,
                           .server_name = tlsc_hello_server_name(tlsc_conn_hello(p->c)) };
}

static void seal_session(tlsc_bytes session, tlsc_buf *out)
{
    MUST(tlsc_ticket_seal(toy_provider(), toy_provider()->random, &ring, INT64_C(1000) * NOW_S,
                          session, out) == TLSC_OK);
}

static tlsc_err answer_session(play *p, tlsc_opened *opened)
{
    static const uint8_t garbage[TLSC_STORE_VALUE_MAX + 1] = { 1, 3, 4 };
    tlsc_bytes key;
    bool take;
    tlsc_buf encoded = tlsc_buf_of(1 << 16);
    tlsc_buf value = tlsc_buf_of(1 << 16);
    MUST(tlsc_conn_session_request(p->c, &key, &take) == TLSC_OK);
    MUST(key.n == TLSC_STORE_KEY_MAX);
    tlsc_session session = session_that_fits(p, take ? TLSC_TLS13 : TLSC_TLS12);
    switch (back_byte(p) % 4) {
    case PLAY_SESSION_GOOD:
        MUST(tlsc_session_emit(&encoded, &session) == TLSC_OK);
        seal_session(tlsc_buf_bytes(&encoded), &value);
        break;
    case PLAY_SESSION_GARBAGE:
        MUST(tlsc_buf_append(&value, tlsc_bytes_of(garbage, 60)) == TLSC_OK);
        break;
    case PLAY_SESSION_TOO_LONG:
        MUST(tlsc_conn_answer_session(p->c, tlsc_bytes_of(garbage, sizeof(garbage)), opened) ==
             TLSC_E_USAGE);
        break;
    default:
        break;
    }
    tlsc_err rc = tlsc_conn_answer_session(p->c, tlsc_buf_bytes(&value), opened);
    tlsc_buf_clear(&encoded);
    tlsc_buf_clear(&value);
    return rc;
}

static tlsc_err answer_seal(play *p, tlsc_opened *opened)
{
    static const uint8_t garbage[65536] = { 1, 3, 4 };
    tlsc_bytes session;
    tlsc_buf ticket = tlsc_buf_of(1 << 16);
    MUST(tlsc_conn_seal_request(p->c, &session) == TLSC_OK && session.n > 0);
    switch (back_byte(p) % 4) {
    case PLAY_SEAL_RIGHT:
        seal_session(session, &ticket);
        break;
    case PLAY_SEAL_GARBAGE:
        MUST(tlsc_buf_append(&ticket, tlsc_bytes_of(garbage, 65535)) == TLSC_OK);
        break;
    case PLAY_SEAL_TOO_LONG:
        MUST(tlsc_conn_answer_sealed(p->c, tlsc_bytes_of(garbage, sizeof(garbage)), opened) ==
             TLSC_E_USAGE);
        break;
    default:
        break;
    }
    tlsc_err rc = tlsc_conn_answer_sealed(p->c, tlsc_buf_bytes(&ticket), opened);
    tlsc_buf_clear(&ticket);
    return rc;
}

static tlsc_err answer_ticket(play *p, tlsc_opened *opened)
{
    static const uint8_t garbage[40] = { 1, 3, 4 };
    tlsc_bytes ticket;
    bool is_13 = tlsc_hello_offers_version(tlsc_conn_hello(p->c), TLSC_TLS13);
    tlsc_session session = session_that_fits(p, is_13 ? TLSC_TLS13 : TLSC_TLS12);
    tlsc_buf made = tlsc_buf_of(1 << 16);
    MUST(tlsc_conn_ticket_request(p->c, &ticket) == TLSC_OK && ticket.n > 0);
    MUST(tlsc_buf_reserve(&made, ticket.n + sizeof(garbage)) == TLSC_OK);
    switch (back_byte(p) % 4) {
    case PLAY_TICKET_OPEN: {
        size_t n = 0;
        (void)tlsc_ticket_open(toy_provider(), &ring, ticket, made.p, ticket.n, &n);
        made.n = n;
        break;
    }
    case PLAY_TICKET_GARBAGE:
        MUST(tlsc_buf_append(&made, tlsc_bytes_of(garbage, sizeof(garbage))) == TLSC_OK);
        break;
    case PLAY_TICKET_GOOD:
        MUST(tlsc_session_emit(&made, &session) == TLSC_OK);
        break;
    default:
        break;
    }
    tlsc_err rc = tlsc_conn_answer_ticket(p->c, tlsc_buf_bytes(&made), opened);
    tlsc_buf_clear(&made);
    return rc;
}

static tlsc_err answer_verdict(play *p, tlsc_opened *opened)
{
    const tlsc_verify_request *request;
    tlsc_verdict v = { .size = sizeof(v), .kind = TLSC_VERDICT_ACCEPT, .index = -1 };
    MUST(tlsc_conn_verify_request(p->c, &request) == TLSC_OK);
    MUST(request->num_certificates > 0 && request->purpose == TLSC_PURPOSE_CLIENT);
    switch (back_byte(p) % 4) {
    case PLAY_VERDICT_ACCEPT:
        break;
    case PLAY_VERDICT_REJECT:
        v.kind = TLSC_VERDICT_REJECT;
        break;
    case PLAY_VERDICT_WITH_ERROR:
        v.kind = TLSC_VERDICT_ACCEPT_WITH_ERROR;
        v.error = TLSC_E_CERTIFICATE_REJECTED;
        break;
    default:
        v.kind = TLSC_VERDICT_REJECT;
        v.alert = TLSC_ALERT_access_denied;
        break;
    }
    return tlsc_conn_answer_verdict(p->c, &v, opened);
}

static void answer_pauses(play *p)
{
    tlsc_opened opened = { 0 };
    while (true) {
        tlsc_err rc;
        switch (tlsc_conn_wait(p->c)) {
        case TLSC_WAIT_CONFIG:
            rc = answer_config(p, &opened);
            break;
        case TLSC_WAIT_CREDENTIAL:
            rc = answer_credential(p, &opened);
            break;
        case TLSC_WAIT_SIGN:
            rc = answer_signature(p, &opened);
            break;
        case TLSC_WAIT_TICKET:
            rc = answer_ticket(p, &opened);
            break;
        case TLSC_WAIT_VERIFY:
            rc = answer_verdict(p, &opened);
            break;
        case TLSC_WAIT_SESSION:
            rc = answer_session(p, &opened);
            break;
        case TLSC_WAIT_SEAL:
            rc = answer_seal(p, &opened);
            break;
        default:
            return;
        }
        p->out->pauses++;
        MUST(opened.consumed == 0 && opened.data.n == 0);
        check_error(p, rc);
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
    bool had_output = tlsc_conn_has_output(p->c);
    tlsc_err rc = tlsc_conn_open(p->c, p->wire, p->wire_n, &opened);
    check_error(p, rc);
    tlsc_conn_info(p->c, &info);
    MUST(opened.consumed <= p->wire_n);
    MUST(opened.needed == 0 || opened.consumed == 0);
    MUST(opened.output == tlsc_conn_has_output(p->c));
    MUST((opened.events & TLSC_EVENT_HANDSHAKE_DONE) == 0 || info.handshake_done);
    if (opened.data.n > 0) {
        bool early = (opened.events & TLSC_EVENT_EARLY_DATA) != 0;
        MUST(rc == TLSC_OK && info.version >= TLSC_TLS12 && info.handshake_done == !early);
        MUST(!early || info.early_data == TLSC_EARLY_ACCEPTED);
        p->early += early ? opened.data.n : 0;
        MUST(p->early <= PLAY_EARLY_DATA);
        MUST(opened.data.p >= p->wire &&
             opened.data.p + opened.data.n <= p->wire + opened.consumed);
        p->out->plaintext += opened.data.n;
    }
    if (rc == TLSC_E_HTTP_REQUEST || rc == TLSC_E_NOT_TLS) {
        MUST(opened.consumed == 0 && (rc == TLSC_E_NOT_TLS || opened.output == had_output));
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

static void keep_output(play *p, const uint8_t *buf, size_t n)
{
    size_t at = p->out->output;
    size_t room = at < sizeof(p->out->wire) ? sizeof(p->out->wire) - at : 0;
    memcpy(p->out->wire + (room > 0 ? at : 0), buf, n < room ? n : room);
    p->out->output += n;
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
    bool fits = num == 0 || len <= plan.max_data;
    if (fits && need > 0) {
        MUST(tlsc_conn_seal(p->c, &plan, buf, need - 1, lens, num, &n) == TLSC_E_TOO_SMALL &&
             n == 0);
    }
    rc = tlsc_conn_seal(p->c, &plan, buf, need, lens, num, &n);
    if (!fits) {
        MUST(rc == TLSC_E_USAGE && n == 0);
    } else {
        MUST(rc == TLSC_OK && n == need);
        MUST(!tlsc_conn_has_output(p->c));
        keep_output(p, buf, n);
    }
    tlsc_mem_free(buf);
}

static void stale_plan(play *p)
{
    static const size_t len = 1;
    uint8_t buf[4096];
    tlsc_plan plan;
    size_t n = 1;
    if (tlsc_conn_plan(p->c, 1, &plan) != TLSC_OK || plan.front > 1024) {
        return;
    }
    memset(buf, 0, sizeof(buf));
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
    case PLAY_FEED_LONG:
        n = (size_t)front_byte(p) << 8;
        feed(p, n | front_byte(p));
        return;
    case PLAY_SEAL:
        n = front_byte(p);
        seal(p, n % (RECORDS_MAX + 1), n + 1);
        return;
    case PLAY_CLOSE:
        (void)tlsc_conn_close(p->c);
        return;
    case PLAY_UPDATE:
    case PLAY_UPDATE_BOTH:
        (void)tlsc_conn_update_keys(p->c, op == PLAY_UPDATE_BOTH);
        return;
    case PLAY_TICKETS:
        tlsc_conn_send_tickets(p->c);
        return;
    case PLAY_END_OF_INPUT: {
        tlsc_err rc = tlsc_conn_end_of_input(p->c);
        check_error(p, rc);
        return;
    }
    case PLAY_STALE_PLAN:
        stale_plan(p);
        return;
    case PLAY_ASK:
        (void)tlsc_conn_request_certificate(p->c);
        return;
    case PLAY_ABORT:
        end_it(p, front_byte(p));
        return;
    default:
        feed(p, (size_t)op + 1);
        return;
    }
}

static void open_connection(play *p)
{
    uint8_t flags = front_byte(p);
    tlsc_conn_options options = { .size = sizeof(options), .provider = toy_provider() };
    options.now_ms = (flags & PLAY_NO_CLOCK) != 0 ? NULL : now_ms;
    options.key_log = key_log;
    options.external_tickets = (flags & PLAY_EXTERNAL_TICKETS) != 0;
    options.max_fragment = (flags & PLAY_SMALL_FRAGMENTS) != 0 ? 64 : 0;
    options.max_handshake_message = (flags & PLAY_SHORT_MESSAGES) != 0 ? 512 : 0;
    options.max_early_data_skip = (flags & PLAY_LITTLE_SKIP) != 0 ? 256 : 0;
    MUST(tlsc_conn_new_server(&options, &p->c) == TLSC_OK);
}

void server_play_run(const uint8_t *data, size_t n, server_play *out)
{
    static server_play unused;
    if (plain_config == NULL) {
        set_up();
    }
    if (out == NULL) {
        out = &unused;
    }
    memset(out, 0, offsetof(server_play, wire));
    play p = { .in = { data, n }, .out = out };
    open_connection(&p);
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
    out->info.config = NULL;
    out->info.credential = NULL;
    tlsc_conn_free(p.c);
    free(p.wire == NULL ? NULL : p.wire - 1);
}
