/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/verify.c: tlsc verify, whether a certificate chain leads to whom one trusts, and if not, why. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "authorities.h"
#include "certificate.h"
#include "options.h"
#include "process.h"
#include "tool.h"

enum { FILE_LIMIT = 64 << 20, CERTIFICATES_MAX = 4096, OID_MAX = 64 };

typedef struct verify {
    option_list trusted;
    option_list untrusted;
    option_list names;
    option_list policies;
    option_list crls;
    const char *ocsp;
    const char *purpose;
    const char *anchors;
    long long time_s;
    unsigned depth;
    bool only_self_signed;
    bool allow_self_signed_leaf;
    bool allow_ca_leaf;
    bool common_name_fallback;
    bool require_policy;
    bool inhibit_policy_mapping;
    bool inhibit_any_policy;
    bool require_crls;
    bool crl_leaf_only;
    bool crl_allow_unknown;
    bool crl_allow_expired;
    bool require_ocsp;
    bool ignore_must_staple;
    bool json;
    /* from here on not options */
    const tlsc_trust_store *store;
    tlsc_crl_builder *crl_builder; /* here, so that it isn't lost where the program ends early */
    const tlsc_crl_store *crl_store; /* NULL: none */
    tlsc_bytes response;
    const tlsc_chain *chains[1 + OPTION_LIST_MAX]; /* the views below are of these */
    size_t num_chains;
    tlsc_bytes certificates[CERTIFICATES_MAX];
    size_t num;
    tlsc_reference_name references[OPTION_LIST_MAX];
    tlsc_bytes oids[OPTION_LIST_MAX];
    uint8_t oid_bytes[OPTION_LIST_MAX][OID_MAX];
    tlsc_verify_result result;
    process_cost cost;
} verify;

static const option_row rows[] = {
    {"--trusted", "FILE", "whom to trust: PEM, a directory of such, or \"system\"; may be repeated",
     OPTION_LIST, offsetof(verify, trusted)},
    {"--untrusted", "FILE", "certificates that may be of use on the way, PEM; may be repeated",
     OPTION_LIST, offsetof(verify, untrusted)},
    {"--time", "UNIX", "judges as of then; default: now", OPTION_TIME, offsetof(verify, time_s)},
    {"--purpose", "WHAT", "server, which is the default, or client", OPTION_TEXT,
     offsetof(verify, purpose)},
    {"--depth", "NUMBER", "so many intermediates at most, 0 to 30; default 10", OPTION_NUMBER,
     offsetof(verify, depth)},
    {"--name", "KIND:NAME",
     "the leaf must have this name: dns:NAME, ip:ADDRESS,\n"
     "email:ADDRESS, or host:EITHER of the first two; of several all",
     OPTION_LIST, offsetof(verify, names)},
    {"--anchors", "HOW",
     "checked: dates, purpose and limits of trusted certificates\n"
     "count, which is the default; name-key: nothing else does",
     OPTION_TEXT, offsetof(verify, anchors)},
    {"--only-self-signed", NULL, "trusts only those of the trusted that are self-signed",
     OPTION_FLAG, offsetof(verify, only_self_signed)},
    {"--allow-self-signed-leaf", NULL, "a leaf that is itself trusted is valid", OPTION_FLAG,
     offsetof(verify, allow_self_signed_leaf)},
    {"--allow-ca-leaf", NULL, "a leaf may be a CA's certificate", OPTION_FLAG,
     offsetof(verify, allow_ca_leaf)},
    {"--common-name-fallback", NULL, "a leaf without alternative names goes by its CN", OPTION_FLAG,
     offsetof(verify, common_name_fallback)},
    {"--policy", "OID", "an acceptable policy; may be repeated; default: any", OPTION_LIST,
     offsetof(verify, policies)},
    {"--require-policy", NULL, "the chain must have an acceptable policy", OPTION_FLAG,
     offsetof(verify, require_policy)},
    {"--inhibit-policy-mapping", NULL, "policies are not mapped", OPTION_FLAG,
     offsetof(verify, inhibit_policy_mapping)},
    {"--inhibit-any-policy", NULL, "anyPolicy is no policy", OPTION_FLAG,
     offsetof(verify, inhibit_any_policy)},
    {"--crl", "FILE",
     "certificates in these CRLs are revoked, and each must be covered\n"
     "by one, PEM or DER, or a directory; may be repeated",
     OPTION_LIST, offsetof(verify, crls)},
    {"--require-crls", NULL, "the same without any --crl: then nothing is covered", OPTION_FLAG,
     offsetof(verify, require_crls)},
    {"--crl-leaf-only", NULL, "CRLs are asked about the leaf alone", OPTION_FLAG,
     offsetof(verify, crl_leaf_only)},
    {"--crl-allow-unknown", NULL, "what no CRL covers is fine", OPTION_FLAG,
     offsetof(verify, crl_allow_unknown)},
    {"--crl-allow-expired", NULL, "CRLs that are out of date count", OPTION_FLAG,
     offsetof(verify, crl_allow_expired)},
    {"--ocsp", "FILE", "an OCSP response about the leaf, DER", OPTION_TEXT, offsetof(verify, ocsp)},
    {"--require-ocsp", NULL, "without a good OCSP response nothing is valid", OPTION_FLAG,
     offsetof(verify, require_ocsp)},
    {"--ignore-must-staple", NULL, "a leaf that asks for an OCSP response does without",
     OPTION_FLAG, offsetof(verify, ignore_must_staple)},
    {"--json", NULL, "all details as one line of JSON", OPTION_FLAG, offsetof(verify, json)},
};

