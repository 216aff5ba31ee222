/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/judge.c: pinned keys, or nobody; and what the peer showed. */
#include "judge.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tool.h"

/* The facts that the public interface has of a certificate, or of a raw key: those of a credential
 * that is made of it. NULL where it is neither, or of a kind that tlscore doesn't serve. */
static tlsc_credential *facts_of(tlsc_bytes der, bool raw)
{
    static const uint16_t schemes[] = {TLSC_SIG_RSA_PSS_SHA256, TLSC_SIG_ECDSA_P256_SHA256,
                                       TLSC_SIG_ED25519};
    const tlsc_provider *p = tlsc_provider_default();
    tlsc_credential *c = NULL;
    tlsc_err e = TLSC_E_KEY_MISMATCH;
    /* one of these fits the key, whatever its curve */
    for (size_t i = 0; e == TLSC_E_KEY_MISMATCH && i < sizeof(schemes) / sizeof(schemes[0]); i++) {
        e = raw ? tlsc_credential_raw_key_external(p, der, &schemes[i], 1, &c)
                : tlsc_credential_external(p, &der, 1, &schemes[i], 1, &c);
    }
    return e == TLSC_OK ? c : NULL;
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

/* The key in a file: the bytes themselves, or a certificate's. */
static void hash_of_file(const char *path, uint8_t out[32])
{
    tlsc_bytes der = file_contents(path);
    tlsc_credential *key = facts_of(der, true);
    if (key == NULL) {
        key = facts_of(der, false);
    }
    if (key == NULL) {
        die(EXIT_WRONG, "--pin: %s holds neither a public key nor a certificate in DER", path);
    }
    sha256(tlsc_credential_spki(key), out);
    tlsc_credential_free(key);
    free((void *)(uintptr_t)der.p);
}

void judge_init(judge *j, const char *pins, bool anybody)
{
    tlsc_bytes names[LIST_MAX];
    *j = (judge){.anybody = anybody};
    size_t num = names_of("--pin", pins, names);
    if (num > PINS_MAX) {
        die(EXIT_WRONG, "--pin: more than %d keys", PINS_MAX);
    }
    for (size_t i = 0; i < num; i++) {
        char path[4096];
        (void)snprintf(path, sizeof(path), "%.*s", (int)names[i].n, (const char *)names[i].p);
        if (!hash_of_hex(names[i], j->pins[i])) {
            hash_of_file(path, j->pins[i]);
        }
    }
    j->num_pins = num;
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

static tlsc_err verify(void *ctx, const tlsc_verify_request *request, tlsc_verdict *out)
{
    judge *j = (judge *)ctx;
    bool raw = request->raw_key.n > 0;
    tlsc_credential *key = facts_of(raw ? request->raw_key : request->certificates[0], raw);
    j->asked = true;
    j->has_key = key != NULL;
    if (j->has_key) {
        sha256(tlsc_credential_spki(key), j->key);
    }
    j->pinned = j->has_key && is_pinned(j);
    j->ocsp_n = request->ocsp.n;
    j->scts_n = request->scts.n;
    j->num_scts = scts_in(request->scts);
    tlsc_credential_free(key);
    out->kind = j->pinned || j->anybody ? TLSC_VERDICT_ACCEPT : TLSC_VERDICT_REJECT;
    return TLSC_OK;
}

tlsc_verifier judge_verifier(judge *j)
{
    return (tlsc_verifier){.size = sizeof(tlsc_verifier), .ctx = j, .verify = verify};
}

/* ---- the report ---- */

static void report_time(report *r, const char *key, int64_t s)
{
    char text[64] = "";
    time_t t = (time_t)s;
    struct tm parts;
    if (gmtime_r(&t, &parts) != NULL) {
        (void)strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
    }
    report_text(r, key, text);
}

static void report_certificate(report *r, tlsc_bytes der, bool raw)
{
    uint8_t hash[32];
    tlsc_credential *key = facts_of(der, raw);
    report_open(r, NULL);
    report_count(r, raw ? "key_bytes" : "certificate_bytes", der.n);
    if (!raw) {
        sha256(der, hash);
        report_hex(r, "sha256", hash, sizeof(hash));
    }
    if (key != NULL) {
        int64_t from_s;
        int64_t until_s;
        report_text(r, "key", tlsc_credential_kind(key));
        sha256(tlsc_credential_spki(key), hash);
        report_hex(r, "key_sha256", hash, sizeof(hash));
        tlsc_credential_validity(key, &from_s, &until_s);
        if (!raw) {
            report_time(r, "not_before", from_s);
            report_time(r, "not_after", until_s);
        }
    }
    tlsc_credential_free(key);
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
