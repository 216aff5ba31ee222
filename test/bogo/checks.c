/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/checks.c: the -expect flags, and the errors' own consistency. */
#include "checks.h"

#include <string.h>

#if defined(__aarch64__)
#include <sys/auxv.h>
#endif

#include "files.h"
#include "outcome.h"
#include "sessions.h"

enum { NAME_CAP = 512 };

static bool is_same(tlsc_bytes a, tlsc_bytes b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static bool is_text(tlsc_bytes b, const char *text)
{
    return is_same(b, (tlsc_bytes){ (const uint8_t *)text, strlen(text) });
}

/* The protocols offered, each behind a byte with its length, as the flag has them. */
static void check_advertised_alpn(const tlsc_hello *hello, const char *want)
{
    size_t at = 0;
    tlsc_bytes name;

    while (tlsc_hello_alpn_next(hello, &at, &name)) {
        size_t left = strlen(want);
        if (left < 1 + name.n || (uint8_t)want[0] != name.n ||
            memcmp(want + 1, name.p, name.n) != 0) {
            outcome_broken("the client's protocols are not those expected");
        }
        want += 1 + name.n;
    }
    if (*want != '\0') {
        outcome_broken("the client's protocols are fewer than expected");
    }
}

static void check_schemes(const tlsc_hello *hello, const struct number_list *want)
{
    uint16_t scheme;

    for (size_t i = 0; i < want->n; i++) {
        if (!tlsc_hello_scheme_at(hello, i, &scheme) || scheme != want->v[i]) {
            outcome_broken("signature scheme %zu of the client is not as expected", i);
        }
    }
    if (tlsc_hello_scheme_at(hello, want->n, &scheme)) {
        outcome_broken("the client has more signature schemes than expected");
    }
}

void checks_hello(const struct peer *p, const tlsc_hello *hello)
{
    const struct settings *s = p->s;
    tlsc_bytes name = tlsc_hello_server_name(hello);
    size_t at = 0;
    tlsc_bytes first;

    if (s->expect_no_server_name && name.n > 0) {
        outcome_broken("the client sent a server name");
    }
    if (s->expect_server_name != NULL && !is_text(name, s->expect_server_name)) {
        outcome_broken("the server name is not the one expected");
    }
    if (s->expect_advertised_alpn != NULL && tlsc_hello_alpn_next(hello, &at, &first)) {
        check_advertised_alpn(hello, s->expect_advertised_alpn);
    }
    if (s->expect_peer_schemes.n > 0) {
        check_schemes(hello, &s->expect_peer_schemes);
    }
}

static void check_number(const char *what, unsigned got, int64_t want)
{
    if (want != FLAGS_NONE && want != (int64_t)got) {
        outcome_broken("%s is %04x, not %04x", what, got, (unsigned)want);
    }
}

static bool has_aes(void)
{
#if defined(__x86_64__) || defined(__i386__)
    return __builtin_cpu_supports("aes") != 0;
#elif defined(__aarch64__)
    return (getauxval(AT_HWCAP) & HWCAP_AES) != 0;
#else
    return false;
#endif
}

static void check_suite(const struct settings *s, const tlsc_info *info)
{
    check_number("the suite", info->suite, s->expect_suite);
    if (has_aes()) {
        check_number("the suite with AES in hardware", info->suite, s->expect_suite_aes);
    } else if (s->expect_suite_no_aes != FLAGS_NONE &&
               s->expect_suite_no_aes != (int64_t)info->suite) {
        outcome_skip("later", "suites in the order of this machine's hardware");
    }
}

static void check_resumption(const struct peer *p, const tlsc_info *info)
{
    bool want = p->is_resume && !p->s->expect_session_miss;

    if (info->resumed != want) {
        outcome_broken("the session was %sresumed", info->resumed ? "" : "not ");
    }
    if (p->s->server &&
        (info->resumed != (info->scheme == 0) || info->resumed != (info->credential == NULL))) {
        outcome_broken("resumed and yet signed, or neither");
    }
    if ((info->scheme == 0) != (info->credential == NULL)) {
        outcome_broken("signed without a certificate, or the other way round");
    }
}

static void check_credential(const struct peer *p, const tlsc_info *info)
{
    const struct host_credential *c = host_find(p->host, info->credential);
    int64_t number = c != NULL ? c->number : -1;

    if (p->s->expect_selected_credential != FLAGS_NONE &&
        p->s->expect_selected_credential != number) {
        outcome_broken("credential %d served", (int)number);
    }
}

/* ---- the peer's certificate ---- */

/* The names that a list of opaque<1..2^16-1> holds, compared with those of the flag. */
static void check_ca_names(tlsc_bytes got, const char *want)
{
    uint8_t name[NAME_CAP];

    for (size_t n; (n = host_next_name(&want, name, sizeof(name))) > 0;) {
        if (got.n < 2 + n || (size_t)(got.p[0] << 8 | got.p[1]) != n ||
            memcmp(got.p + 2, name, n) != 0) {
            outcome_broken("the CA names are not those expected");
        }
        got.p += 2 + n;
        got.n -= 2 + n;
    }
    if (got.n > 0) {
        outcome_broken("there are more CA names than expected");
    }
}

void checks_credential_request(const struct peer *p, const tlsc_credential_request *request)
{
    const struct settings *s = p->s;
    const struct number_list *want = &s->expect_peer_schemes;

    if (s->expect_certificate_types.n > 0 &&
        !is_same(s->expect_certificate_types, request->key_types)) {
        outcome_broken("the server's certificate types are not those expected");
    }
    if (s->expect_client_ca_list != NULL) {
        check_ca_names(request->ca_names, s->expect_client_ca_list);
    }
    if (want->n > 0 && request->schemes.n != 2 * want->n) {
        outcome_broken("%zu signature schemes are wished for, not %zu", request->schemes.n / 2,
                       want->n);
    }
    for (size_t i = 0; i < want->n; i++) {
        const uint8_t *at = request->schemes.p + 2 * i;
        if ((at[0] << 8 | at[1]) != want->v[i]) {
            outcome_broken("signature scheme %zu wished for is not as expected", i);
        }
    }
}

/* The chain kept is that of the file, from first to last. */
static void check_kept_chain(const struct peer *p, const char *path)
{
    tlsc_bytes pem = file_read(path);
    size_t at = 0;

    for (size_t i = 0;; i++) {
        tlsc_bytes want = file_next_certificate(pem, &at);
        if (!is_same(want, tlsc_conn_peer_certificate(p->conn, i))) {
            outcome_broken("certificate %zu of the peer is not the one expected", i);
        }
        bool last = want.n == 0;
        file_free(want);
        if (last) {
            break;
        }
    }
    file_free(pem);
}

static void check_peer_certificate(const struct peer *p, const tlsc_info *info)
{
    const struct settings *s = p->s;
    bool has = info->peer_authenticated || info->verify_error != TLSC_OK;

    if (has && s->expect_no_peer_cert) {
        outcome_broken("the peer sent a certificate");
    }
    if (!has && !s->expect_no_peer_cert && (!s->server || s->require_client_certificate)) {
        outcome_broken("the peer has no certificate");
    }
    if (s->expect_peer_cert_file != NULL) {
        check_kept_chain(p, s->expect_peer_cert_file);
    }
    if (s->expect_verify_result &&
        info->verify_error != (s->verify_fail ? TLSC_E_CERTIFICATE_REJECTED : TLSC_OK)) {
        outcome_broken("the verifier's error was %s", tlsc_err_name(info->verify_error));
    }
    if (info->verified_chain != NULL &&
        tlsc_chain_len(info->verified_chain) != p->host->judge.num_chain) {
        outcome_broken("the verified chain is not the verifier's");
    }
    if (!info->resumed) { /* a session doesn't keep it */
        check_number("the peer's scheme", info->peer_scheme, s->expect_peer_scheme);
    }
    check_number("the peer's kind of certificate", info->peer_certificate_type,
                 s->expect_peer_certificate_type);
}

/* ---- sessions and early data ---- */

/* BoringSSL's word for what became of early data, of which one of ours may be several. */
static bool is_reason(tlsc_early_data got, const char *want)
{
    static const struct {
        tlsc_early_data ours;
        const char *theirs;
    } pairs[] = {
        { TLSC_EARLY_NONE, "disabled" },
        { TLSC_EARLY_NONE, "no_session_offered" },
        { TLSC_EARLY_NONE, "unsupported_for_session" },
        { TLSC_EARLY_NONE, "protocol_version" },
        { TLSC_EARLY_NONE, "alpn_mismatch" },
        { TLSC_EARLY_ACCEPTED, "accepted" },
        { TLSC_EARLY_ACCEPTED, "accept" }, /* a slip that BoringSSL's shim never looks at */
        { TLSC_EARLY_OFF, "disabled" },
        { TLSC_EARLY_NOT_RESUMED, "session_not_resumed" },
        { TLSC_EARLY_NOT_RESUMED, "no_session_offered" },
        { TLSC_EARLY_RETRY, "hello_retry_request" },
        { TLSC_EARLY_ALPN, "alpn_mismatch" },
        { TLSC_EARLY_AGE, "ticket_age_skew" },
        { TLSC_EARLY_SESSION, "unsupported_for_session" },
        { TLSC_EARLY_REFUSED, "peer_declined" },
        { TLSC_EARLY_VERSION, "protocol_version" },
    };

    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        if (pairs[i].ours == got && strcmp(pairs[i].theirs, want) == 0) {
            return true;
        }
    }
    return false;
}