static const command about = {
    "tlsc verify --trusted FILE [OPTION]... LEAF.pem",
    "Tells whether a certificate leads to one that is trusted, over any of the others\n"
    "in any order. The first line is CODE INDEX SUBJECT: TEXT, of the certificate\n"
    "concerned: LEAF.pem's first is 0, then its others and those of --untrusted; -1 is\n"
    "a trusted one, or none.",
    rows,
    sizeof(rows) / sizeof(rows[0]),
};

/* ---- what is judged ---- */

static void add_certificates(verify *v, const char *path)
{
    tlsc_cert_where where;
    const tlsc_chain *chain;
    tlsc_bytes text = file_contents_below(path, FILE_LIMIT);
    tlsc_err e = tlsc_chain_from_pem(text, &chain, &where);
    if (e != TLSC_OK) {
        die(EXIT_WRONG, "%s: PEM block %u, line %u: %s", path, where.block, where.line,
            tlsc_err_text(e));
    }
    for (size_t i = 0; i < tlsc_chain_len(chain); i++) {
        if (v->num == CERTIFICATES_MAX) {
            die(EXIT_WRONG, "%s: more than %d certificates", path, CERTIFICATES_MAX);
        }
        v->certificates[v->num++] = tlsc_chain_certificate(chain, i);
    }
    v->chains[v->num_chains++] = chain;
    free((void *)(uintptr_t)text.p);
}

static tlsc_reference_name name_of(const char *text)
{
    static const char *const kinds[] = {[TLSC_REFERENCE_HOST] = "host:",
                                        [TLSC_REFERENCE_DNS] = "dns:",
                                        [TLSC_REFERENCE_IP] = "ip:",
                                        [TLSC_REFERENCE_EMAIL] = "email:"};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        size_t n = strlen(kinds[i]);
        if (strncmp(text, kinds[i], n) == 0) {
            return (tlsc_reference_name){(tlsc_reference_kind)i, bytes_of(text + n)};
        }
    }
    die(EXIT_WRONG, "--name: \"%s\" begins with neither dns:, ip:, email: nor host:", text);
}

static tlsc_bytes policy_of(const char *text, uint8_t room[OID_MAX])
{
    size_t n = tlsc_oid_of_text(text, room, OID_MAX);
    if (n == 0) {
        die(EXIT_WRONG, "--policy: \"%s\" is no OID", text);
    }
    return (tlsc_bytes){room, n};
}

/* ---- revocation ---- */

static void add_crls(tlsc_crl_builder *b, const char *path)
{
    size_t before = tlsc_crl_num_added(b) + tlsc_crl_num_skipped(b);
    tlsc_err e = is_directory(path) ? tlsc_crl_add_directory(b, path) : tlsc_crl_add_file(b, path);
    if (e != TLSC_OK) {
        die(EXIT_WRONG, "--crl: %s: %s (%s)", path, tlsc_err_text(e), tlsc_err_name(e));
    }
    if (tlsc_crl_num_added(b) + tlsc_crl_num_skipped(b) == before) {
        die(EXIT_WRONG, "--crl: %s: there is no CRL in it", path);
    }
}

/* A CRL that can't be used is told and skipped: then there may be none that covers a certificate. */
static void load_crls(verify *v)
{
    tlsc_crl_builder *b =
        (tlsc_crl_builder *)need(tlsc_crl_builder_new(v->store, tell_skip, NULL));
    v->crl_builder = b;
    for (size_t i = 0; i < v->num; i++) {
        tlsc_err e = tlsc_crl_add_issuer(b, v->certificates[i]);
        if (e == TLSC_E_NO_MEMORY) {
            must(e, "--crl");
        }
    }
    for (size_t i = 0; i < v->crls.num; i++) {
        add_crls(b, v->crls.at[i]);
    }
    must(tlsc_crl_build(b, &v->crl_store), "--crl");
    tlsc_crl_builder_free(b);
    v->crl_builder = NULL;
}

