/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/client.c: what all versions share on the client's side: the options, ClientHello, the
 * server's choice of the version, HelloRetryRequest. */
#include "handshake/client.h"

#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "handshake/client_name.h"
#include "handshake/common13.h"
#include "handshake/negotiate.h"
#include "handshake/own.h"
#include "handshake/peer.h"
#include "record/protect13.h"
#include "wire/server_hello.h"

enum { ALPN_MAX = 65535, COOKIE_MAX = 65535 };

static tlsc_err on_verify_early(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_send_hello(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_server_hello(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_second_server_hello(tlsc_hs *hs, const tlsc_msg *msg,
                                       const tlsc_hs_state **next);

const tlsc_hs_state tlsc_client_first = { "client: verify before early data", 0, false,
                                          on_verify_early };
static const tlsc_hs_state send_hello = { "client: send ClientHello", 0, false, on_send_hello };
/* In TLS 1.2 the flight goes on in ServerHello's record; TLS 1.3's rule is in check_hello13. */
static const tlsc_hs_state expect_server_hello = { "client: expect ServerHello",
                                                   TLSC_HS_BIT(SERVER_HELLO), false,
                                                   on_server_hello };
static const tlsc_hs_state expect_second_server_hello = { "client13: expect second ServerHello",
                                                          TLSC_HS_BIT(SERVER_HELLO), true,
                                                          on_second_server_hello };

/* ---- the caller's options ---- */

static tlsc_err copy_bytes(tlsc_bytes from, tlsc_bytes *to)
{
    uint8_t *copy = (uint8_t *)tlsc_mem_dup(from);
    if (copy == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    *to = tlsc_bytes_of(copy, from.n);
    return TLSC_OK;
}

/* Keeps the name in lower case: sessions and verifiers compare it. */
static tlsc_err take_name(tlsc_hs *hs, tlsc_bytes name)
{
    tlsc_client *client = hs->client;
    tlsc_name_kind kind;
    size_t n;
    TRY(tlsc_client_name_check(name, &kind, &n));
    if (kind == TLSC_NAME_EMPTY) {
        return TLSC_OK;
    }
    client->name = (char *)tlsc_mem_dup(tlsc_bytes_of(name.p, n));
    if (client->name == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    for (size_t i = 0; i < n; i++) {
        char c = client->name[i];
        client->name[i] = c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
    }
    client->name_n = n;
    client->name_is_dns = kind == TLSC_NAME_DNS;
    return copy_bytes(tlsc_bytes_of(client->name, n), &hs->outcome->server_name);
}

static tlsc_err take_alpn(tlsc_hs *hs, const tlsc_client_options *options)
{
    tlsc_buf *list = &hs->client->alpn;
    *list = tlsc_buf_of(ALPN_MAX);
    if (options->alpn == NULL) {
        return tlsc_buf_append(list, hs->config->alpn);
    }
    tlsc_wr w = tlsc_wr_of(list);
    for (size_t i = 0; i < options->num_alpn; i++) {
        if (options->alpn[i].n == 0 || options->alpn[i].n > 255) {
            return TLSC_E_USAGE;
        }
        tlsc_wr_vec8(&w, options->alpn[i]);
    }
    return tlsc_wr_end(&w);
}

/* ---- ClientHello ---- */

static tlsc_err random_bytes(const tlsc_hs *hs, uint8_t *out, size_t n)
{
    const tlsc_random *source = hs->provider->random;
    return source->fill(source->ctx, out, n);
}

/* In TLS 1.3 a session id makes middleboxes see what they know (RFC 8446 D.4); in TLS 1.2 it is the
 * session's, or tells by its echo that a ticket was taken (RFC 5077 3.4). */
static tlsc_err choose_session_id(tlsc_hs *hs)
{
    tlsc_client *client = hs->client;
    const tlsc_session *first = client->num_sessions > 0 ? &client->sessions[0].session : NULL;
    if (first != NULL && first->version == TLSC_TLS12 && first->session_id.n > 0) {
        tlsc_bytes_copy(client->session_id, first->session_id);
        client->session_id_n = first->session_id.n;
        return TLSC_OK;
    }
    if (!client->offers_13 && first == NULL) {
        return TLSC_OK;
    }
    client->session_id_n = sizeof(client->session_id);
    return random_bytes(hs, client->session_id, client->session_id_n);
}

static bool list_has(tlsc_bytes alpn, tlsc_bytes name)
{
    tlsc_rd list = tlsc_rd_of(alpn);
    tlsc_bytes offered;
    while (tlsc_alpn_next(&list, &offered)) {
        if (tlsc_bytes_equal(offered, name)) {
            return true;
        }
    }
    return false;
}

/* Early data goes with the first PSK, in the protocol that its session had. */
static bool may_send_early(const tlsc_hs *hs)
{
    const tlsc_client *client = hs->client;
    if (!client->offers_early_data || !client->offers_13 || client->num_sessions == 0) {
        return false;
    }
    const tlsc_session *first = &client->sessions[0].session;
    return first->version == TLSC_TLS13 && first->max_early_data > 0 &&
           (first->alpn.n == 0 || list_has(tlsc_buf_bytes(&client->alpn), first->alpn));
}

/* Writes from now on under the early traffic secret of the first PSK. */
static tlsc_err start_early_data(tlsc_hs *hs)
{
    const tlsc_session *s = &hs->client->sessions[0].session;
    const tlsc_suite *suite = tlsc_config_suite(hs->config, s->suite, TLSC_TLS13);
    uint8_t transcript[TLSC_HASH_MAX];
    tlsc_secret secret;
    TRY(tlsc_client_send_ccs(hs));
    tlsc_transcript_hash_with(&hs->transcript, suite->hash, (tlsc_bytes){ NULL, 0 }, transcript);
    TRY(tlsc_schedule13_early(&hs->schedule, suite->hash, tlsc_secret_bytes(&s->secret)));
    TRY(tlsc_schedule13_derive(&hs->schedule, TLSC_LABEL_CLIENT_EARLY, transcript, &secret));
    tlsc_hs_log(hs, "CLIENT_EARLY_TRAFFIC_SECRET", &secret);
    tlsc_err rc = tlsc_protect13_start(&hs->rl->wr, suite, &secret);
    tlsc_secret_clear(&secret);
    TRY(rc);
    TRY(tlsc_common13_early_exporter(hs, transcript));
    hs->outcome->early_data = TLSC_EARLY_PENDING;
    hs->early_left = s->max_early_data;
    hs->may_write = true;
    return TLSC_OK;
}

tlsc_err tlsc_client_begin(tlsc_hs *hs, const tlsc_client_options *options)
{
    tlsc_client *client = (tlsc_client *)tlsc_mem_zalloc(sizeof(*client));
    if (client == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    hs->client = client;
    hs->rl->pad_block = hs->config->pad_block;
    hs->rl->pad_min = hs->config->pad_min;
    client->cookie = tlsc_buf_of(COOKIE_MAX);
    client->group_hint = options->group_hint;
    client->fallback = options->fallback;
    client->offers_12 = hs->config->min_version == TLSC_TLS12;
    client->offers_13 = hs->config->max_version == TLSC_TLS13;
    client->offers_early_data = options->early_data;
    client->on_session = options->on_session;
    client->session_ctx = options->session_ctx;
    client->num_own_types = tlsc_own_types(hs->config, client->own_types);
    TRY(take_name(hs, options->name));
    TRY(take_alpn(hs, options));
    TRY(tlsc_client_take_sessions(hs, options->sessions, options->num_sessions));
    client->offers_early_data = may_send_early(hs);
    TRY(random_bytes(hs, hs->outcome->client_random, sizeof(hs->outcome->client_random)));
    if (hs->config->grease || hs->config->shuffle_extensions) {
        uint8_t seed[sizeof(client->grease_seed)];
        TRY(random_bytes(hs, seed, sizeof(seed)));
        memcpy(&client->grease_seed, seed, sizeof(seed));
    }
    return choose_session_id(hs);
}

/* A verifier that wants to be asked again about a session's certificate is asked before anything is said
 * to whoever is there. Its no is no alert: nobody has heard of us. */
static tlsc_err on_verify_early(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    tlsc_client *client = hs->client;
    bool ready = true;
    if (client->offers_early_data && hs->config->verify_on_resumption) {
        if (!client->verified_early) {
            client->verified_early = true;
            TRY(tlsc_peer_take_session(hs, &client->sessions[0].session));
        }
        tlsc_err rc = tlsc_peer_verify_session(hs, &ready);
        if (rc != TLSC_OK) {
            hs->alert = TLSC_ALERT_NONE;
            return rc;
        }
    }
    if (ready) {
        *next = &send_hello;
    }
    return TLSC_OK;
}

static tlsc_err on_send_hello(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    if (hs->client->offers_13) {
        TRY(tlsc_client_make_shares(hs));
    }
    TRY(tlsc_client_send_hello(hs));
    if (hs->client->offers_early_data) {
        TRY(start_early_data(hs));
    }
    *next = &expect_server_hello;
    return TLSC_OK;
}

/* ---- the answer ---- */

static tlsc_err check_version(const tlsc_client *client, uint16_t version)
{
    if (version == TLSC_TLS13) {
        return client->offers_13 ? TLSC_OK : TLSC_E_WRONG_VERSION;
    }
    if (version == TLSC_TLS12) {
        return client->offers_12 ? TLSC_OK : TLSC_E_SERVER_VERSION;
    }
    return version < TLSC_TLS12 ? TLSC_E_SERVER_VERSION : TLSC_E_WRONG_VERSION;
}

static tlsc_err take_suite(tlsc_hs *hs, uint16_t id, uint16_t version)
{
    const tlsc_suite *suite = tlsc_config_suite(hs->config, id, version);
    if (suite == NULL) {
        return TLSC_E_WRONG_SUITE;
    }
    hs->suite = suite;
    hs->outcome->suite = suite;
    hs->outcome->version = version;
    return TLSC_OK;
}

/* What ServerHello and HelloRetryRequest have in common. */
static tlsc_err check_hello13(const tlsc_hs *hs, const tlsc_msg *msg, const tlsc_server_hello *sh)
{
    const tlsc_client *client = hs->client;
    if (!msg->ends_record) {
        return TLSC_E_KEY_CHANGE_IN_RECORD;
    }
    if (sh->version != TLSC_TLS13) {
        return TLSC_E_WRONG_VERSION;
    }
    if (!tlsc_bytes_equal(sh->session_id,
                          tlsc_bytes_of(client->session_id, client->session_id_n))) {
        return TLSC_E_WRONG_SESSION_ID;
    }
    return sh->has_unknown ? TLSC_E_UNSOLICITED_EXTENSION : TLSC_OK;
}

/* ---- HelloRetryRequest, RFC 8446 4.1.4 ---- */

/* PSKs of another hash go; a session of TLS 1.2 is no PSK, and isn't what may change. RFC 8446 4.1.2 */
static bool may_stay(const tlsc_hs *hs, const tlsc_session *s)
{
    return s->version == TLSC_TLS12 ||
           tlsc_config_suite(hs->config, s->suite, TLSC_TLS13)->hash == hs->suite->hash;
}

static const tlsc_group *offered_group(const tlsc_config *config, uint16_t id)
{
    for (size_t i = 0; i < config->num_groups; i++) {
        if (config->groups[i]->id == id) {
            return config->groups[i];
        }
    }
    return NULL;
}

static tlsc_err take_retry(tlsc_hs *hs, const tlsc_server_hello *retry)
{
    tlsc_client *client = hs->client;
    if (!retry->has_group && retry->cookie.n == 0) {
        return TLSC_E_HRR_WITHOUT_CHANGE;
    }
    if (retry->has_group) {
        const tlsc_group *group = offered_group(hs->config, retry->group);
        if (group == NULL || tlsc_client_share_of(client, retry->group) != NULL) {
            return TLSC_E_HRR_WRONG_GROUP;
        }
        TRY(tlsc_client_make_share(hs, group));
    }
    return tlsc_buf_append(&client->cookie, retry->cookie);
}

/* Early data ends here: the server passes over what was sent. RFC 8446 4.2.10 */
static void give_up_early_data(tlsc_hs *hs)
{
    hs->client->offers_early_data = false;
    tlsc_common13_drop_early_exporter(hs);
    tlsc_client_forget_early_verdict(hs);
    if (hs->outcome->early_data == TLSC_EARLY_PENDING) {
        hs->outcome->early_data = TLSC_EARLY_RETRY;
        hs->may_write = false;
        tlsc_protect_clear(&hs->rl->wr);
    }
}

static tlsc_err on_hello_retry(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_server_hello *retry)
{
    TRY(take_suite(hs, retry->suite, TLSC_TLS13));
    TRY(take_retry(hs, retry));
    TRY(tlsc_transcript_start(&hs->transcript, hs->suite->hash));
    tlsc_transcript_fold_before(&hs->transcript, msg->raw);
    hs->outcome->hello_retry = true;
    give_up_early_data(hs);
    tlsc_client_drop_sessions(hs->client, may_stay, hs);
    TRY(tlsc_client_send_ccs(hs));
    return tlsc_client_send_hello(hs);
}

/* ---- ServerHello ---- */

/* A server that could do better says so in its random, unless somebody changed our hello on its way.
 * RFC 8446 4.1.3 */
static bool has_downgrade_mark(tlsc_bytes random)
{
    enum { SAME = 7 }; /* then 1 for TLS 1.2, 0 for less */
    const uint8_t *mark = random.p + random.n - sizeof(tlsc_downgrade12);
    return memcmp(mark, tlsc_downgrade12, SAME) == 0 && mark[SAME] <= 1;
}

static tlsc_err check_hello12(const tlsc_client *client)
{
    const tlsc_server_hello12 *sh = &client->hello12;
    if (client->offers_13 && has_downgrade_mark(sh->random)) {
        return TLSC_E_DOWNGRADE;
    }
    if (sh->has_unknown || (sh->present & ~client->offered) != 0) {
        return TLSC_E_UNSOLICITED_EXTENSION;
    }
    return TLSC_OK;
}

static tlsc_err take_hello12(tlsc_hs *hs, const tlsc_msg *msg)
{
    tlsc_client *client = hs->client;
    if (hs->outcome->early_data == TLSC_EARLY_PENDING) {
        hs->outcome->early_data = TLSC_EARLY_VERSION;
        return TLSC_E_EARLY_DATA_VERSION;
    }
    client->hello12_memory = (uint8_t *)tlsc_mem_dup(msg->body);
    if (client->hello12_memory == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    TRY(tlsc_server_hello12_parse(&client->hello12,
                                  tlsc_bytes_of(client->hello12_memory, msg->body.n)));
    TRY(check_hello12(client));
    TRY(take_suite(hs, client->hello12.suite, TLSC_TLS12));
    tlsc_transcript_keep(&hs->transcript); /* a CertificateVerify signs the messages themselves */
    return tlsc_transcript_start(&hs->transcript, hs->suite->hash);
}

static tlsc_err on_server_hello(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    uint16_t version;
    tlsc_server_hello sh;
    TRY(tlsc_server_hello_version(&version, msg->body));
    TRY(check_version(hs->client, version));
    if (version == TLSC_TLS12) {
        TRY(take_hello12(hs, msg));
        return tlsc_client12_on_server_hello(hs, msg, next);
    }
    TRY(tlsc_server_hello_parse(&sh, msg->body));
    TRY(check_hello13(hs, msg, &sh));
    if (sh.hello_retry) {
        TRY(on_hello_retry(hs, msg, &sh));
        *next = &expect_second_server_hello;
        return TLSC_OK;
    }
    TRY(take_suite(hs, sh.suite, TLSC_TLS13));
    TRY(tlsc_transcript_start(&hs->transcript, hs->suite->hash));
    return tlsc_client13_on_server_hello(hs, msg, next);
}

static tlsc_err on_second_server_hello(tlsc_hs *hs, const tlsc_msg *msg,
                                       const tlsc_hs_state **next)
{
    uint16_t version;
    tlsc_server_hello sh;
    TRY(tlsc_server_hello_version(&version, msg->body));
    if (version != TLSC_TLS13) {
        return TLSC_E_HRR_MISMATCH;
    }
    TRY(tlsc_server_hello_parse(&sh, msg->body));
    if (sh.hello_retry) {
        return TLSC_E_SECOND_HRR;
    }
    TRY(check_hello13(hs, msg, &sh));
    if (sh.suite != hs->suite->id) {
        return TLSC_E_HRR_MISMATCH;
    }
    return tlsc_client13_on_server_hello(hs, msg, next);
}

/* ---- what both versions' answers say ---- */

/* An allocated copy of what may be nothing. */
static tlsc_err keep_bytes(tlsc_bytes from, tlsc_bytes *to)
{
    return from.n > 0 ? copy_bytes(from, to) : TLSC_OK;
}

tlsc_err tlsc_client_take_alpn(tlsc_hs *hs, tlsc_bytes chosen)
{
    if (chosen.n > 0 && !list_has(tlsc_buf_bytes(&hs->client->alpn), chosen)) {
        return TLSC_E_WRONG_ALPN;
    }
    return keep_bytes(chosen, &hs->outcome->alpn);
}

static bool has_type(const uint8_t *types, size_t num, uint8_t type)
{
    return num > 0 && memchr(types, type, num) != NULL;
}

tlsc_err tlsc_client_take_types(tlsc_hs *hs, const uint8_t *server, const uint8_t *client)
{
    const tlsc_config *config = hs->config;
    uint8_t type = server != NULL ? *server : TLSC_CERT_X509;
    if (!hs->resumes && !has_type(config->peer_types, config->num_peer_types, type)) {
        return server != NULL ? TLSC_E_WRONG_CERTIFICATE_TYPE : TLSC_E_WRONG_CERTIFICATE;
    }
    if (!hs->resumes) { /* else it is the session's */
        hs->outcome->peer_type = type;
    }
    hs->own_type = client != NULL ? *client : TLSC_CERT_X509;
    if (client != NULL && !has_type(hs->client->own_types, hs->client->num_own_types, *client)) {
        return TLSC_E_WRONG_CERTIFICATE_TYPE;
    }
    return TLSC_OK;
}

tlsc_err tlsc_client_take_session(tlsc_hs *hs)
{
    tlsc_outcome *o = hs->outcome;
    const tlsc_session *s = &hs->client->resumes->session;
    o->session_issued_ms = s->issued_ms;
    o->chain_began_ms = s->issued_ms - (int64_t)s->chain_age_s * 1000;
    TRY(keep_bytes(s->application, &o->session_application_in));
    return hs->client->verified_early ? TLSC_OK : tlsc_peer_take_session(hs, s);
}

void tlsc_client_forget_early_verdict(tlsc_hs *hs)
{
    if (hs->client->verified_early) {
        hs->client->verified_early = false;
        hs->proven &= ~(uint32_t)TLSC_PROVEN_VERIFIED;
        tlsc_peer_forget(hs->outcome); /* but not the kind of certificate: that is agreed on already */
    }
}
