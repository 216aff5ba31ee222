/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/judge.c: pinned keys, authorities, or nobody; and what the peer showed. */
#include "judge.h"

#include <stdlib.h>
#include <string.h>

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

static void take_authorities(judge *j, const char *cas)
{
    tlsc_bytes names[LIST_MAX];
    size_t num = names_of("--ca", cas, names);
    const tlsc_trust_store *store;
    tlsc_trust_builder *b =
        (tlsc_trust_builder *)need(tlsc_trust_builder_new(tlsc_provider_default(), NULL, NULL));
    for (size_t i = 0; i < num; i++) {
        char path[4096];
        path_of(names[i], path);
        must(strcmp(path, "system") == 0 ? tlsc_trust_add_system(b) : tlsc_trust_add_file(b, path),
             path);
    }
    if (tlsc_trust_num_added(b) == 0) {
        die(EXIT_WRONG, "--ca: %s: there is no certificate in it", cas);
    }
    must(tlsc_trust_build(b, &store), "--ca");
    must(tlsc_trust_new(store, NULL, &j->trust), "--ca");
    tlsc_trust_store_free(store);
    tlsc_trust_builder_free(b);
}

void judge_init(judge *j, const char *pins, const char *cas, bool anybody)
{
    *j = (judge){.anybody = anybody};
    take_pins(j, pins);
    if (cas != NULL) {
        take_authorities(j, cas);
    }
}

void judge_clear(judge *j)
{
    tlsc_trust_free(j->trust);
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

/* Pins, then authorities; each is enough. */
static tlsc_err verify(void *ctx, const tlsc_verify_request *request, tlsc_verdict *out)
{
    judge *j = (judge *)ctx;
    bool raw = request->raw_key.n > 0;
    tlsc_bytes key = raw ? request->raw_key : key_of(request->certificates[0]);
    tlsc_err e = TLSC_OK;
    j->asked = true;
    j->has_key = key.n > 0;
    if (j->has_key) {
        sha256(key, j->key);
    }
    j->pinned = j->has_key && is_pinned(j);
    j->certified = false;
    j->ocsp_n = request->ocsp.n;
    j->scts_n = request->scts.n;
    j->num_scts = scts_in(request->scts);
    if (!j->pinned && j->trust != NULL) {
        tlsc_verifier verifier = tlsc_trust_verifier(j->trust);
        e = verifier.verify(verifier.ctx, request, out);
        j->certified = e == TLSC_OK && out->kind == TLSC_VERDICT_ACCEPT;
    }
    if (j->pinned || j->anybody) {
        out->kind = TLSC_VERDICT_ACCEPT;
        out->error = TLSC_OK;
    }
    return e;
}

tlsc_verifier judge_verifier(judge *j)
{
    return (tlsc_verifier){.size = sizeof(tlsc_verifier), .ctx = j, .verify = verify};
}

/* ---- the report ---- */

static void report_time(report *r, const char *key, int64_t s)
{
    char text[64];
    (void)tlsc_time_text(s, text, sizeof(text));
    report_text(r, key, text);
}

/* A name by RFC 4514, cut where it is very long. */
static void report_name(report *r, const char *key, tlsc_bytes name)
{
    char text[1024];
    (void)tlsc_x509_name_text(name, text, sizeof(text));
    report_text(r, key, text);
}

static void report_alt_names(report *r, const tlsc_x509 *c)
{
    tlsc_x509_general_name name;
    report_open_list(r, "names");
    for (size_t i = 0; tlsc_x509_alt_name_at(c, i, &name); i++) {
        char text[512];
        (void)tlsc_x509_general_name_text(&name, text, sizeof(text));
        report_text(r, NULL, text);
    }
    report_close_list(r);
}

static void report_parsed(report *r, const tlsc_x509 *c)
{
    char text[128];
    tlsc_x509_key key = {.size = sizeof(key)};
    report_name(r, "subject", c->subject);
    report_alt_names(r, c);
    report_name(r, "issuer", c->issuer);
    (void)tlsc_x509_serial_text(c, text, sizeof(text));
    report_text(r, "serial", text);
    report_time(r, "not_before", c->not_before_s);
    report_time(r, "not_after", c->not_after_s);
    if (tlsc_x509_key_of(c, &key) == TLSC_OK) {
        report_text(r, "key", key.name);
        report_count(r, "key_bits", key.bits);
    }
    report_text(r, "signed_with", tlsc_x509_signature_name(c, NULL));
}

static void report_certificate(report *r, tlsc_bytes der, bool raw)
{
    uint8_t hash[32];
    tlsc_x509 c = {.size = sizeof(c)};
    bool parsed = !raw && tlsc_x509_parse(&c, der) == TLSC_OK;
    report_open(r, NULL);
    if (parsed) {
        report_parsed(r, &c);
    }
    report_count(r, raw ? "key_bytes" : "certificate_bytes", der.n);
    if (!raw) {
        sha256(der, hash);
        report_hex(r, "sha256", hash, sizeof(hash));
    }
    if (raw || parsed) {
        sha256(raw ? der : c.spki, hash);
        report_hex(r, "key_sha256", hash, sizeof(hash));
    }
    report_close(r);
}

void judge_report(const judge *j, const tlsc_conn *c, report *r)
{
    tlsc_info info;
    tlsc_conn_info(c, &info);
    bool raw = info.peer_certificate_type == TLSC_CERT_RAW_PUBLIC_KEY;
    report_text(r, "peer",
                !info.peer_authenticated ? "not authenticated"
                : info.resumed           ? "as when the session began"
                : j->pinned              ? "holds a pinned key"
                : j->certified           ? "has a certificate of a trusted authority"
                                         : "holds its key, nobody checked whose it is");
    if (j->asked && j->has_key && !info.peer_authenticated) {
        report_hex(r, "its_key_sha256", j->key, sizeof(j->key));
    }
    report_open_list(r, "chain");
    for (size_t i = 0; tlsc_conn_peer_certificate(c, i).n > 0; i++) {
        report_certificate(r, tlsc_conn_peer_certificate(c, i), raw);
    }
    report_close_list(r);
    if (j->asked && !info.resumed) {
        report_count(r, "staple_bytes", j->ocsp_n);
        report_count(r, "scts", j->num_scts);
    }
}