static void load_revocation(verify *v)
{
    if (v->crls.num > 0 || v->require_crls) {
        load_crls(v);
    }
    if (v->ocsp != NULL) {
        v->response = file_contents(v->ocsp);
        if (v->response.n == 0) {
            die(EXIT_WRONG, "--ocsp: %s: it is empty", v->ocsp);
        }
    }
}

static struct tlsc_revocation revocation_of(const verify *v)
{
    return (struct tlsc_revocation){
        .size = sizeof(struct tlsc_revocation),
        .crls = v->crl_store,
        .crl_leaf_only = v->crl_leaf_only,
        .crl_allow_unknown = v->crl_allow_unknown,
        .crl_allow_expired = v->crl_allow_expired,
        .require_ocsp = v->require_ocsp,
        .ignore_must_staple = v->ignore_must_staple,
    };
}

/* ---- the rest ---- */

/* True for the second of two words. */
static bool second_of(const char *option, const char *text, const char *first, const char *second)
{
    if (text != NULL && strcmp(text, first) != 0 && strcmp(text, second) != 0) {
        die(EXIT_WRONG, "%s: \"%s\" is neither %s nor %s", option, text, first, second);
    }
    return text != NULL && strcmp(text, second) == 0;
}

static void load(verify *v, const char *leaf)
{
    tlsc_trust_builder *b = authorities_begin();
    for (size_t i = 0; i < v->trusted.num; i++) {
        authorities_add(b, "--trusted", v->trusted.at[i]);
    }
    v->store = authorities_end(b);
    add_certificates(v, leaf);
    for (size_t i = 0; i < v->untrusted.num; i++) {
        add_certificates(v, v->untrusted.at[i]);
    }
    for (size_t i = 0; i < v->names.num; i++) {
        v->references[i] = name_of(v->names.at[i]);
    }
    for (size_t i = 0; i < v->policies.num; i++) {
        v->oids[i] = policy_of(v->policies.at[i], v->oid_bytes[i]);
    }
    load_revocation(v);
}

static tlsc_verify_options options_of(const verify *v)
{
    bool name_key = second_of("--anchors", v->anchors, "checked", "name-key");
    return (tlsc_verify_options){
        .size = sizeof(tlsc_verify_options),
        .max_intermediates = v->depth,
        .no_intermediates = v->depth == 0,
        .anchors = name_key ? TLSC_ANCHORS_NAME_KEY : TLSC_ANCHORS_CHECKED,
        .only_self_signed = v->only_self_signed,
        .allow_self_signed_leaf = v->allow_self_signed_leaf,
        .allow_ca_leaf = v->allow_ca_leaf,
        .common_name_fallback = v->common_name_fallback,
        .names = v->references,
        .num_names = v->names.num,
        .policies = v->oids,
        .num_policies = v->policies.num,
        .require_policy = v->require_policy,
        .inhibit_policy_mapping = v->inhibit_policy_mapping,
        .inhibit_any_policy = v->inhibit_any_policy,
    };
}

/* A name that can't be asked for is the caller's mistake; of one in Unicode there is advice. */
_Noreturn static void cannot_ask(const verify *v, tlsc_err e)
{
    char advice[512];
    for (size_t i = 0; e == TLSC_E_BAD_NAME && i < v->names.num; i++) {
        tlsc_bytes text = v->references[i].text;
        size_t n = tlsc_host_a_labels(text, advice, sizeof(advice));
        if (n > 0 && n < sizeof(advice) && (n != text.n || memcmp(advice, text.p, n) != 0)) {
            die(EXIT_WRONG, "--name: %s: %s; its A-labels: %s", v->names.at[i], tlsc_err_text(e),
                advice);
        }
    }
    die(EXIT_WRONG, "%s%s (%s)", e == TLSC_E_BAD_NAME ? "--name: " : "", tlsc_err_text(e),
        tlsc_err_name(e));
}

static int64_t now_ms(const verify *v)
{
    return v->time_s != LLONG_MIN ? v->time_s * 1000 : tlsc_wall_ms(NULL);
}

static void ask(verify *v)
{
    const struct tlsc_revocation revocation = revocation_of(v);
    tlsc_verify_options options = options_of(v);
    options.revocation = &revocation;
    const tlsc_verify_request request = {
        .size = sizeof(request),
        .certificates = v->certificates,
        .num_certificates = v->num,
        .purpose = second_of("--purpose", v->purpose, "server", "client") ? TLSC_PURPOSE_CLIENT
                                                                          : TLSC_PURPOSE_SERVER,
        .ocsp = v->response,
        .now_ms = now_ms(v),
    };
    v->result.size = sizeof(v->result);
    process_cost_begin(&v->cost);
    tlsc_err e = tlsc_verify_chain(v->store, &options, &request, &v->result);
    process_cost_end(&v->cost);
    if (e != v->result.error) {
        cannot_ask(v, e);
    }
}

/* ---- what is told ---- */

