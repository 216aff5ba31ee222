/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/host.c: from flags to a tlsc_config. */
#include "host.h"

#include <string.h>

#include "compress.h"
#include "files.h"
#include "outcome.h"
#include "sessions.h"

enum {
    MAX_NAMES = 8,
    NAME_CAP = 512,
    SUITE_AES_128 = 0x1301,
    SUITE_AES_256 = 0x1302,
    GROUP_P224 = 21,
    GROUP_P256 = 23,
    GROUP_P384 = 24,
    GROUP_X25519 = 29,
    GROUP_X25519_KYBER768_DRAFT = 0x6399
};

/* ---- credentials ---- */

static tlsc_err load(struct host *h, const struct settings *s, size_t i)
{
    struct host_credential *c = &h->credentials[h->num_credentials++];

    c->number = (int64_t)i - 1;
    return credential_load(c, h->provider, &s->credentials[i], s->async);
}

/* The added ones come first, in their order, then the default. */
static tlsc_err load_all(struct host *h, const struct settings *s)
{
    tlsc_err e = TLSC_OK;

    for (size_t i = 1; e == TLSC_OK && i <= s->num_added; i++) {
        e = load(h, s, i);
    }
    return e == TLSC_OK && s->credentials[0].cert_file != NULL ? load(h, s, 0) : e;
}

/* What a client says it has, whether it is there or not. */
static tlsc_err set_own_types(tlsc_config_builder *b, const struct number_list *list)
{
    uint8_t types[FLAGS_MAX_LIST];

    for (size_t i = 0; i < list->n; i++) {
        types[i] = (uint8_t)list->v[i];
    }
    return list->n > 0 ? tlsc_config_set_own_certificate_types(b, types, list->n) : TLSC_OK;
}

/* The caller chooses where there is nothing to choose among, and where the test looks at what the choice
 * goes by, or ends the handshake there. */
static bool chooses_credential(const struct settings *s)
{
    bool looks = s->expect_client_ca_list != NULL || s->expect_certificate_types.n > 0 ||
                 (!s->server && (s->expect_peer_schemes.n > 0 || s->fail_cert_callback));

    return s->num_added == 0 && (s->use_old_client_cert_callback || s->async || looks);
}

static tlsc_err add_credentials(tlsc_config_builder *b, struct host *h, const struct settings *s)
{
    tlsc_err e = load_all(h, s);

    for (size_t i = 0; e == TLSC_OK && i < h->num_credentials; i++) {
        bool staple_comes_later = s->set_ocsp_in_callback && h->credentials[i].unstapled != NULL;
        e = tlsc_config_add_credential(b, staple_comes_later ? h->credentials[i].unstapled
                                                             : h->credentials[i].credential);
    }
    h->chooses_credential = chooses_credential(s);
    tlsc_config_external_credentials(b, h->chooses_credential);
    return e;
}

