/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/pauses.c: the configuration, the application protocol, the signature. */
#include "pauses.h"

#include <string.h>

#include "checks.h"
#include "outcome.h"

static bool is_expected(const struct settings *s, const tlsc_hello *hello, uint16_t version)
{
    return flags_allow_version(s, version) && tlsc_hello_offers_version(hello, version);
}

/* A client that offers an older version, and none of ours, expects it. */
static void skip_older_versions(const struct settings *s, const tlsc_hello *hello)
{
    if (is_expected(s, hello, TLSC_TLS13) || is_expected(s, hello, TLSC_TLS12)) {
        return;
    }
    if (is_expected(s, hello, VERSION_TLS11) || is_expected(s, hello, VERSION_TLS10)) {
        outcome_skip("refused", "TLS below 1.2");
    }
}

/* A number of `n` bytes at the front of what is left, which then begins behind it. The ClientHello
 * was parsed by tlscore before. */
static size_t take_number(tlsc_bytes *left, size_t n)
{
    size_t v = 0;

    for (size_t i = 0; i < n && left->n > 0; i++, left->p++, left->n--) {
        v = v << 8 | left->p[0];
    }
    return v;
}

static void pass(tlsc_bytes *left, size_t n)
{
    n = n < left->n ? n : left->n;
    left->p += n;
    left->n -= n;
}

/* Does the client want tickets of TLS 1.2, as the extension alone tells? RFC 5077 3.1 */
static bool wants_tickets12(const tlsc_hello *hello)
{
    enum { VERSION_AND_RANDOM = 34, SESSION_TICKET = 35 };
    tlsc_bytes left = tlsc_hello_raw(hello);

    pass(&left, VERSION_AND_RANDOM);
    pass(&left, take_number(&left, 1)); /* session id */
    pass(&left, take_number(&left, 2)); /* suites */
    pass(&left, take_number(&left, 1)); /* compression methods */
    pass(&left, 2);
    while (left.n > 0) {
        if (take_number(&left, 2) == SESSION_TICKET) {
            return true;
        }
        pass(&left, take_number(&left, 2));
    }
    return false;
}

/* A TLS 1.2 client that shall resume, and could get no ticket before, counts on its session id. One
 * that should have got a ticket must have it. */
static void skip_session_ids(const struct peer *p, const tlsc_hello *hello)
{
    static bool could_get_ticket;
    bool could_before = could_get_ticket;

    could_get_ticket = wants_tickets12(hello) && !p->s->no_ticket;
    if (p->is_resume && !p->s->expect_session_miss && !is_expected(p->s, hello, TLSC_TLS13) &&
        !could_before) {
        outcome_skip("later", "sessions by id");
    }
}

static tlsc_err refuse(struct peer *p, tlsc_err reason)
{
    tlsc_err e = tlsc_conn_answer_refuse(p->conn, reason);

    if (e != reason) {
        outcome_broken("refused with %s, got %s", tlsc_err_name(reason), tlsc_err_name(e));
    }
    return e;
}