static void check_early_data(const struct settings *s, const tlsc_info *info)
{
    bool accepted = info->early_data == TLSC_EARLY_ACCEPTED;

    if ((s->expect_accept_early_data && !accepted) || (s->expect_reject_early_data && accepted)) {
        outcome_broken("early data was %saccepted", accepted ? "" : "not ");
    }
    if (s->expect_early_data_reason != NULL &&
        !is_reason(info->early_data, s->expect_early_data_reason)) {
        outcome_broken("early data came to %d, not to %s", (int)info->early_data,
                       s->expect_early_data_reason);
    }
}

static void check_stored(const struct peer *p)
{
    bool stored = sessions_num_stored() > p->stored_before;

    if (!p->is_resume && ((p->s->expect_session_id && !stored) ||
                          (p->s->expect_no_session_id && stored))) {
        outcome_broken("the session was %sput into the store", stored ? "" : "not ");
    }
}

/* TLS 1.2's sessions come in the handshake. */
static void check_new_session12(const struct peer *p, const tlsc_info *info)
{
    const struct settings *s = p->s;
    bool want = !s->expect_no_session && (!info->resumed || s->expect_ticket_renewal);

    if (info->version == TLSC_TLS12 && want != (p->new_sessions > 0)) {
        outcome_broken("%u new sessions in the handshake", p->new_sessions);
    }
}

