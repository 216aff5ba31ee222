/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/host.c: from flags to a tlsc_config. */
#include "host.h"

#include <stdio.h>
#include <string.h>

#include "files.h"
#include "outcome.h"

enum {
    NUM_TICKETS = 2,
    MAX_CHAIN = 16,
    GROUP_P224 = 21,
    GROUP_X25519_KYBER768_DRAFT = 0x6399
};

/* 1234 s: not 0, which might be a special case somewhere. */
static int64_t now_ms = 1234000;

int64_t host_now_ms(void *unused)
{
    (void)unused;
    return now_ms;
}

void host_sleep(int64_t seconds)
{
    now_ms += seconds * 1000;
}

/* ---- tickets ---- */

/* One key for the whole run, so that tickets of one connection open in the next. */
static tlsc_ticket_keys ticket_keys;

static tlsc_err read_keys(void *ctx, tlsc_ticket_keys *out)
{
    const struct settings *s = ctx;

    if (s->skip_ticket) {
        return TLSC_E_NO_TICKET_KEY;
    }
    *out = ticket_keys;
    return TLSC_OK;
}

static tlsc_err add_ticketer(tlsc_config_builder *b, const struct host *h, const struct settings *s)
{
    static const uint8_t identity[32] = { 'b', 'o', 'g', 'o' };
    tlsc_ticketer ticketer = { .size = sizeof(ticketer),
                               .ctx = (void *)(uintptr_t)s,
                               .read_keys = read_keys,
                               .lifetime_s = HOST_TICKET_LIFETIME_S };

    if (s->no_ticket) {
        return TLSC_OK;
    }
    if (ticket_keys.num == 0) {
        tlsc_err e = tlsc_ticket_key_new(h->provider, 0, INT64_MAX, &ticket_keys.keys[0]);
        if (e != TLSC_OK) {
            return e;
        }
        ticket_keys.num = 1;
    }
    return tlsc_config_set_ticketer(b, &ticketer, identity, NUM_TICKETS);
}

/* ---- credentials ---- */

static bool key_can(const tlsc_signing_key *key, uint16_t scheme)
{
    for (size_t i = 0; i < key->num_schemes; i++) {
        if (key->schemes[i] == scheme) {
            return true;
        }
    }
    return false;
}

/* The schemes that the test prefers, as far as the key can do them; without any, all it can. */
static void choose_schemes(struct number_list *out, const tlsc_signing_key *key,
                           const struct number_list *prefs)
{
    *out = (struct number_list){ .n = 0 };
    for (size_t i = 0; i < prefs->n; i++) {
        if (key_can(key, prefs->v[i])) {
            out->v[out->n++] = prefs->v[i];
        }
    }
    if (prefs->n > 0 && out->n == 0) {
        outcome_skip("refused", "signatures with MD5 or SHA-1, and legacy code points");
    }
    for (size_t i = 0; prefs->n == 0 && i < key->num_schemes; i++) {
        out->v[out->n++] = key->schemes[i];
    }
}

/* A credential that signs by the pause. */
static tlsc_err make_external(struct host_credential *c, const struct host *h, tlsc_bytes key_pem,
                              const struct number_list *prefs)
{
    tlsc_bytes chain[MAX_CHAIN];
    size_t num_chain = 0;
    struct number_list schemes;
    tlsc_bytes der = file_pkcs8(key_pem);
    tlsc_credential *external = NULL;

    tlsc_err e = h->provider->load_key(TLSC_KEY_PKCS8, der, &c->key);
    file_free(der);
    if (e != TLSC_OK) {
        return e;
    }
    choose_schemes(&schemes, c->key, prefs);
    for (; num_chain < MAX_CHAIN; num_chain++) {
        chain[num_chain] = tlsc_credential_certificate(c->credential, num_chain);
        if (chain[num_chain].n == 0) {
            break;
        }
    }
    e = tlsc_credential_external(h->provider, chain, num_chain, schemes.v, schemes.n, &external);
    if (e == TLSC_OK) {
        tlsc_credential_free(c->credential);
        c->credential = external;
    }
    return e;
}

static tlsc_err load(struct host *h, const struct settings *s, const struct credential_flags *f,
                     int64_t number)
{
    struct host_credential *c = &h->credentials[h->num_credentials++];
    tlsc_bytes chain_pem = file_read(f->cert_file);
    tlsc_bytes key_pem = file_read(f->key_file);

    c->number = number;
    tlsc_err e = tlsc_credential_from_pem(h->provider, chain_pem, key_pem, &c->credential, NULL);
    if (e == TLSC_OK && (s->async || f->signing_prefs.n > 0)) {
        e = make_external(c, h, key_pem, &f->signing_prefs);
    }
    file_free(chain_pem);
    file_free(key_pem);
    if (e == TLSC_E_UNSUPPORTED_KEY) {
        outcome_skip("later", "a kind or size of key");
    }
    return e;
}

/* The added ones come first, in their order, then the default. */
static tlsc_err add_credentials(tlsc_config_builder *b, struct host *h, const struct settings *s)
{
    tlsc_err e = TLSC_OK;

    for (size_t i = 1; e == TLSC_OK && i <= s->num_added; i++) {
        e = load(h, s, &s->credentials[i], (int64_t)i - 1);
    }
    if (e == TLSC_OK && s->credentials[0].cert_file != NULL) {
        e = load(h, s, &s->credentials[0], -1);
    }
    for (size_t i = 0; e == TLSC_OK && i < h->num_credentials; i++) {
        e = tlsc_config_add_credential(b, h->credentials[i].credential);
    }
    return e;
}

