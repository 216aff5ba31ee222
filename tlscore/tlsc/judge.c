/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/judge.c: pinned keys, authorities, or nobody; and what the peer showed. */
#include "judge.h"

#include <stdlib.h>
#include <string.h>

#include "authorities.h"
#include "certificate.h"
#include "tool.h"

/* A certificate's key; empty where it can't be read. */
static tlsc_bytes key_of(tlsc_bytes certificate)
{
    tlsc_x509 c = {.size = sizeof(c)};
    return tlsc_x509_parse(&c, certificate) == TLSC_OK ? c.spki : (tlsc_bytes){NULL, 0};
}

/* ---- pins ---- */

static int digit_of(char c)
{
    const char *digits = "0123456789abcdef";
    const char *at = c != 0 ? strchr(digits, c | 0x20) : NULL;
    return at != NULL ? (int)(at - digits) : -1;
}

static bool hash_of_hex(tlsc_bytes text, uint8_t out[32])
{
    for (size_t i = 0; i < 32 && text.n == 64; i++) {
        int high = digit_of((char)text.p[2 * i]);
        int low = digit_of((char)text.p[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        out[i] = (uint8_t)(high * 16 + low);
    }
    return text.n == 64;
}

/* The key in a file: a certificate's, or the bytes themselves, if a configuration would take them.
 */
static void hash_of_file(const char *path, uint8_t out[32])
{
    tlsc_bytes der = file_contents(path);
    tlsc_bytes key = key_of(der);
    if (key.n == 0) {
        tlsc_config_builder *b = tlsc_config_builder_new_client(tlsc_provider_default());
        key = der;
        if (tlsc_config_set_pinned_keys((tlsc_config_builder *)need(b), &key, 1) != TLSC_OK) {
            die(EXIT_WRONG, "--pin: %s holds neither a public key nor a certificate in DER", path);
        }
        tlsc_config_builder_free(b);
    }
    sha256(key, out);
    free((void *)(uintptr_t)der.p);
}

static void path_of(tlsc_bytes name, char path[4096])
{
    (void)snprintf(path, 4096, "%.*s", (int)name.n, (const char *)name.p);
}

static void take_pins(judge *j, const char *pins)
{
    tlsc_bytes names[LIST_MAX];
    size_t num = names_of("--pin", pins, names);
    if (num > PINS_MAX) {
        die(EXIT_WRONG, "--pin: more than %d keys", PINS_MAX);
    }
    for (size_t i = 0; i < num; i++) {
        char path[4096];
        path_of(names[i], path);
        if (!hash_of_hex(names[i], j->pins[i])) {
            hash_of_file(path, j->pins[i]);
        }
    }
    j->num_pins = num;
}

/* ---- authorities ---- */

static const tlsc_trust_store *store_of(const char *cas)
{
    tlsc_bytes names[LIST_MAX];
    size_t num = names_of("--ca", cas, names);
    tlsc_trust_builder *b = authorities_begin();
    for (size_t i = 0; i < num; i++) {
        char path[4096];
        path_of(names[i], path);
        authorities_add(b, "--ca", path);
    }
    return authorities_end(b);
}

/* Without a word about whom to trust that is the system; a pin alone does without. */
static void take_authorities(judge *j, const judge_options *o)
{
    if (o->cas != NULL) {
        j->store = store_of(o->cas);
    } else if (o->pins == NULL && o->system) {
        j->store = authorities_of_system();
    }
    if (j->store == NULL && o->system && o->pins == NULL && !o->anybody) {
        die(EXIT_WRONG, "whom to trust? The system names no authorities; SSL_CERT_FILE or --ca FILE"
                        " does, --pin KEY names a key that you know");
    }
    if (j->store != NULL) {
        const tlsc_reference_name name = {TLSC_REFERENCE_HOST, bytes_of(o->name)};
        j->options = (tlsc_verify_options){.size = sizeof(j->options), .keep_chain = true};
        j->name = name;
        j->options.names = &j->name;
        j->options.num_names = name.text.n > 0 ? 1 : 0;
        must(tlsc_trust_new(j->store, &j->options, &j->trust), "--ca");
    }
}

void judge_init(judge *j, const judge_options *o)
{
    *j = (judge){.anybody = o->anybody};
    take_pins(j, o->pins);
    take_authorities(j, o);
}

void judge_clear(judge *j)
{
    tlsc_trust_free(j->trust);
    tlsc_trust_store_free(j->store);
    free((void *)(uintptr_t)j->ocsp.p);
    *j = (judge){0};
}

/* ---- the verifier ---- */

/* SignedCertificateTimestampList, RFC 6962 3.3: uint16 length, then as many times uint16 and an
 * SCT. The engine lends it unread. */
static unsigned scts_in(tlsc_bytes list)
{
    unsigned num = 0;
    for (size_t at = 2; at + 2 <= list.n; num++) {
        at += 2 + (size_t)(list.p[at] << 8 | list.p[at + 1]);
    }
    return num;
}

static bool is_pinned(const judge *j)
{
    for (size_t i = 0; i < j->num_pins; i++) {
        if (memcmp(j->key, j->pins[i], sizeof(j->key)) == 0) {
            return true;
        }
    }
    return false;
}

static void keep_staple(judge *j, tlsc_bytes ocsp)
{
    free((void *)(uintptr_t)j->ocsp.p);
    j->ocsp = (tlsc_bytes){NULL, 0};
    if (ocsp.n > 0) {
        uint8_t *copy = (uint8_t *)need(malloc(ocsp.n));
        memcpy(copy, ocsp.p, ocsp.n);
        j->ocsp = (tlsc_bytes){copy, ocsp.n};
    }
}

/* What the peer shows, whatever comes of it. */
static void look(judge *j, const tlsc_verify_request *request)
{
    bool raw = request->raw_key.n > 0;
    tlsc_bytes key = raw ? request->raw_key : key_of(request->certificates[0]);
    j->asked = true;
    j->has_key = key.n > 0;
    if (j->has_key) {
        sha256(key, j->key);
    }
    j->pinned = j->has_key && is_pinned(j);
    j->certified = false;
    j->verify_ms = 0;
    j->error = TLSC_OK;
    j->index = -1;
    j->subject[0] = 0;
    keep_staple(j, request->ocsp);
    j->scts_n = request->scts.n;
    j->num_scts = scts_in(request->scts);
}

/* Which certificate is at fault: one of the peer's, else ask once more for the authority's. */
static void keep_reason(judge *j, const tlsc_verify_request *request, const tlsc_verdict *verdict)
{
    tlsc_verify_result result = {.size = sizeof(result)};
    j->error = verdict->error;
    j->index = verdict->index;
    if (verdict->index >= 0) {
        subject_text(request->certificates[verdict->index], j->subject, sizeof(j->subject));
    } else if (request->num_certificates > 0 &&
               tlsc_verify_chain(j->store, &j->options, request, &result) != TLSC_OK) {
        subject_text(result.certificate, j->subject, sizeof(j->subject));
    }
}

static tlsc_err ask_authorities(judge *j, const tlsc_verify_request *request, tlsc_verdict *out)
{
    tlsc_verifier verifier = tlsc_trust_verifier(j->trust);
    double start = clock_ms();
    tlsc_err e = verifier.verify(verifier.ctx, request, out);
    j->verify_ms = clock_ms() - start;
    j->certified = e == TLSC_OK && out->kind == TLSC_VERDICT_ACCEPT;
    if (e == TLSC_OK && !j->certified) {
        keep_reason(j, request, out);
    }
    return e;
}

/* Pins, then authorities; each is enough. Anybody is fine with --insecure, but what would have been
 * said is kept. */
static tlsc_err verify(void *ctx, const tlsc_verify_request *request, tlsc_verdict *out)
{
    judge *j = (judge *)ctx;
    tlsc_err e = TLSC_OK;
    look(j, request);
    if (j->pinned) {
        out->kind = TLSC_VERDICT_ACCEPT;
    } else if (j->trust != NULL) {
        e = ask_authorities(j, request, out);
    }
    if (j->anybody && out->kind != TLSC_VERDICT_ACCEPT) {
        out->kind = j->error != TLSC_OK ? TLSC_VERDICT_ACCEPT_WITH_ERROR : TLSC_VERDICT_ACCEPT;
        return TLSC_OK;
    }
    return e;
}

tlsc_verifier judge_verifier(judge *j)
{
    return (tlsc_verifier){.size = sizeof(tlsc_verifier), .ctx = j, .verify = verify};
}

/* ---- the report ---- */

/* The verdict, or what the engine had against a certificate before it asked for one. */
tlsc_err judge_reason(const judge *j, const tlsc_conn *c, char *out, size_t cap, int *index)
{
    tlsc_info info;
    tlsc_failure failure;
    char subject[1024] = "";
    tlsc_conn_info(c, &info);
    tlsc_conn_error(c, &failure);
    bool judged = j->asked && j->error != TLSC_OK;
    tlsc_err e = judged ? j->error : info.verify_index >= 0 ? failure.code : TLSC_OK;
    *index = judged ? j->index : info.verify_index;
    if (!judged && e != TLSC_OK) {
        subject_text(tlsc_conn_peer_certificate(c, (size_t)*index), subject, sizeof(subject));
    }
    (void)snprintf(out, cap, "%s %d %s: %s", tlsc_err_name(e), *index, judged ? j->subject : subject,
                   tlsc_err_text(e));
    return e;
}

static const char *who_it_is(const judge *j, const tlsc_info *info)
{
    return !info->peer_authenticated ? "not authenticated"
           : info->resumed           ? "as when the session began"
           : j->pinned               ? "holds a pinned key"
           : j->certified            ? "has a certificate of a trusted authority"
                                     : "holds its key, but NOBODY CHECKED WHOSE IT IS (--insecure)";
}

/* The staple is about the leaf, and its issuer is the next of the path, or of what was sent. */
static void report_stapled(const judge *j, const tlsc_conn *c, const tlsc_info *info, report *r)
{
    tlsc_bytes issuer = info->verified_chain != NULL ? tlsc_chain_certificate(info->verified_chain, 1)
                                                     : tlsc_conn_peer_certificate(c, 1);
    report_count(r, "staple_bytes", j->ocsp.n);
    if (j->ocsp.n > 0 && issuer.n > 0) {
        report_ocsp(r, j->ocsp, tlsc_conn_peer_certificate(c, 0), issuer, tlsc_wall_ms(NULL));
    }
    report_count(r, "scts", j->num_scts);
    if (j->trust != NULL) {
        report_number(r, "verify_ms", j->verify_ms, 2, "");
    }
}

void judge_report(const judge *j, const tlsc_conn *c, report *r)
{
    tlsc_info info;
    char reason[2048];
    int index;
    tlsc_conn_info(c, &info);
    bool raw = info.peer_certificate_type == TLSC_CERT_RAW_PUBLIC_KEY;
    report_text(r, "peer", who_it_is(j, &info));
    if (judge_reason(j, c, reason, sizeof(reason), &index) != TLSC_OK) {
        report_text(r, "not_valid", reason);
        report_signed(r, "not_valid_index", index);
    }
    if (j->asked && j->has_key && !info.peer_authenticated) {
        report_hex(r, "its_key_sha256", j->key, sizeof(j->key));
    }
    report_open_list(r, "chain");
    for (size_t i = 0; tlsc_conn_peer_certificate(c, i).n > 0; i++) {
        report_certificate(r, tlsc_conn_peer_certificate(c, i), raw);
    }
    report_close_list(r);
    if (j->asked && !info.resumed) {
        report_stapled(j, c, &info, r);
    }
}