/* ---- all of it ---- */

void checks_handshake(const struct peer *p)
{
    const struct settings *s = p->s;
    tlsc_info info;

    tlsc_conn_info(p->conn, &info);
    if (s->handshake_never_done) {
        outcome_broken("the handshake was done");
    }
    if (info.config != p->host->config) {
        outcome_broken("another configuration serves than the one that was given");
    }
    check_number("the version", info.version, s->expect_version);
    check_suite(s, &info);
    check_number("the group", info.group, s->expect_group);
    check_resumption(p, &info);
    check_credential(p, &info);
    if ((s->expect_hrr && !info.hello_retry) || (s->expect_no_hrr && info.hello_retry)) {
        outcome_broken("there was %sHelloRetryRequest", info.hello_retry ? "a " : "no ");
    }
    if (s->expect_extended_master_secret && !info.extended_master_secret) {
        outcome_broken("no extended master secret");
    }
    if (s->expect_server_name != NULL && !is_text(info.server_name, s->expect_server_name)) {
        outcome_broken("the server name reported is not the one expected");
    }
    const char *alpn = s->server ? s->select_alpn : s->expect_alpn;
    if (!is_text(info.alpn, alpn != NULL ? alpn : "")) {
        outcome_broken("the application protocol is not the one expected");
    }
    check_peer_certificate(p, &info);
    check_early_data(s, &info);
    if (p->is_resume && s->expect_ticket_age_skew != FLAGS_NONE &&
        s->expect_ticket_age_skew * 1000 != info.ticket_age_skew_ms) {
        outcome_broken("the ticket's age is off by %d ms", (int)info.ticket_age_skew_ms);
    }
    if (s->server) {
        check_stored(p);
    } else {
        check_new_session12(p, &info);
    }
}