const struct host_credential *host_find(const struct host *h, const tlsc_credential *credential)
{
    for (size_t i = 0; i < h->num_credentials; i++) {
        if (h->credentials[i].credential == credential) {
            return &h->credentials[i];
        }
    }
    return NULL;
}

/* ---- the configuration ---- */

static tlsc_err set_versions(tlsc_config_builder *b, const struct settings *s)
{
    bool has_12 = flags_allow_version(s, TLSC_TLS12);
    bool has_13 = flags_allow_version(s, TLSC_TLS13);

    /* a connection without it is none that the test expects */
    tlsc_config_require_extended_master_secret(b, s->expect_extended_master_secret);
    return tlsc_config_set_versions(b, has_12 ? TLSC_TLS12 : TLSC_TLS13,
                                    has_13 ? TLSC_TLS13 : TLSC_TLS12);
}

/* Adds the next suite of the list, if it is one of ours, and returns where the list goes on. */
static const char *add_suite(struct number_list *out, const struct host *h, const char *list)
{
    char name[64];
    size_t n = strcspn(list, ":[]|");
    uint16_t id;

    if (n == 0) {
        return list + 1;
    }
    if (n >= sizeof(name) || out->n == FLAGS_MAX_LIST) {
        outcome_broken("-cipher %s: too long", list);
    }
    memcpy(name, list, n);
    name[n] = '\0';
    tlsc_err e = tlsc_suite_by_name(h->provider, name, &id);
    if (e == TLSC_E_UNKNOWN_NAME) {
        outcome_skip("refused", "OpenSSL's cipher lists beyond the names of suites");
    }
    if (e == TLSC_OK) {
        out->v[out->n++] = id;
    }
    return list + n;
}

/* BoringSSL's list is one of TLS 1.2's suites, in the server's order; [A|B] are suites among which
 * the client's order decides, which here it does for all or for none. */
static tlsc_err set_suites(tlsc_config_builder *b, const struct host *h, const struct settings *s)
{
    struct number_list list = { .n = 0 };

    if (s->suites12 == NULL) {
        return TLSC_OK;
    }
    for (const char *at = s->suites12; *at != '\0';) {
        at = add_suite(&list, h, at);
    }
    if (list.n == 0) {
        outcome_skip("refused", "CBC and RSA key exchange");
    }
    for (size_t i = 0; i < h->provider->num_suites && list.n < FLAGS_MAX_LIST; i++) {
        if (h->provider->suites[i]->version == TLSC_TLS13) {
            list.v[list.n++] = h->provider->suites[i]->id;
        }
    }
    tlsc_config_honor_client_order(b, strchr(s->suites12, '[') != NULL);
    return tlsc_config_set_suites(b, list.v, list.n);
}

static tlsc_err set_groups(tlsc_config_builder *b, const struct host *h, const struct settings *s)
{
    for (size_t i = 0; i < s->groups.n; i++) {
        uint16_t id = s->groups.v[i];
        if (id == GROUP_P224) {
            outcome_skip("refused", "P-224");
        }
        if (id == GROUP_X25519_KYBER768_DRAFT) {
            outcome_skip("refused", "draft Kyber");
        }
        if (tlsc_provider_group(h->provider, id) == NULL) {
            outcome_skip("later", "more groups: P-521, MLKEM1024");
        }
    }
    return s->groups.n > 0 ? tlsc_config_set_groups(b, s->groups.v, s->groups.n) : TLSC_OK;
}

/* Without -async the configuration's own list decides, with it the answer to the pause does. */
static tlsc_err set_alpn(tlsc_config_builder *b, const struct settings *s)
{
    if (s->select_alpn == NULL || s->async) {
        return TLSC_OK;
    }
    tlsc_bytes name = { (const uint8_t *)s->select_alpn, strlen(s->select_alpn) };
    return tlsc_config_set_alpn(b, &name, 1);
}

static tlsc_err fill(tlsc_config_builder *b, struct host *h, const struct settings *s)
{
    tlsc_err e = set_versions(b, s);

    if (e == TLSC_OK) {
        e = set_suites(b, h, s);
    }
    if (e == TLSC_OK) {
        e = set_groups(b, h, s);
    }
    if (e == TLSC_OK) {
        e = add_credentials(b, h, s);
    }
    if (e == TLSC_OK) {
        e = add_ticketer(b, h, s);
    }
    if (e == TLSC_OK) {
        e = set_alpn(b, s);
    }
    if (s->server_preference) {
        tlsc_config_honor_client_order(b, false);
    }
    return e;
}

tlsc_err host_build(struct host *out, const struct settings *s)
{
    *out = (struct host){ .provider = tlsc_provider_default() };

    tlsc_config_builder *b = tlsc_config_builder_new(out->provider);
    if (b == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_err e = fill(b, out, s);
    if (e == TLSC_OK) {
        e = tlsc_config_build(b, &out->config);
    }
    tlsc_config_builder_free(b);
    return e;
}

void host_clear(struct host *h)
{
    tlsc_config_free(h->config);
    for (size_t i = 0; i < h->num_credentials; i++) {
        struct host_credential *c = &h->credentials[i];
        tlsc_credential_free(c->credential);
        if (c->key != NULL) {
            c->key->free(c->key);
        }
    }
    *h = (struct host){ .provider = NULL };
}
