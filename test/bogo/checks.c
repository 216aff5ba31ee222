/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/checks.c: the -expect flags, and the errors' own consistency. */
#include "checks.h"

#include <string.h>

#if defined(__aarch64__)
#include <sys/auxv.h>
#endif

#include "outcome.h"

static bool is_text(tlsc_bytes b, const char *text)
{
    return b.n == strlen(text) && (b.n == 0 || memcmp(b.p, text, b.n) == 0);
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
    if (info->resumed != (info->scheme == 0) || info->resumed != (info->credential == NULL)) {
        outcome_broken("resumed and yet signed, or neither");
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
    if (s->expect_server_name != NULL && !is_text(info.server_name, s->expect_server_name)) {
        outcome_broken("the server name reported is not the one expected");
    }
    if (!is_text(info.alpn, s->select_alpn != NULL ? s->select_alpn : "")) {
        outcome_broken("the application protocol is not the one selected");
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
    if (!info.close_notify_sent && f.alert_sent != tlsc_err_alert(e)) {
        outcome_broken("%s sent alert %s, errors.def has %s", tlsc_err_name(e),
                       tlsc_alert_name((unsigned)f.alert_sent),
                       tlsc_alert_name((unsigned)tlsc_err_alert(e)));
    }
    if (!p->wire.ops->is_dead(&p->wire)) {
        outcome_broken("%s is forgotten by the next call", tlsc_err_name(e));
    }
}
