/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/client_offer.c: ClientHello, made and sent, with its key shares and its PSKs. */
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "handshake/client.h"
#include "handshake/negotiate.h"
#include "handshake/own.h"
#include "handshake/sizes.h"
#include "record/protect13.h"
#include "wire/client_hello_out.h"

enum { LIST_MAX = 64, HELLO_MAX = 1 << 19, MESSAGE_HEADER = 4 };

/* ---- key shares ---- */

/* A hybrid's classical half, which an older server answers. draft-ietf-tls-ecdhe-mlkem 4 */
static uint16_t classical_half(uint16_t group)
{
    static const uint16_t halves[][2] = { { 0x11ec, 0x001d }, { 0x11eb, 0x0017 },
                                          { 0x11ed, 0x0018 } };
    for (size_t i = 0; i < TLSC_COUNT(halves); i++) {
        if (halves[i][0] == group) {
            return halves[i][1];
        }
    }
    return 0;
}

/* Sets of groups are a bit for each of the configuration's. 0: it hasn't this one. */
static uint64_t bit_of(const tlsc_config *config, uint16_t id)
{
    for (size_t i = 0; i < config->num_groups; i++) {
        if (config->groups[i]->id == id) {
            return UINT64_C(1) << i;
        }
    }
    return 0;
}

/* The group of a second share: the first one's classical half, or else the best that isn't
 * post-quantum, which goes by itself beside ML-KEM alone: that has no half. */
static uint64_t second_group(const tlsc_config *config, uint64_t first)
{
    const tlsc_group *group = config->groups[0];
    uint64_t best = 0;
    for (size_t i = config->num_groups; i-- > 0;) {
        uint64_t bit = UINT64_C(1) << i;
        group = bit == first ? config->groups[i] : group;
        best = bit != first && !config->groups[i]->post_quantum ? bit : best;
    }
    uint16_t half = classical_half(group->id);
    bool is_pure = half == 0 && group->post_quantum;
    return bit_of(config, half) != 0 || (config->num_key_shares == 0 && !is_pure)
               ? bit_of(config, half)
               : best;
}

/* What a first ClientHello has shares for. */
static uint64_t share_groups(const tlsc_config *config, uint16_t hint)
{
    uint64_t hinted = bit_of(config, hint);
    if (hinted == 0 && config->names_key_shares) {
        return config->key_share_groups;
    }
    uint64_t first = hinted != 0 ? hinted : 1;
    return config->num_key_shares == 1 ? first : first | second_group(config, first);
}

static void clear_share(tlsc_client_share *share)
{
    if (share->priv != NULL) {
        share->group->clear(share->priv);
        tlsc_mem_free(share->priv);
    }
    *share = (tlsc_client_share){ 0 };
}

static void clear_shares(tlsc_client *client)
{
    for (size_t i = 0; i < TLSC_CLIENT_SHARES_MAX; i++) {
        clear_share(&client->shares[i]);
    }
    client->num_shares = 0;
}

