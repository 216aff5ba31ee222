/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/setup.c: the configuration from the options that both roles have. */
#include "setup.h"

#include <stdlib.h>

#include "tool.h"

static void set_lists(const setup *s, tlsc_config_builder *b)
{
    uint16_t ids[LIST_MAX];
    tlsc_bytes names[LIST_MAX];
    if (s->policy != NULL) {
        must(tlsc_config_set_policy(b, s->policy), "--policy");
    }
    if (s->tls != NULL) {
        uint16_t min = 0;
        uint16_t max = 0;
        versions_of(s->tls, &min, &max);
        must(tlsc_config_set_versions(b, min, max), "--tls");
    }
    if (s->suites != NULL) {
        size_t num = list_of("--suites", s->suites, tlsc_suite_by_name, ids);
        must(tlsc_config_set_suites(b, ids, num), "--suites");
    }
    if (s->groups != NULL) {
        size_t num = list_of("--groups", s->groups, tlsc_group_by_name, ids);
        must(tlsc_config_set_groups(b, ids, num), "--groups");
    }
    if (s->alpn != NULL) {
        must(tlsc_config_set_alpn(b, names, names_of("--alpn", s->alpn, names)), "--alpn");
    }
}

static void add_credential(const setup *s, tlsc_config_builder *b)
{
    tlsc_credential *credential = NULL;
    tlsc_cert_where where;
    if (s->cert == NULL) {
        if (s->key != NULL) {
            die(EXIT_WRONG, "--key: without --cert");
        }
        return;
    }
    tlsc_bytes cert = file_contents(s->cert);
    tlsc_bytes key = s->key != NULL ? file_contents(s->key) : (tlsc_bytes){NULL, 0};
    tlsc_err e = tlsc_credential_from_pem(tlsc_provider_default(), cert, key, &credential, &where);
    if (e != TLSC_OK) {
        die(EXIT_WRONG, "%s%s%s: PEM block %u, line %u: %s", s->cert, s->key != NULL ? ", " : "",
            s->key != NULL ? s->key : "", where.block, where.line, tlsc_err_text(e));
    }
    must(tlsc_config_add_credential(b, credential), "--cert");
    tlsc_credential_free(credential);
    free((void *)(uintptr_t)cert.p);
    free((void *)(uintptr_t)key.p);
}

bool setup_trusts(const setup *s)
{
    return s->pin != NULL || s->ca != NULL || s->insecure;
}

void setup_apply(const setup *s, tlsc_config_builder *b, judge *j, bool judged)
{
    (void)need(b);
    set_lists(s, b);
    add_credential(s, b);
    if (judged) {
        tlsc_verifier verifier = judge_verifier(j);
        must(tlsc_config_set_verifier(b, &verifier), "verifier");
    }
    tlsc_config_keep_peer_chain(b, true);
    tlsc_config_request_ocsp(b, true);
    tlsc_config_request_scts(b, true);
}

const tlsc_config *setup_build(tlsc_config_builder *b)
{
    const tlsc_config *config = NULL;
    must(tlsc_config_build(b, &config), "configuration");
    tlsc_config_builder_free(b);
    return config;
}