/* Which certificate line 1 is about: the leaf, if all is well. */
static int concerned(const verify *v, tlsc_bytes *der)
{
    bool valid = v->result.error == TLSC_OK;
    *der = valid ? v->certificates[0] : v->result.certificate;
    return valid ? 0 : v->result.index;
}

static void print_line(const verify *v)
{
    char subject[1024];
    tlsc_bytes der;
    int index = concerned(v, &der);
    subject_text(der, subject, sizeof(subject));
    (void)printf("%s %d %s: %s\n", tlsc_err_name(v->result.error), index, subject,
                 tlsc_err_text(v->result.error));
    for (size_t i = 0; i < v->result.num_path; i++) {
        subject_text(v->result.path[i], subject, sizeof(subject));
        (void)printf("  %s %s\n", i == 0 ? "path:" : "  by:", subject);
    }
}

/* What the CRLs say of a certificate of the path. */
static void report_revoked(const verify *v, report *r, tlsc_bytes der)
{
    char text[64];
    char subject[1024];
    tlsc_crl_entry found = {.size = sizeof(found)};
    tlsc_x509 c = {.size = sizeof(c)};
    if (tlsc_x509_parse(&c, der) != TLSC_OK) {
        return;
    }
    subject_text(der, subject, sizeof(subject));
    report_open(r, NULL);
    report_text(r, "subject", subject);
    if (tlsc_crl_store_find(v->crl_store, c.issuer, c.serial, &found)) {
        (void)tlsc_time_text(found.revoked_s, text, sizeof(text));
        report_text(r, "revoked", text);
        report_count(r, "reason", found.reason);
    } else {
        report_text(r, "revoked", "no");
    }
    report_close(r);
}

static void report_crls(const verify *v, report *r)
{
    report_open(r, "crls");
    report_count(r, "lists", tlsc_crl_store_len(v->crl_store));
    report_count(r, "entries", tlsc_crl_store_num_entries(v->crl_store));
    report_open_list(r, "path");
    for (size_t i = 0; i < v->result.num_path; i++) {
        report_revoked(v, r, v->result.path[i]);
    }
    report_close_list(r);
    report_close(r);
}

static void report_all(const verify *v, report *r)
{
    char subject[1024];
    tlsc_bytes der;
    const tlsc_verify_result *result = &v->result;
    int index = concerned(v, &der);
    subject_text(der, subject, sizeof(subject));
    report_text(r, "code", tlsc_err_name(result->error));
    report_signed(r, "index", index);
    report_text(r, "subject", subject);
    report_text(r, "text", tlsc_err_text(result->error));
    report_text(r, "reference", tlsc_err_reference(result->error));
    if (result->error != TLSC_OK) {
        report_text(r, "alert", tlsc_alert_name(tlsc_err_alert(result->error)));
    }
    report_open_list(r, "path");
    for (size_t i = 0; i < result->num_path; i++) {
        report_certificate(r, result->path[i], false);
    }
    report_close_list(r);
    if (v->crl_store != NULL) {
        report_crls(v, r);
    }
    if (v->response.n > 0 && result->num_path > 1) {
        report_ocsp(r, v->response, result->path[0], result->path[1], now_ms(v));
    }
    report_count(r, "trusted", tlsc_trust_store_len(v->store));
    report_count(r, "signatures", result->spent.signatures);
    report_count(r, "steps", result->spent.steps);
    report_count(r, "comparisons", result->spent.comparisons);
    report_count(r, "bytes", result->spent.bytes);
    report_signed(r, "us", v->cost.us);
    report_signed(r, "kib", v->cost.kib);
}

int run_verify(int argc, char **argv)
{
    static verify v = {.depth = 10, .time_s = LLONG_MIN};
    const char *leaf = NULL;
    report r;
    if (options_parse(&about, argc, argv, &v, &leaf, 1) != 1) {
        die(EXIT_WRONG, "which certificate? usage: %s", about.usage);
    }
    if (v.trusted.num == 0) {
        die(EXIT_WRONG, "--trusted is missing; usage: %s", about.usage);
    }
    if (v.depth > TLSC_PATH_MAX - 2) {
        die(EXIT_WRONG, "--depth: at most %d", TLSC_PATH_MAX - 2);
    }
    load(&v, leaf);
    ask(&v);
    if (v.json) {
        report_begin(&r, stdout, true);
        report_all(&v, &r);
        report_end(&r);
    } else {
        print_line(&v);
    }
    int status = v.result.error == TLSC_OK ? EXIT_GOOD : EXIT_TLS;
    for (size_t i = 0; i < v.num_chains; i++) {
        tlsc_chain_free(v.chains[i]);
    }
    tlsc_crl_store_free(v.crl_store);
    free((void *)(uintptr_t)v.response.p);
    tlsc_trust_store_free(v.store);
    return status;
}
