/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/certificate.c: what a certificate says, in a report. */
#include "certificate.h"

#include "tool.h"

void subject_text(tlsc_bytes der, char *out, size_t cap)
{
    tlsc_x509 c = {.size = sizeof(c)};
    out[0] = 0;
    if (der.n > 0 && tlsc_x509_parse(&c, der) == TLSC_OK) {
        (void)tlsc_x509_name_text(c.subject, out, cap);
    }
}

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

void report_certificate(report *r, tlsc_bytes der, bool raw)
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

/* ---- OCSP ---- */

static void report_time_if(report *r, const char *key, int64_t s)
{
    if (s != 0) {
        report_time(r, key, s);
    }
}

void report_ocsp(report *r, tlsc_bytes response, tlsc_bytes certificate, tlsc_bytes issuer,
                 int64_t now_ms)
{
    static const char *const names[] = {
        [TLSC_OCSP_GOOD] = "good", [TLSC_OCSP_REVOKED] = "revoked", [TLSC_OCSP_UNKNOWN] = "unknown"};
    tlsc_ocsp ocsp = {.size = sizeof(ocsp)};
    tlsc_err e = tlsc_ocsp_check(tlsc_provider_default(), response, certificate, issuer,
                                 now_ms / 1000, 0, &ocsp);
    report_open(r, "ocsp");
    report_text(r, "check", tlsc_err_name(e));
    if (e == TLSC_OK || e == TLSC_E_OCSP_EXPIRED) {
        report_text(r, "status", names[ocsp.status]);
        report_time(r, "produced", ocsp.produced_s);
        report_time(r, "this_update", ocsp.this_update_s);
        report_time_if(r, "next_update", ocsp.next_update_s);
    }
    if (e == TLSC_OK && ocsp.status == TLSC_OCSP_REVOKED) {
        report_time(r, "revoked", ocsp.revoked_s);
        report_count(r, "reason", ocsp.reason);
    }
    report_close(r);
}