/* An empty protocol can't be chosen: whoever asks for one is told so when the list is made. */
static tlsc_err choose_empty_alpn(struct peer *p)
{
    static const tlsc_bytes empty = { (const uint8_t *)"", 0 };
    tlsc_config_builder *b = tlsc_config_builder_new(p->host->provider);

    if (b == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_err e = tlsc_config_set_alpn(b, &empty, 1);
    tlsc_config_builder_free(b);
    if (e != TLSC_E_BAD_CONFIG) {
        outcome_broken("an empty protocol name got %s", tlsc_err_name(e));
    }
    return refuse(p, e);
}

/* The protocol for the answer; empty where the configuration's own list decides, or none. */
static tlsc_err choose_alpn(struct peer *p, const tlsc_hello *hello, tlsc_bytes *alpn)
{
    const struct settings *s = p->s;
    size_t at = 0;
    tlsc_bytes first;

    *alpn = (tlsc_bytes){ NULL, 0 };
    if (!tlsc_hello_alpn_next(hello, &at, &first) || s->decline_alpn) {
        return TLSC_OK;
    }
    if (s->reject_alpn) {
        return refuse(p, TLSC_E_NO_SHARED_ALPN);
    }
    if (s->select_empty_alpn) {
        return choose_empty_alpn(p);
    }
    if (s->select_alpn != NULL && s->async) {
        *alpn = (tlsc_bytes){ (const uint8_t *)s->select_alpn, strlen(s->select_alpn) };
    }
    return TLSC_OK;
}

/* An answer goes on with the handshake, and takes no bytes from the wire. */
static tlsc_err answered(const tlsc_opened *opened, tlsc_err e)
{
    if (opened->consumed > 0 || opened->data.n > 0) {
        outcome_broken("an answer consumed bytes");
    }
    return e;
}

static tlsc_err answer_config(struct peer *p)
{
    const struct settings *s = p->s;
    const tlsc_hello *hello = tlsc_conn_hello(p->conn);
    tlsc_bytes alpn;
    tlsc_opened opened = { .consumed = 0 };

    if (hello == NULL) {
        outcome_broken("a configuration is wanted for no ClientHello");
    }
    skip_older_versions(s, hello);
    skip_session_ids(p, hello);
    checks_hello(p, hello);
    if (s->fail_early_callback) {
        return refuse(p, TLSC_E_NO_SHARED_SIGNATURE); /* for its alert, handshake_failure */
    }
    if (s->fail_ddos_callback) {
        return refuse(p, TLSC_E_INTERNAL);
    }
    if (s->fail_cert_callback) {
        return refuse(p, TLSC_E_NO_CERTIFICATE);
    }
    tlsc_err e = choose_alpn(p, hello, &alpn);
    if (e != TLSC_OK) {
        return e;
    }
    /* BoringSSL's shim installs its certificate in the early callback: ours stands in for the
     * configuration's then, which is the same one */
    tlsc_credential *stand_in = s->use_early_callback && p->host->num_credentials == 1
                                    ? p->host->credentials[0].credential
                                    : NULL;
    e = tlsc_conn_answer_config(p->conn, p->host->config, alpn, stand_in, &opened);
    return answered(&opened, e);
}

static tlsc_err answer_signature(struct peer *p)
{
    uint16_t scheme = 0;
    tlsc_bytes message = { NULL, 0 };
    uint8_t signature[TLSC_SIGNATURE_MAX];
    size_t n = 0;
    tlsc_info info;
    tlsc_opened opened = { .consumed = 0 };

    tlsc_err e = tlsc_conn_sign_request(p->conn, &scheme, &message);
    if (e != TLSC_OK) {
        outcome_broken("a signature is wanted, and no request for it: %s", tlsc_err_name(e));
    }
    tlsc_conn_info(p->conn, &info);
    const struct host_credential *c = host_find(p->host, info.credential);
    if (c == NULL || c->key == NULL) {
        outcome_broken("a signature is wanted from a credential that needs none");
    }
    if (c->key->sign(c->key, scheme, message, signature, &n) != TLSC_OK) {
        n = 0; /* a scheme that the key hasn't: let tlscore say so */
    }
    e = tlsc_conn_answer_signature(p->conn, (tlsc_bytes){ signature, n }, &opened);
    return answered(&opened, e);
}

tlsc_err pauses_answer(struct peer *p, tlsc_wait wait)
{
    switch (wait) {
    case TLSC_WAIT_CONFIG:
        return answer_config(p);
    case TLSC_WAIT_SIGN:
        return answer_signature(p);
    case TLSC_WAIT_NONE:
    case TLSC_WAIT_MESSAGE:
    case TLSC_WAIT_VERIFY:
    case TLSC_WAIT_TICKET:
    default:
        outcome_broken("a pause that nothing here asks for: %d", (int)wait);
    }
}