void checks_sessions(const struct peer *p)
{
    const struct settings *s = p->s;
    bool want = !s->expect_no_session && !s->shim_shuts_down;
    tlsc_info info;
    tlsc_session_info session;

    tlsc_conn_info(p->conn, &info);
    if (s->server || info.version != TLSC_TLS13) {
        return;
    }
    if (want != (p->new_sessions > 0) || info.tickets_received < p->new_sessions) {
        outcome_broken("%u new sessions, of %u tickets", p->new_sessions,
                       (unsigned)info.tickets_received);
    }
    if (!want) {
        return;
    }
    tlsc_err e = tlsc_session_describe((tlsc_bytes){ p->fresh.p, p->fresh.n }, &session);
    if (e != TLSC_OK || (session.max_early_data > 0) != s->expect_ticket_supports_early_data) {
        outcome_broken("a new session allows early data, or doesn't");
    }
}

/* ---- failures ---- */

/* The version that a ServerHello in the runner's first record chooses; 0: there is none. */
static unsigned server_version(const struct peer *p)
{
    enum { HEADER = 5 + 4, RECORD_HANDSHAKE = 22, SERVER_HELLO = 2 };
    const uint8_t *at = p->first;

    if (p->first_n < HEADER + 2 || at[0] != RECORD_HANDSHAKE || at[5] != SERVER_HELLO) {
        return 0;
    }
    return (unsigned)(at[HEADER] << 8 | at[HEADER + 1]);
}

void checks_skip_older_server(const struct peer *p, tlsc_err e)
{
    unsigned chosen = server_version(p);
    bool is_old = chosen == VERSION_TLS10 || chosen == VERSION_TLS11;
    bool allowed = flags_allow_version(p->s, VERSION_TLS10) ||
                   flags_allow_version(p->s, VERSION_TLS11);
    tlsc_failure f;

    tlsc_conn_error(p->conn, &f);
    bool refused_ours = e == TLSC_E_PEER_ALERT && f.alert_received == TLSC_ALERT_protocol_version;
    if ((is_old && flags_allow_version(p->s, (uint16_t)chosen)) || (refused_ours && allowed)) {
        outcome_skip("refused", "TLS below 1.2");
    }
}

/* May a peer sign with this scheme, in the runner's eyes? RSA with SHA-256 under a code point of its own is
 * for clients of TLS 1.3. */
static bool may_sign(const struct peer *p, uint16_t scheme, uint16_t version)
{
    enum { RSA_SHA1 = 0x0201, ECDSA_SHA1 = 0x0203, RSA_SHA256_LEGACY = 0x0420 };

    switch (scheme) {
    case RSA_SHA1:
    case ECDSA_SHA1:
        return version == TLSC_TLS12;
    case RSA_SHA256_LEGACY:
        return version == TLSC_TLS13 && p->s->server;
    default:
        return false;
    }
}

void checks_skip_refused(const struct peer *p, tlsc_err e)
{
    tlsc_info info;

    tlsc_conn_info(p->conn, &info);
    for (size_t i = 0; i < p->s->verify_prefs.n && info.peer_scheme == 0; i++) {
        if (may_sign(p, p->s->verify_prefs.v[i], info.version)) {
            outcome_skip("refused", "signatures with MD5 or SHA-1, and legacy code points");
        }
    }
    if (e == TLSC_E_RENEGOTIATION && p->s->renegotiate && !p->s->shim_shuts_down) {
        outcome_skip("refused", "renegotiation");
    }
}

void checks_failure(struct peer *p, tlsc_err e)
{
    tlsc_failure f;
    tlsc_info info;

    tlsc_conn_error(p->conn, &f);
    tlsc_conn_info(p->conn, &info);
    if (f.code != e) {
        outcome_broken("failed with %s, reports %s", tlsc_err_name(e), tlsc_err_name(f.code));
    }
    /* after a close_notify nothing may follow */
    tlsc_alert want = p->host->judge.alert; /* the verifier's, if it gave one */
    if (want == TLSC_ALERT_NONE) {
        want = e == TLSC_E_ABORTED ? p->chosen : tlsc_err_alert(e);
    }
    if (!p->s->server && p->first_n == 0 && e != TLSC_E_ABORTED) {
        want = TLSC_ALERT_NONE; /* refused before the ClientHello: nobody is there to tell */
    }
    if (!info.close_notify_sent && f.alert_sent != want) {
        outcome_broken("%s sent alert %s, not %s", tlsc_err_name(e),
                       tlsc_alert_name((unsigned)f.alert_sent), tlsc_alert_name((unsigned)want));
    }
    if (!p->wire.ops->is_dead(&p->wire)) {
        outcome_broken("%s is forgotten by the next call", tlsc_err_name(e));
    }
}
