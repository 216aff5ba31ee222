/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/bench_crl.c: a CRL of 1.5 million entries, made, loaded from a file, and asked. */
#include "bench_crl.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "bench_keys.h"
#include "tool.h"

enum {
    ENTRIES = 1500000,
    SERIAL_LEN = 16,
    LOOKUPS = 1000000,
    RESIDENT_MAX_KIB = 60000000 / 1024,
    PEAK_MAX_KIB = 200000000 / 1024
};

/* ---- making one ---- */

/* What a growing CRL is written into, from its end to its beginning: so lengths are known when they are due. */
typedef struct made {
    uint8_t *p;
    size_t cap;
    size_t at;
} made;

static void put(made *m, const void *bytes, size_t n)
{
    bench_check(m->at >= n, "the CRL is longer than thought");
    m->at -= n;
    memcpy(m->p + m->at, bytes, n);
}

/* The header of an element whose contents reach up to `end`. */
static void put_header(made *m, uint8_t tag, size_t end)
{
    size_t n = end - m->at;
    uint8_t header[6] = {tag, (uint8_t)n};
    size_t len = 2;
    if (n >= 0x80) {
        size_t bytes = n < 0x100 ? 1 : n < 0x10000 ? 2 : n < 0x1000000 ? 3 : 4;
        header[1] = (uint8_t)(0x80 | bytes);
        for (size_t i = 0; i < bytes; i++) {
            header[2 + i] = (uint8_t)(n >> 8 * (bytes - 1 - i));
        }
        len += bytes;
    }
    put(m, header, len);
}

/* Numbers that look random, the same each time: splitmix64. */
static uint64_t mixed(uint64_t i)
{
    uint64_t z = (i + 1) * 0x9e3779b97f4a7c15U;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
    z = (z ^ z >> 27) * 0x94d049bb133111ebU;
    return z ^ z >> 31;
}

/* The i-th serial number: 16 bytes, positive, minimal. */
static void serial_of(uint64_t i, uint8_t out[SERIAL_LEN])
{
    uint64_t halves[2] = {mixed(2 * i), mixed(2 * i + 1)};
    memcpy(out, halves, SERIAL_LEN);
    out[0] = (uint8_t)((out[0] & 0x3f) | 0x40);
}

/* SEQUENCE { INTEGER, UTCTime, SEQUENCE { reasonCode superseded } }: 49 bytes */
static void put_entry(made *m, uint64_t i)
{
    static const uint8_t tail[] = {0x17, 0x0d, '2',  '6',  '0',  '1',  '0',  '1',  '0',  '0',
                                   '0',  '0',  '0',  '0',  'Z',  0x30, 0x0c, 0x30, 0x0a, 0x06,
                                   0x03, 0x55, 0x1d, 0x15, 0x04, 0x03, 0x0a, 0x01, 0x04};
    size_t end = m->at;
    uint8_t serial[SERIAL_LEN];
    serial_of(i, serial);
    put(m, tail, sizeof(tail));
    size_t number_end = m->at;
    put(m, serial, sizeof(serial));
    put_header(m, 0x02, number_end);
    put_header(m, 0x30, end);
}

static const uint8_t ecdsa_sha256[] = {0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86,
                                       0x48, 0xce, 0x3d, 0x04, 0x03, 0x02};

static void put_tbs(made *m, tlsc_bytes issuer)
{
    static const uint8_t number[] = {0xa0, 0x0e, 0x30, 0x0c, 0x30, 0x0a, 0x06, 0x03,
                                     0x55, 0x1d, 0x14, 0x04, 0x03, 0x02, 0x01, 0x01};
    static const char dates[] = "\x17\x0d"
                                "260101000000Z"
                                "\x17\x0d"
                                "270101000000Z";
    static const uint8_t version[] = {0x02, 0x01, 0x01};
    size_t end = m->at;
    put(m, number, sizeof(number));
    size_t list_end = m->at;
    for (uint64_t i = 0; i < ENTRIES; i++) {
        put_entry(m, i);
    }
    put_header(m, 0x30, list_end);
    put(m, dates, sizeof(dates) - 1);
    put(m, issuer.p, issuer.n);
    put(m, ecdsa_sha256, sizeof(ecdsa_sha256));
    put(m, version, sizeof(version));
    put_header(m, 0x30, end);
}

