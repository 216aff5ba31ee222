/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/pauses.c: configuration, application protocol, certificate, signature, verdict,
 * ticket, session. */
#include "pauses.h"

#include <string.h>

#include "checks.h"
#include "outcome.h"
#include "sessions.h"

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

/* Does an extension of this number stand in it? */
static bool has_extension(const tlsc_hello *hello, size_t number)
{
    enum { VERSION_AND_RANDOM = 34 };
    tlsc_bytes left = tlsc_hello_raw(hello);

    pass(&left, VERSION_AND_RANDOM);
    pass(&left, take_number(&left, 1)); /* session id */
    pass(&left, take_number(&left, 2)); /* suites */
    pass(&left, take_number(&left, 1)); /* compression methods */
    pass(&left, 2);
    while (left.n > 0) {
        if (take_number(&left, 2) == number) {
            return true;
        }
        pass(&left, take_number(&left, 2));
    }
    return false;
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
    if (s->select_alpn != NULL && s->select_alpn[0] != '\0' && s->async) {
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

/* The reason that a callback of the test's has to end the handshake; TLSC_OK: none. */
static tlsc_err wanted_refusal(const struct settings *s, const tlsc_hello *hello)
{
    enum { STATUS_REQUEST = 5 };

    if (s->fail_early_callback) {
        return TLSC_E_NO_SHARED_SIGNATURE; /* for its alert, handshake_failure */
    }
    if (s->fail_cert_callback) {
        return TLSC_E_NO_CERTIFICATE;
    }
    if (s->fail_ddos_callback || (s->use_ocsp_callback && s->fail_ocsp_callback &&
                                  has_extension(hello, STATUS_REQUEST))) {
        return TLSC_E_INTERNAL;
    }
    return TLSC_OK;
}

/* BoringSSL's shim installs its certificate, or its staple, in a callback: here a credential stands
 * in for the configuration's then. NULL: none does. */
static tlsc_credential *find_stand_in(const struct peer *p)
{
    const struct settings *s = p->s;
    const struct host_credential *c = &p->host->credentials[0];

    if (p->host->num_credentials != 1) {
        return NULL;
    }
    if (s->use_ocsp_callback && c->unstapled != NULL) {
        return s->decline_ocsp_callback ? c->unstapled : c->credential;
    }
    return s->use_early_callback ? c->credential : NULL;
}

static tlsc_err answer_config(struct peer *p)
{
    const tlsc_hello *hello = tlsc_conn_hello(p->conn);
    tlsc_bytes alpn;
    tlsc_opened opened = { .consumed = 0 };

    if (hello == NULL) {
        outcome_broken("a configuration is wanted for no ClientHello");
    }
    skip_older_versions(p->s, hello);
    checks_hello(p, hello);
    tlsc_err refusal = wanted_refusal(p->s, hello);
    if (refusal != TLSC_OK) {
        return refuse(p, refusal);
    }
    tlsc_err e = choose_alpn(p, hello, &alpn);
    if (e != TLSC_OK) {
        return e;
    }
    e = tlsc_conn_answer_config(p->conn, p->host->config, alpn, find_stand_in(p), &opened);
    return answered(&opened, e);
}

static tlsc_err answer_credential(struct peer *p)
{
    tlsc_credential_request request = { .size = sizeof(request) };
    tlsc_opened opened = { .consumed = 0 };

    if (!p->host->chooses_credential ||
        tlsc_conn_credential_request(p->conn, &request) != TLSC_OK) {
        outcome_broken("a credential is wanted, and nobody said so");
    }
    checks_credential_request(p, &request);
    if (p->s->fail_cert_callback) {
        return refuse(p, TLSC_E_NO_CERTIFICATE);
    }
    tlsc_err e = tlsc_conn_answer_credential(
        p->conn, p->host->num_credentials > 0 ? p->host->credentials[0].credential : NULL, &opened);
    return answered(&opened, e);
}

static tlsc_err answer_verdict(struct peer *p)
{
    const tlsc_verify_request *request = NULL;
    tlsc_verdict verdict = { .size = sizeof(verdict), .index = -1 };
    tlsc_opened opened = { .consumed = 0 };

    if (p->host->judge.pauses == 0 ||
        tlsc_conn_verify_request(p->conn, &request) != TLSC_OK || request == NULL) {
        outcome_broken("a verdict is wanted, and nobody asked for time");
    }
    judge_decide(&p->host->judge, request, &verdict);
    return answered(&opened, tlsc_conn_answer_verdict(p->conn, &verdict, &opened));
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
    tlsc_opened opened = { .consumed = 0 };

    switch (wait) {
    case TLSC_WAIT_CONFIG:
        return answer_config(p);
    case TLSC_WAIT_CREDENTIAL:
        return answer_credential(p);
    case TLSC_WAIT_SIGN:
        return answer_signature(p);
    case TLSC_WAIT_VERIFY:
        return answer_verdict(p);
    case TLSC_WAIT_TICKET:
        return answered(&opened, sessions_answer_ticket(p->conn, &opened));
    case TLSC_WAIT_SEAL:
        return answered(&opened, sessions_answer_sealed(p->conn, p->s, &opened));
    case TLSC_WAIT_SESSION:
        return answered(&opened, sessions_answer_session(p->conn, &opened));
    case TLSC_WAIT_NONE:
    case TLSC_WAIT_MESSAGE:
    default:
        outcome_broken("a pause that nothing here asks for: %d", (int)wait);
    }
}