static tlsc_err add_share(tlsc_hs *hs, const tlsc_group *group)
{
    tlsc_client_share *share = &hs->client->shares[hs->client->num_shares];
    uint8_t *priv = (uint8_t *)tlsc_mem_zalloc(group->private_len + group->share_len);
    if (priv == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    share->group = group;
    share->priv = priv;
    share->share = priv + group->private_len;
    hs->client->num_shares++;
    return group->keygen(hs->provider->random, priv, share->share);
}

/* In the order of the groups, whichever is liked best. RFC 8446 4.2.8 */
tlsc_err tlsc_client_make_shares(tlsc_hs *hs)
{
    const tlsc_config *config = hs->config;
    uint64_t chosen = share_groups(config, hs->client->group_hint);
    for (size_t i = 0; i < config->num_groups; i++) {
        if ((chosen >> i & 1u) != 0) {
            TRY(add_share(hs, config->groups[i]));
        }
    }
    return TLSC_OK;
}

tlsc_err tlsc_client_make_share(tlsc_hs *hs, const tlsc_group *group)
{
    clear_shares(hs->client);
    return add_share(hs, group);
}

const tlsc_client_share *tlsc_client_share_of(const tlsc_client *client, uint16_t group)
{
    for (size_t i = 0; i < client->num_shares; i++) {
        if (client->shares[i].group->id == group) {
            return &client->shares[i];
        }
    }
    return NULL;
}

/* ---- the hello's parts ---- */

/* A ClientHello under construction, and the lists that it looks into. */
typedef struct draft {
    tlsc_client_hello_out out;
    uint16_t suites[LIST_MAX + 1];
    uint16_t versions[2];
    uint16_t groups[LIST_MAX];
    tlsc_key_share shares[TLSC_CLIENT_SHARES_MAX];
    tlsc_psk_identity identities[TLSC_CLIENT_SESSIONS_MAX];
    uint8_t binder_lens[TLSC_CLIENT_SESSIONS_MAX];
} draft;

static void put_versions(draft *d, const tlsc_client *client)
{
    d->out.tls13 = client->offers_13;
    d->out.tls12 = client->offers_12;
    d->out.versions = d->versions;
    if (client->offers_13) {
        d->versions[d->out.num_versions++] = TLSC_TLS13;
    }
    if (client->offers_12) {
        d->versions[d->out.num_versions++] = TLSC_TLS12;
    }
}

static void put_suites_and_groups(draft *d, const tlsc_config *config, bool fallback)
{
    d->out.suites = d->suites;
    for (size_t i = 0; i < config->num_suites && i < LIST_MAX; i++) {
        const tlsc_suite *suite = config->suites[i];
        if (suite->version >= config->min_version && suite->version <= config->max_version) {
            d->suites[d->out.num_suites++] = suite->id;
        }
    }
    if (fallback) {
        d->suites[d->out.num_suites++] = TLSC_SCSV_FALLBACK;
    }
    d->out.groups = d->groups;
    for (size_t i = 0; i < config->num_groups && i < LIST_MAX; i++) {
        if (config->max_version == TLSC_TLS13 || config->groups[i]->tls12) {
            d->groups[d->out.num_groups++] = config->groups[i]->id;
        }
    }
}

/* X.509 alone is what everybody expects, and goes without saying. RFC 7250 4.1 */
static bool is_more_than_x509(const uint8_t *types, size_t num)
{
    return num > 1 || (num == 1 && types[0] != TLSC_CERT_X509);
}

/* What is said of certificates, the server's and ours. */
static void put_certificates(draft *d, const tlsc_config *config, const tlsc_client *client)
{
    d->out.schemes = config->schemes;
    d->out.num_schemes = config->num_schemes;
    d->out.schemes_cert = config->certificate_schemes;
    d->out.num_schemes_cert = config->num_certificate_schemes;
    d->out.ca_names = config->ca_names;
    d->out.ocsp = config->request_ocsp;
    d->out.scts = config->request_scts;
    if (is_more_than_x509(config->peer_types, config->num_peer_types)) {
        d->out.server_types = config->peer_types;
        d->out.num_server_types = config->num_peer_types;
    }
    d->out.post_handshake_auth = config->post_handshake_auth;
    if (is_more_than_x509(client->own_types, client->num_own_types)) {
        d->out.client_types = client->own_types;
        d->out.num_client_types = client->num_own_types;
    }
}

/* TLS 1.3's PSKs, or TLS 1.2's one session. */
static void put_sessions(draft *d, const tlsc_hs *hs)
{
    const tlsc_client *client = hs->client;
    const tlsc_session *first = client->num_sessions > 0 ? &client->sessions[0].session : NULL;
    d->out.session_ticket = client->offers_12 && hs->config->want_sessions;
    if (first != NULL && first->version == TLSC_TLS12) {
        d->out.session_ticket = true;
        d->out.ticket12 = first->ticket;
        return;
    }
    int64_t now_ms = first != NULL ? hs->options->now_ms(hs->options->now_ctx) : 0;
    d->out.identities = d->identities;
    d->out.binder_lens = d->binder_lens;
    d->out.num_identities = client->num_sessions;
    for (size_t i = 0; i < client->num_sessions; i++) {
        const tlsc_session *s = &client->sessions[i].session;
        /* between two readings in whole ms up to one less may have passed, and some servers (GnuTLS)
         * refuse the early data of who claims more than they count */
        int64_t age_ms = now_ms > s->issued_ms ? now_ms - s->issued_ms - 1 : 0;
        d->identities[i].identity = s->ticket;
        d->identities[i].obfuscated_ticket_age = (uint32_t)age_ms + s->age_add;
        d->binder_lens[i] = s->secret.n;
    }
}

static void put_tls13(draft *d, const tlsc_hs *hs)
{
    const tlsc_client *client = hs->client;
    d->out.shares = d->shares;
    d->out.num_shares = client->num_shares;
    for (size_t i = 0; i < client->num_shares; i++) {
        d->shares[i].group = client->shares[i].group->id;
        d->shares[i].key_exchange =
            tlsc_bytes_of(client->shares[i].share, client->shares[i].group->share_len);
    }
    d->out.cookie = tlsc_buf_bytes(&client->cookie);
    d->out.compressions = hs->config->compression_ids;
    d->out.psk_dhe_ke = hs->config->want_sessions || d->out.num_identities > 0;
    d->out.early_data = client->offers_early_data;
    d->out.ticket_request = hs->config->request_tickets;
    d->out.tickets_after_full = hs->config->tickets_after_full;
    d->out.tickets_after_resumed = hs->config->tickets_after_resumed;
}

static void fill(draft *d, const tlsc_hs *hs)
{
    const tlsc_client *client = hs->client;
    memset(d, 0, sizeof(*d));
    d->out.random = tlsc_bytes_of(hs->outcome->client_random, TLSC_RANDOM_LEN);
    d->out.session_id = tlsc_bytes_of(client->session_id, client->session_id_n);
    if (client->name_is_dns) {
        d->out.server_name = tlsc_bytes_of(client->name, client->name_n);
    }
    d->out.alpn = tlsc_buf_bytes(&client->alpn);
    d->out.sizes = tlsc_sizes_offer(hs->config);
    d->out.shuffled = hs->config->shuffle_extensions;
    d->out.order = client->grease_seed;
    if (hs->config->grease) {
        d->out.grease = tlsc_grease_of(client->grease_seed);
        d->out.greases_shares = !hs->outcome->hello_retry; /* the second has the one asked for alone */
    }
    put_versions(d, client);
    put_suites_and_groups(d, hs->config, client->fallback);
    put_certificates(d, hs->config, client);
    put_sessions(d, hs);
    if (client->offers_13) {
        put_tls13(d, hs);
    }
}

/* ---- binders ---- */

/* A Finished over all that stands before the binders, under a key of the PSK alone. RFC 8446 4.2.11.2 */
static tlsc_err make_binder(const tlsc_hs *hs, const tlsc_session *s, tlsc_bytes covered,
                            uint8_t *out)
{
    const tlsc_hash *hash = tlsc_config_suite(hs->config, s->suite, TLSC_TLS13)->hash;
    uint8_t transcript[TLSC_HASH_MAX];
    tlsc_schedule13 schedule = { 0 };
    tlsc_secret key = { .n = 0 };
    tlsc_transcript_hash_with(&hs->transcript, hash, covered, transcript);
    tlsc_err rc = tlsc_schedule13_early(&schedule, hash, tlsc_secret_bytes(&s->secret));
    if (rc == TLSC_OK) {
        rc = tlsc_schedule13_derive(&schedule, TLSC_LABEL_RESUMPTION_BINDER, NULL, &key);
    }
    if (rc == TLSC_OK) {
        rc = tlsc_finished13(hash, &key, transcript, out);
    }
    tlsc_secret_clear(&key);
    tlsc_schedule13_clear(&schedule);
    return rc;
}

/* Fills in the binders, which stand at the message's end as zeroes. */
static tlsc_err fill_in_binders(tlsc_hs *hs, const draft *d)
{
    tlsc_buf *hello = &hs->client->hello;
    size_t at = MESSAGE_HEADER + tlsc_client_hello_binders_at(hello->n - MESSAGE_HEADER,
                                                              d->binder_lens,
                                                              d->out.num_identities);
    tlsc_bytes covered = tlsc_bytes_of(hello->p, at);
    at += 2; /* the list's length */
    for (size_t i = 0; i < d->out.num_identities; i++) {
        at++; /* the binder's */
        TRY(make_binder(hs, &hs->client->sessions[i].session, covered, hello->p + at));
        at += d->binder_lens[i];
    }
    return TLSC_OK;
}

/* ---- the message ---- */

static tlsc_err write_hello(tlsc_hs *hs, const draft *d)
{
    tlsc_buf *hello = &hs->client->hello;
    tlsc_buf_clear(hello);
    *hello = tlsc_buf_of(HELLO_MAX);
    tlsc_wr w = tlsc_wr_of(hello);
    tlsc_wr_u8(&w, TLSC_HS_CLIENT_HELLO);
    tlsc_wr_mark body = tlsc_wr_open24(&w);
    tlsc_client_hello_out_emit(&w, &d->out);
    tlsc_wr_close(&w, body);
    TRY(tlsc_wr_end(&w));
    return d->out.num_identities > 0 ? fill_in_binders(hs, d) : TLSC_OK;
}

/* What stands in it is read back from it: that and nothing else may be answered. */
static tlsc_err note_offered(tlsc_client *client)
{
    tlsc_client_hello ch;
    TRY(tlsc_client_hello_parse(&ch, tlsc_bytes_of(client->hello.p + MESSAGE_HEADER,
                                                   client->hello.n - MESSAGE_HEADER)));
    client->offered = ch.exts.present;
    return TLSC_OK;
}

tlsc_err tlsc_client_send_ccs(tlsc_hs *hs)
{
    if (hs->ccs_sent || hs->client->session_id_n == 0) {
        return TLSC_OK;
    }
    hs->ccs_sent = true;
    return tlsc_rl_put_ccs(hs->rl);
}

tlsc_err tlsc_client_send_hello(tlsc_hs *hs)
{
    draft d;
    fill(&d, hs);
    TRY(write_hello(hs, &d));
    TRY(note_offered(hs->client));
    tlsc_bytes hello = tlsc_buf_bytes(&hs->client->hello);
    TRY(tlsc_transcript_add(&hs->transcript, hello));
    hs->rl->initial = !hs->outcome->hello_retry;
    tlsc_err rc = tlsc_rl_put(hs->rl, TLSC_CT_HANDSHAKE, hello);
    hs->rl->initial = false;
    return rc;
}

void tlsc_client_free(tlsc_client *client)
{
    if (client == NULL) {
        return;
    }
    clear_shares(client);
    tlsc_client_drop_sessions(client, NULL, NULL);
    tlsc_buf_clear(&client->hello);
    tlsc_buf_clear(&client->alpn);
    tlsc_buf_clear(&client->cookie);
    tlsc_mem_free(client->name);
    tlsc_mem_free(client->hello12_memory);
    tlsc_mem_free(client); /* wipes the secrets that are values in it */
}