/* The signature, which stands behind what it signs, is made apart and copied there. */
static tlsc_bytes make_crl(made *m, tlsc_bytes issuer, const tlsc_signing_key *key)
{
    enum { TAIL = 256 };
    uint8_t signature[TLSC_SIGNATURE_MAX + 1] = {0};
    size_t n;
    m->cap = (size_t)ENTRIES * 50 + (1 << 16);
    m->p = need(malloc(m->cap));
    m->at = m->cap - TAIL;
    put_tbs(m, issuer);
    tlsc_bytes tbs = {m->p + m->at, m->cap - TAIL - m->at};
    must(key->sign(key, TLSC_SIG_ECDSA_P256_SHA256, tbs, signature + 1, &n), "signing");
    uint8_t room[TAIL];
    made tail = {room, sizeof(room), sizeof(room)};
    put(&tail, signature, n + 1);
    put_header(&tail, 0x03, sizeof(room));
    put(&tail, ecdsa_sha256, sizeof(ecdsa_sha256));
    size_t tail_n = sizeof(room) - tail.at;
    memcpy(m->p + m->cap - TAIL, room + tail.at, tail_n);
    size_t end = m->cap - TAIL + tail_n;
    put_header(m, 0x30, end);
    return (tlsc_bytes){m->p + m->at, end - m->at};
}

/* ---- files ---- */

static int digit_of(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = c == '\0' ? NULL : strchr(digits, c);
    return at == NULL ? -1 : (int)(at - digits);
}

/* The key in bench_ec_pem. Returns how many bytes it is. */
static size_t key_der(uint8_t out[256])
{
    const char *p = strstr(bench_ec_pem, "-----BEGIN PRIVATE KEY-----\n");
    size_t n = 0;
    uint32_t bits = 0;
    int have = 0;
    bench_check(p != NULL, "there is no key");
    for (p = strchr(p, '\n'); *p != '-' && n < 256; p++) {
        int digit = digit_of(*p);
        if (digit >= 0) {
            bits = bits << 6 | (uint32_t)digit;
            have += 6;
        }
        if (have >= 8) {
            have -= 8;
            out[n++] = (uint8_t)(bits >> have);
        }
    }
    return n;
}

static void write_base64(FILE *f, tlsc_bytes der)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < der.n; i += 3) {
        uint32_t v = 0;
        size_t n = der.n - i < 3 ? der.n - i : 3;
        for (size_t j = 0; j < 3; j++) {
            v = v << 8 | (j < n ? der.p[i + j] : 0);
        }
        char line[] = {digits[v >> 18], digits[v >> 12 & 63], n > 1 ? digits[v >> 6 & 63] : '=',
                       n > 2 ? digits[v & 63] : '=', '\n'};
        bench_check(fwrite(line, 1, i % 48 == 45 ? 5 : 4, f) > 0, "can't write");
    }
}

static void write_crl(const char *path, tlsc_bytes der, bool pem)
{
    FILE *f = fopen(path, "wb");
    bench_check(f != NULL, "can't write to the temporary directory");
    if (pem) {
        (void)fputs("-----BEGIN X509 CRL-----\n", f);
        write_base64(f, der);
        (void)fputs("\n-----END X509 CRL-----\n", f);
    } else {
        bench_check(fwrite(der.p, 1, der.n, f) == der.n, "can't write");
    }
    bench_check(fclose(f) == 0, "can't write");
}

/* ---- memory ---- */

static long memory_kib(const char *what)
{
    char line[256];
    long kib = -1;
    FILE *f = fopen("/proc/self/status", "r");
    while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
        if (strncmp(line, what, strlen(what)) == 0) {
            kib = strtol(line + strlen(what), NULL, 10);
        }
    }
    if (f != NULL) {
        (void)fclose(f);
    }
    bench_check(kib >= 0, "/proc/self/status doesn't tell");
    return kib;
}

/* From here on VmHWM is the peak of what follows, proc(5). */
static void forget_peak(void)
{
    FILE *f = fopen("/proc/self/clear_refs", "w");
    bench_check(f != NULL && fputs("5", f) >= 0 && fclose(f) == 0, "/proc/self/clear_refs");
}

/* ---- measuring ---- */

static const tlsc_crl_store *load(const tlsc_trust_store *trust, const char *path)
{
    const tlsc_crl_store *store = NULL;
    tlsc_crl_builder *b = need(tlsc_crl_builder_new(trust, NULL, NULL));
    must(tlsc_crl_add_file(b, path), path);
    must(tlsc_crl_build(b, &store), path);
    tlsc_crl_builder_free(b);
    bench_check(tlsc_crl_store_num_entries(store) == ENTRIES, "the CRL isn't taken");
    return store;
}

