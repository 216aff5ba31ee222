/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/judge.c: looks at what a verifier is shown, and gives the verdict of the flags. */
#include "judge.h"

#include <string.h>

#include "outcome.h"
#include "sessions.h"

enum { SUITE_WITH_SHA256 = 0x1301 };

static bool is_same(tlsc_bytes a, tlsc_bytes b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static void check_raw_key(const struct judge *j, tlsc_bytes key)
{
    const tlsc_hash *sha256 = tlsc_provider_suite(j->provider, SUITE_WITH_SHA256)->hash;
    uint8_t state[TLSC_HASH_STATE_MAX] __attribute__((aligned(16)));
    uint8_t digest[TLSC_HASH_MAX];

    if (j->s->expect_peer_rpk_sha256.n == 0) {
        return;
    }
    sha256->init(state);
    sha256->update(state, key);
    sha256->final(state, digest);
    if (key.n == 0 || !is_same(j->s->expect_peer_rpk_sha256, (tlsc_bytes){ digest, sha256->len })) {
        outcome_broken("the peer's raw key is not the one expected");
    }
}

/* What a request promises, and what the test wants to see there. A session keeps neither staple nor
 * SCTs. */
static void check_request(const struct judge *j, const tlsc_verify_request *r)
{
    const struct settings *s = j->s;
    const char *name = s->host_name != NULL && !s->server ? s->host_name : "";

    if ((r->num_certificates == 0) == (r->raw_key.n == 0)) {
        outcome_broken("certificates and a raw key, or neither");
    }
    if (r->purpose != (s->server ? TLSC_PURPOSE_CLIENT : TLSC_PURPOSE_SERVER) ||
        !is_same(r->name, (tlsc_bytes){ (const uint8_t *)name, strlen(name) })) {
        outcome_broken("the verifier is asked about somebody else");
    }
    if (r->now_ms != sessions_now_ms(NULL) || r->num_schemes == 0) {
        outcome_broken("the verifier has no clock, or no schemes");
    }
    if (!r->resumed &&
        ((s->expect_ocsp.n > 0 && !is_same(s->expect_ocsp, r->ocsp)) ||
         (s->expect_scts.n > 0 && !is_same(s->expect_scts, r->scts)))) {
        outcome_broken("staple or SCTs are not those expected");
    }
    check_raw_key(j, r->raw_key);
}

/* A client that verifies nothing keeps the error, and goes on; but a raw key is nothing to somebody
 * who doesn't know it. */
static bool is_lenient(const struct settings *s, const tlsc_verify_request *r)
{
    return !s->verify_peer && !s->require_client_certificate && r->raw_key.n == 0;
}

/* The alerts are those of BoringSSL's two verifiers. */
static tlsc_verdict reject(struct judge *j, const tlsc_verify_request *r)
{
    const struct settings *s = j->s;
    tlsc_verdict v = { .size = sizeof(v),
                       .kind = TLSC_VERDICT_ACCEPT_WITH_ERROR,
                       .error = TLSC_E_CERTIFICATE_REJECTED,
                       .alert = TLSC_ALERT_NONE,
                       .index = 0 };

    if (!is_lenient(s, r)) {
        v.kind = TLSC_VERDICT_REJECT;
        v.alert = s->use_custom_verify_callback ? TLSC_ALERT_certificate_unknown
                                                : TLSC_ALERT_handshake_failure;
    }
    return v;
}

static tlsc_verdict reject_staple(void)
{
    return (tlsc_verdict){ .size = sizeof(tlsc_verdict),
                           .kind = TLSC_VERDICT_REJECT,
                           .alert = TLSC_ALERT_bad_certificate_status_response,
                           .index = 0 };
}

static tlsc_verdict accept(struct judge *j, const tlsc_verify_request *r)
{
    tlsc_verdict v = { .size = sizeof(v), .kind = TLSC_VERDICT_ACCEPT, .index = -1 };

    j->num_chain = r->num_certificates;
    if (r->num_certificates > 0 &&
        tlsc_chain_new(r->certificates, r->num_certificates, &v.chain) != TLSC_OK) {
        outcome_broken("out of memory");
    }
    return v;
}

void judge_decide(struct judge *j, const tlsc_verify_request *r, tlsc_verdict *out)
{
    /* asked behind early data: that was refused, which the shim may not know yet */
    if (j->retry != NULL) {
        j->s = j->retry;
    }
    const struct settings *s = j->s;
    bool fail_staple = !s->server && s->enable_ocsp && s->use_ocsp_callback && !r->resumed &&
                       s->fail_ocsp_callback;

    check_request(j, r);
    if (j->asked++ > (j->retry != NULL ? 1 : 0)) {
        outcome_broken("a certificate was verified twice");
    }
    j->num_chain = 0;
    if (s->verify_fail) {
        *out = reject(j, r);
    } else if (fail_staple) {
        *out = reject_staple();
    } else {
        *out = accept(j, r);
    }
    j->alert = out->kind == TLSC_VERDICT_REJECT ? out->alert : TLSC_ALERT_NONE;
}

/* With -async and a callback of the test's own the verdict takes a while. */
static tlsc_err verify(void *ctx, const tlsc_verify_request *request, tlsc_verdict *out)
{
    struct judge *j = ctx;

    if (out->size != sizeof(*out) || out->kind != TLSC_VERDICT_REJECT || out->index != -1) {
        outcome_broken("a verdict is there before it is given");
    }
    if (j->s->async && j->s->use_custom_verify_callback) {
        out->kind = TLSC_VERDICT_LATER;
        j->pauses++;
        return TLSC_OK;
    }
    judge_decide(j, request, out);
    return TLSC_OK;
}

tlsc_verifier judge_verifier(struct judge *j)
{
    return (tlsc_verifier){ .size = sizeof(tlsc_verifier), .ctx = j, .verify = verify };
}