const struct host_credential *host_find(const struct host *h, const tlsc_credential *credential)
{
    for (size_t i = 0; i < h->num_credentials; i++) {
        if (credential != NULL && (h->credentials[i].credential == credential ||
                                   h->credentials[i].unstapled == credential)) {
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

static void append_once(struct number_list *out, uint16_t id)
{
    for (size_t i = 0; i < out->n; i++) {
        if (out->v[i] == id) {
            return;
        }
    }
    if (out->n == FLAGS_MAX_LIST) {
        outcome_broken("-cipher: too many suites");
    }
    out->v[out->n++] = id;
}

/* Is it a suite of TLS 1.2 in whose name a word stands? */
static bool has_word(const tlsc_suite *suite, const char *word)
{
    return suite->version == TLSC_TLS12 && strstr(tlsc_suite_name(suite->id), word) != NULL;
}

static void remove_word(struct number_list *out, const struct host *h, const char *word)
{
    size_t n = 0;

    for (size_t i = 0; i < out->n; i++) {
        if (!has_word(tlsc_provider_suite(h->provider, out->v[i]), word)) {
            out->v[n++] = out->v[i];
        }
    }
    out->n = n;
}

/* One of the words of OpenSSL's lists that the tests have: all suites, those of a cipher, all but those. */
static bool add_word(struct number_list *out, const struct host *h, const char *word)
{
    static const struct {
        const char *word;
        const char *in_names;
    } words[] = { { "ALL", "" }, { "DEFAULT", "" }, { "AES128", "AES_128" }, { "3DES", "3DES" } };

    if (strcmp(word, "!AES") == 0) {
        remove_word(out, h, "AES");
        return true;
    }
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(word, words[i].word) != 0) {
            continue;
        }
        for (size_t k = 0; k < h->provider->num_suites; k++) {
            if (has_word(h->provider->suites[k], words[i].in_names)) {
                append_once(out, h->provider->suites[k]->id);
            }
        }
        return true;
    }
    return false;
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
    if (n >= sizeof(name)) {
        outcome_broken("-cipher %s: too long", list);
    }
    memcpy(name, list, n);
    name[n] = '\0';
    if (add_word(out, h, name)) {
        return list + n;
    }
    tlsc_err e = tlsc_suite_by_name(h->provider, name, &id);
    if (e == TLSC_E_UNKNOWN_NAME) {
        outcome_skip("refused", "OpenSSL's cipher lists beyond the names of suites");
    }
    if (e == TLSC_OK) {
        append_once(out, id);
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

/* As default_schemes: BoringSSL's, without X25519MLKEM768. */
static const uint16_t default_groups[] = { GROUP_X25519, GROUP_P256, GROUP_P384 };

/* A flag of 1 says that the next group is as good. BoringSSL makes a HelloRetryRequest for a better one. */
static tlsc_err set_tiers(tlsc_config_builder *b, const uint16_t *groups, size_t num_groups,
                          const struct number_list *flags)
{
    size_t sizes[FLAGS_MAX_LIST];
    size_t num = 0;
    size_t size = 0;

    for (size_t i = 0; i < num_groups; i++) {
        size++;
        if (i >= flags->n || flags->v[i] == 0) {
            sizes[num++] = size;
            size = 0;
        }
    }
    return tlsc_config_set_group_tiers(b, groups, sizes, num, TLSC_RETRY_BETTER_TIER);
}

static tlsc_err set_groups(tlsc_config_builder *b, const struct settings *s)
{
    for (size_t i = 0; i < s->groups.n; i++) {
        uint16_t id = s->groups.v[i];
        if (id == GROUP_P224) {
            outcome_skip("refused", "P-224");
        }
        if (id == GROUP_X25519_KYBER768_DRAFT) {
            outcome_skip("refused", "draft Kyber");
        }
    }
    if (s->groups.n > 0) {
        return set_tiers(b, s->groups.v, s->groups.n, &s->groups_flags);
    }
    return s->async || s->policy != NULL
               ? TLSC_OK
               : set_tiers(b, default_groups, sizeof(default_groups) / sizeof(default_groups[0]),
                           &s->groups_flags);
}

/* Without -async the configuration's own list decides, with it the answer to the pause does. */
static tlsc_err set_server_alpn(tlsc_config_builder *b, const struct settings *s)
{
    if (s->select_alpn == NULL || s->select_alpn[0] == '\0' || s->async) {
        return TLSC_OK;
    }
    tlsc_bytes name = { (const uint8_t *)s->select_alpn, strlen(s->select_alpn) };
    return tlsc_config_set_alpn(b, &name, 1);
}

/* ---- the peer's certificate ---- */

/* BoringSSL's, where a test names none and goes by them: no Ed25519, and no P-521. Tests with
 * -async run with tlscore's. */
static const uint16_t default_schemes[] = {
    TLSC_SIG_ECDSA_P256_SHA256, TLSC_SIG_RSA_PSS_SHA256,    TLSC_SIG_RSA_PKCS1_SHA256,
    TLSC_SIG_ECDSA_P384_SHA384, TLSC_SIG_RSA_PSS_SHA384,    TLSC_SIG_RSA_PKCS1_SHA384,
    TLSC_SIG_RSA_PSS_SHA512,    TLSC_SIG_RSA_PKCS1_SHA512,
};

/* Schemes that tlscore doesn't know are left out: where the test wants them refused, they are, and
 * checks_skip_refused tells where it doesn't. */
static tlsc_err set_schemes(tlsc_config_builder *b, const struct settings *s)
{
    uint16_t known[FLAGS_MAX_LIST];
    size_t num = 0;

    for (size_t i = 0; i < s->verify_prefs.n; i++) {
        known[num] = s->verify_prefs.v[i];
        tlsc_err e = tlsc_config_set_schemes(b, known + num, 1);
        if (e != TLSC_OK && e != TLSC_E_UNSUPPORTED) {
            return e;
        }
        num += e == TLSC_OK ? 1 : 0;
    }
    if (num > 0) {
        return tlsc_config_set_schemes(b, known, num);
    }
    return s->async || s->policy != NULL
               ? TLSC_OK
               : tlsc_config_set_schemes(b, default_schemes,
                                         sizeof(default_schemes) / sizeof(default_schemes[0]));
}

static tlsc_err set_peer_types(tlsc_config_builder *b, const struct settings *s)
{
    uint8_t types[FLAGS_MAX_LIST];

    if (s->accepted_peer_types.n == 0) {
        return TLSC_OK;
    }
    for (size_t i = 0; i < s->accepted_peer_types.n; i++) {
        types[i] = (uint8_t)s->accepted_peer_types.v[i];
    }
    return tlsc_config_set_peer_certificate_types(b, types, s->accepted_peer_types.n);
}

size_t host_next_name(const char **list, uint8_t *out, size_t cap)
{
    size_t n = strcspn(*list, ",");
    size_t len = file_hex((tlsc_bytes){ (const uint8_t *)*list, n }, out, cap);

    *list += n + ((*list)[n] == ',' ? 1 : 0);
    return len;
}

static tlsc_err set_ca_names(tlsc_config_builder *b, const char *list)
{
    uint8_t memory[MAX_NAMES][NAME_CAP];
    tlsc_bytes names[MAX_NAMES];
    size_t num = 0;

    if (list == NULL || list[0] == '<') {
        return TLSC_OK; /* <NULL> and <EMPTY> */
    }
    while (num < MAX_NAMES) {
        size_t n = host_next_name(&list, memory[num], NAME_CAP);
        if (n == 0) {
            break;
        }
        names[num] = (tlsc_bytes){ memory[num], n };
        num++;
    }
    return tlsc_config_set_ca_names(b, names, num);
}

static bool asks_for_certificate(const struct settings *s)
{
    return !s->server || s->verify_peer || s->require_client_certificate;
}

static tlsc_err set_peer(tlsc_config_builder *b, struct host *h, const struct settings *s)
{
    tlsc_verifier verifier = judge_verifier(&h->judge);

    if (!asks_for_certificate(s)) {
        return TLSC_OK;
    }
    /* kept or not, the rest goes the same way */
    tlsc_config_keep_peer_chain(b, s->expect_peer_cert_file != NULL || !s->async);
    tlsc_config_verify_on_resumption(b, s->reverify_on_resume);
    tlsc_err e = tlsc_config_set_verifier(b, &verifier);
    if (e == TLSC_OK) {
        e = set_schemes(b, s);
    }
    if (e == TLSC_OK) {
        e = set_peer_types(b, s);
    }
    return e;
}

/* ---- all of it ---- */

static tlsc_err fill_server(tlsc_config_builder *b, struct host *h, const struct settings *s)
{
    tlsc_err e = sessions_serve(b, h->provider, s);

    if (e == TLSC_OK) {
        e = set_server_alpn(b, s);
    }
    if (e == TLSC_OK) {
        e = set_ca_names(b, s->client_ca_list);
    }
    if (e == TLSC_OK) {
        e = tlsc_config_acknowledge_server_name(b, !s->no_server_name_ack);
    }
    if (e == TLSC_OK && asks_for_certificate(s)) {
        e = tlsc_config_set_client_auth(b, s->verify_peer ? TLSC_CLIENT_AUTH_OPTIONAL
                                                          : TLSC_CLIENT_AUTH_REQUIRED);
    }
    if (s->server_preference) {
        tlsc_config_honor_client_order(b, false);
    }
    return e;
}

/* The first group of the other kind, classical or post-quantum, than the list's first; 0: there is none. */
static uint16_t first_of_other_kind(const struct host *h, const struct number_list *groups)
{
    for (size_t i = 1; i < groups->n; i++) {
        if (tlsc_provider_group(h->provider, groups->v[i])->post_quantum !=
            tlsc_provider_group(h->provider, groups->v[0])->post_quantum) {
            return groups->v[i];
        }
    }
    return 0;
}

/* By default BoringSSL sends a share for the first classical and for the first post-quantum group, tlscore
 * only where the best one is post-quantum. */
static tlsc_err set_key_shares(tlsc_config_builder *b, const struct host *h,
                               const struct settings *s)
{
    const struct number_list *groups = &s->groups;

    if (s->key_shares.n > 0 || s->no_key_shares) {
        return tlsc_config_set_key_share_groups(b, s->key_shares.v, s->key_shares.n);
    }
    if (s->async || groups->n == 0 ||
        tlsc_provider_group(h->provider, groups->v[0])->post_quantum) {
        return TLSC_OK;
    }
    uint16_t shares[] = { groups->v[0], first_of_other_kind(h, groups) };
    return tlsc_config_set_key_share_groups(b, shares, shares[1] != 0 ? 2 : 1);
}

static tlsc_err fill_client(tlsc_config_builder *b, const struct host *h, const struct settings *s)
{
    static const uint8_t identity[32] = { 'b', 'o', 'g', 'o' }; /* of all configurations of a run */

    tlsc_config_request_ocsp(b, s->enable_ocsp);
    tlsc_config_request_scts(b, s->enable_scts);
    tlsc_config_want_sessions(b, !s->no_ticket);
    tlsc_err e = tlsc_config_set_identity(b, identity);

    if (e == TLSC_OK) {
        e = tlsc_config_shuffle_extensions(b, s->permute_extensions);
    }

    if (e == TLSC_OK) {
        e = tlsc_config_require_own_certificate(b, true);
    }
    if (e == TLSC_OK) {
        e = tlsc_config_ignore_hello_requests(b, s->renegotiate_ignore);
    }
    if (e == TLSC_OK) {
        e = set_own_types(b, &s->available_client_types);
    }
    return e == TLSC_OK ? set_key_shares(b, h, s) : e;
}

/* BoringSSL's cnsa-202407 is no policy, but an order of TLS 1.3's suites. */
static tlsc_err set_policy(tlsc_config_builder *b, const struct settings *s)
{
    static const uint16_t aes[] = { SUITE_AES_256, SUITE_AES_128 };

    if (s->cnsa_202407) {
        tlsc_config_honor_client_order(b, false);
        return tlsc_config_prefer_suites(b, aes, sizeof(aes) / sizeof(aes[0]));
    }
    if (s->policy == NULL) {
        return set_versions(b, s);
    }
    tlsc_err e = tlsc_config_set_policy(b, s->policy);
    if (e == TLSC_E_UNSUPPORTED) {
        outcome_skip("later", "more groups: P-521, MLKEM1024");
    }
    return e;
}

static tlsc_err fill(tlsc_config_builder *b, struct host *h, const struct settings *s)
{
    tlsc_err e = set_policy(b, s);

    tlsc_config_set_grease(b, s->server || s->enable_grease); /* BoringSSL's servers always do */
    tlsc_config_allow_export(b, s->export_length != FLAGS_NONE);
    if (e == TLSC_OK) {
        e = set_suites(b, h, s);
    }
    if (e == TLSC_OK) {
        e = set_groups(b, s);
    }
    if (e == TLSC_OK) {
        e = add_credentials(b, h, s);
    }
    if (e == TLSC_OK) {
        e = compress_install(b, s);
    }
    if (e == TLSC_OK) {
        e = set_peer(b, h, s);
    }
    if (e == TLSC_OK) {
        e = s->server ? fill_server(b, h, s) : fill_client(b, h, s);
    }
    return e;
}

tlsc_err host_build(struct host *out, const struct settings *s)
{
    const tlsc_provider *provider = tlsc_provider_default();

    *out = (struct host){ .provider = provider,
                          .judge = { .s = s, .provider = provider, .alert = TLSC_ALERT_NONE } };
    tlsc_config_builder *b =
        s->server ? tlsc_config_builder_new(provider) : tlsc_config_builder_new_client(provider);
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
        credential_clear(&h->credentials[i]);
    }
    *h = (struct host){ .provider = NULL };
}