/* ns for one, of numbers from `first` on in no order. */
static double look_up(const tlsc_crl_store *store, tlsc_bytes issuer, uint64_t first, bool listed)
{
    tlsc_crl_entry e = {.size = sizeof(e)};
    uint8_t serial[SERIAL_LEN];
    unsigned long found = 0;
    double start = bench_now();
    for (uint64_t i = 0; i < LOOKUPS; i++) {
        serial_of(first + mixed(i) % ENTRIES, serial);
        found += tlsc_crl_store_find(store, issuer, (tlsc_bytes){serial, SERIAL_LEN}, &e) ? 1 : 0;
    }
    double ns = (bench_now() - start) / LOOKUPS;
    bench_check(found == (listed ? LOOKUPS : 0), "look-ups go wrong");
    return ns;
}

static bool measure(report *r, const char *name, const tlsc_trust_store *trust, const char *path,
                    tlsc_bytes issuer)
{
    (void)malloc_trim(0);
    forget_peak();
    long before = memory_kib("VmRSS:");
    double start = bench_now();
    const tlsc_crl_store *store = load(trust, path);
    double ms = (bench_now() - start) / 1e6;
    long peak = memory_kib("VmHWM:") - before;
    long resident = memory_kib("VmRSS:") - before;
    report_open(r, name);
    report_number(r, "load_ms", ms, 0, "");
    report_number(r, "resident_mb", (double)resident * 1024 / 1e6, 1, "");
    report_number(r, "peak_mb", (double)peak * 1024 / 1e6, 1, "");
    report_number(r, "hit_ns", look_up(store, issuer, 0, true), 0, "");
    report_number(r, "miss_ns", look_up(store, issuer, ENTRIES, false), 0, "");
    report_close(r);
    tlsc_crl_store_free(store);
    return resident < RESIDENT_MAX_KIB && peak < PEAK_MAX_KIB;
}

static const tlsc_trust_store *trust_issuer(void)
{
    const tlsc_trust_store *store = NULL;
    tlsc_trust_builder *b = need(tlsc_trust_builder_new(tlsc_provider_default(), NULL, NULL));
    must(tlsc_trust_add_pem(b, bytes_of(bench_ec_pem), NULL), "the issuer");
    must(tlsc_trust_build(b, &store), "the issuer");
    tlsc_trust_builder_free(b);
    bench_check(tlsc_trust_store_len(store) == 1, "the issuer isn't taken");
    return store;
}

/* Makes the CRL and writes it both ways; its memory is gone afterwards. */
static size_t write_both(tlsc_bytes issuer, const char *der_path, const char *pem_path)
{
    uint8_t der[256];
    tlsc_signing_key *key;
    made m;
    must(tlsc_provider_load_key(tlsc_provider_default(), TLSC_KEY_PKCS8,
                                (tlsc_bytes){der, key_der(der)}, &key),
         "the issuer's key");
    tlsc_bytes crl = make_crl(&m, issuer, key);
    key->free(key);
    write_crl(der_path, crl, false);
    write_crl(pem_path, crl, true);
    free(m.p);
    return crl.n;
}

bool bench_crl(report *r)
{
    const char *tmp = getenv("TMPDIR");
    char folder[4000];
    char der[4096];
    char pem[4096];
    tlsc_x509 issuer = {.size = sizeof(issuer)};
    const tlsc_trust_store *trust = trust_issuer();
    must(tlsc_x509_parse(&issuer, tlsc_trust_store_certificate(trust, 0)), "the issuer");
    (void)snprintf(folder, sizeof(folder), "%s/tlsc-bench-XXXXXX", tmp == NULL ? "/tmp" : tmp);
    bench_check(mkdtemp(folder) != NULL, "can't write to the temporary directory");
    (void)snprintf(der, sizeof(der), "%s/crl.der", folder);
    (void)snprintf(pem, sizeof(pem), "%s/crl.pem", folder);
    report_count(r, "entries", ENTRIES);
    report_count(r, "der_bytes", write_both(issuer.subject, der, pem));
    bool fits = measure(r, "der", trust, der, issuer.subject);
    fits = measure(r, "pem", trust, pem, issuer.subject) && fits;
    report_flag(r, "within_60_mb_resident_and_200_mb_peak", fits);
    (void)unlink(der);
    (void)unlink(pem);
    (void)rmdir(folder);
    tlsc_trust_store_free(trust);
    return fits;
}
