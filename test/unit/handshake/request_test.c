/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/request_test.c: servers that ask for a client's certificate, with BoringSSL's libssl as the
 * client, in both versions; and TLS 1.2's messages changed on their way. */
#include "unit.h"

#include <string.h>

#include "asking.h"
#include "auth/credential.h"
#include "handshake/request.h"
#include "wire/enums.h"

static tlsc_bytes spki_of(const tlsc_credential *credential)
{
    return credential->leaf.spki;
}

/* ---- good certificates ---- */

static void every_kind_of_certificate_is_taken(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const char *file;
    } certs[] = {
        { "p256", "p256.crt.pem" },       { "p384", "p384.crt.pem" },
        { "p521", "p521.crt.pem" },       { "ed25519", "ed25519.crt.pem" },
        { "rsa2048", "rsa2048.crt.pem" }, { "rsa4096", "rsa4096.crt.pem" },
        { "mldsa44", "mldsa44.crt.pem" }, { "mldsa65", "mldsa65.crt.pem" },
        { "mldsa87", "mldsa87.crt.pem" } /* from here on of TLS 1.3 alone */
    };
    enum { NUM_CERTS = sizeof(certs) / sizeof(certs[0]), NUM_TLS12 = NUM_CERTS - 3 };
    BOTH_VERSIONS(tls12)
    {
        for (size_t i = 0; i < (tls12 ? (size_t)NUM_TLS12 : (size_t)NUM_CERTS); i++) {
            judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1, .gives_chain = true };
            rules policy = { .mode = TLSC_CLIENT_AUTH_REQUIRED, .judge = &j, .keeps_chain = true };
            tls_site site;
            asking_open(&site, &policy);
            boring_pair p;
            boring_open(&p, &site,
                      &(tls_client_options){ .cert = certs[i].name, .max_tls12 = tls12 != 0,
                                             .chain = { "intermediate" } });
            boring_works(&p);
            assert_int_equal(j.asked, 1);
            assert_int_equal(j.num, 2);
            judge_saw(&j, certs[i].file);
            assert_int_equal(j.last.purpose, TLSC_PURPOSE_CLIENT);
            assert_int_equal(j.last.name.n, 0);
            assert_int_equal(j.last.raw_key.n, 0);
            assert_false(j.last.resumed);
            assert_int_equal(j.last.now_ms, site.now_ms);
            assert_true(j.last.num_schemes > 5);
            tlsc_info info = boring_info(&p);
            assert_true(info.peer_authenticated);
            assert_err(info.verify_error, TLSC_OK);
            assert_int_equal(info.verify_index, -1);
            assert_int_not_equal(info.peer_scheme, 0);
            assert_int_equal(info.peer_certificate_type, TLSC_CERT_X509);
            assert_int_equal(tlsc_chain_len(info.verified_chain), 1);
            assert_bytes_equal(tlsc_conn_peer_certificate(p.conn, 0),
                               tlsc_bytes_of(j.first, j.first_n));
            assert_true(tlsc_conn_peer_certificate(p.conn, 1).n > 0);
            assert_int_equal(tlsc_conn_peer_certificate(p.conn, 2).n, 0);
            boring_close(&p);
            tls_site_close(&site);
        }
    }
}

static void chains_are_kept_only_if_asked(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
        rules policy = { .mode = TLSC_CLIENT_AUTH_REQUIRED, .judge = &j };
        tls_site site;
        asking_open(&site, &policy);
        boring_pair p;
        boring_open(&p, &site, &(tls_client_options){ .cert = "p256", .max_tls12 = tls12 != 0 });
        boring_works(&p);
        assert_true(boring_info(&p).peer_authenticated);
        assert_null(boring_info(&p).verified_chain);
        assert_int_equal(tlsc_conn_peer_certificate(p.conn, 0).n, 0);
        boring_close(&p);
        tls_site_close(&site);
    }
}

/* ---- none ---- */

static void optional_does_without(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        judge j = { .says = TLSC_VERDICT_REJECT };
        rules policy = { .mode = TLSC_CLIENT_AUTH_OPTIONAL, .judge = &j };
        tls_site site;
        asking_open(&site, &policy);
        boring_pair p;
        boring_open(&p, &site, &(tls_client_options){ .max_tls12 = tls12 != 0 });
        boring_works(&p);
        assert_int_equal(tls_client_ca_names(p.client), 0);
        assert_int_equal(j.asked, 0);
        assert_false(boring_info(&p).peer_authenticated);
        assert_int_equal(boring_info(&p).peer_scheme, 0);
        boring_close(&p);
        /* but who sends one is held to it */
        boring_open(&p, &site, &(tls_client_options){ .cert = "p256", .max_tls12 = tls12 != 0 });
        asking_refuses(&p, TLSC_E_CERTIFICATE_REJECTED, TLSC_ALERT_bad_certificate);
        boring_close(&p);
        tls_site_close(&site);
    }
}

static void required_refuses_who_has_none(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
        rules policy = { .mode = TLSC_CLIENT_AUTH_REQUIRED, .judge = &j };
        tls_site site;
        asking_open(&site, &policy);
        boring_pair p;
        boring_open(&p, &site, &(tls_client_options){ .max_tls12 = tls12 != 0 });
        asking_refuses(&p, tls12 ? TLSC_E_CERTIFICATE_REQUIRED12 : TLSC_E_CERTIFICATE_REQUIRED,
                     tls12 ? TLSC_ALERT_handshake_failure : TLSC_ALERT_certificate_required);
        assert_int_equal(j.asked, 0);
        boring_close(&p);
        tls_site_close(&site);
    }
}

static void nothing_is_asked_by_default(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        rules policy = { .mode = TLSC_CLIENT_AUTH_NONE };
        tls_site site;
        asking_open(&site, &policy);
        boring_pair p;
        boring_open(&p, &site, &(tls_client_options){ .cert = "p256", .max_tls12 = tls12 != 0 });
        boring_works(&p);
        assert_int_equal(tls_client_ca_names(p.client), -1);
        assert_false(boring_info(&p).peer_authenticated);
        boring_close(&p);
        tls_site_close(&site);
    }
}

/* What a handshake must have shown of the client before data flow. */
static void what_must_be_proven_follows_the_configuration(void **state)
{
    (void)state;
    static const struct {
        tlsc_client_auth mode;
        bool came;
        bool resumes;
        bool known; /* the session's client had shown who it was */
        bool again;
        uint32_t needed;
    } rows[] = {
        { TLSC_CLIENT_AUTH_NONE, false, false, false, false, 0 },
        { TLSC_CLIENT_AUTH_OPTIONAL, false, false, false, false, 0 },
        { TLSC_CLIENT_AUTH_OPTIONAL, true, false, false, false, TLSC_PROVEN_PEER },
        { TLSC_CLIENT_AUTH_REQUIRED, true, false, false, false, TLSC_PROVEN_PEER },
        /* a certificate that was forgotten on the way */
        { TLSC_CLIENT_AUTH_REQUIRED, false, false, false, false, TLSC_PROVEN_PEER },
        { TLSC_CLIENT_AUTH_OPTIONAL, false, true, false, false, 0 },
        { TLSC_CLIENT_AUTH_REQUIRED, false, true, true, false, 0 },
        { TLSC_CLIENT_AUTH_REQUIRED, false, true, true, true, TLSC_PROVEN_VERIFIED },
        { TLSC_CLIENT_AUTH_OPTIONAL, false, true, true, true, TLSC_PROVEN_VERIFIED },
        { TLSC_CLIENT_AUTH_OPTIONAL, false, true, false, true, 0 },
        { TLSC_CLIENT_AUTH_REQUIRED, false, true, false, false, TLSC_PROVEN_PEER },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const tlsc_config config = { .client_auth = rows[i].mode,
                                     .verify_on_resumption = rows[i].again };
        tlsc_outcome outcome = { .peer_authenticated = rows[i].known };
        const tlsc_hs hs = { .config = &config, .outcome = &outcome, .resumes = rows[i].resumes,
                             .peer_came = rows[i].came };
        assert_int_equal(tlsc_request_proof(&hs), rows[i].needed);
    }
}

/* ---- what is asked for ---- */

static void names_of_authorities_are_hinted_at(void **state)
{
    (void)state;
    const tlsc_bytes names[] = { BYTES(0x30, 0x00),
                                 BYTES(0x30, 0x0d, 0x31, 0x0b, 0x30, 0x09, 0x06, 0x03, 0x55, 0x04,
                                       0x06, 0x13, 0x02, 'X', 'X') };
    BOTH_VERSIONS(tls12)
    {
        judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
        rules policy = { .mode = TLSC_CLIENT_AUTH_OPTIONAL, .judge = &j, .ca_names = names,
                          .num_ca_names = 2 };
        tls_site site;
        asking_open(&site, &policy);
        boring_pair p;
        boring_open(&p, &site, &(tls_client_options){ .max_tls12 = tls12 != 0 });
        boring_works(&p);
        assert_int_equal(tls_client_ca_names(p.client), 2);
        boring_close(&p);
        tls_site_close(&site);
    }
}

/* A client that signs with a scheme that isn't on the list is told so, though the provider knows it. */
static void schemes_are_those_of_the_configuration(void **state)
{
    (void)state;
    static const uint16_t only[] = { TLSC_SIG_RSA_PSS_SHA512 };
    BOTH_VERSIONS(tls12)
    {
        judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
        rules policy = { .mode = TLSC_CLIENT_AUTH_REQUIRED, .judge = &j, .schemes = only,
                          .num_schemes = 1 };
        tls_site site;
        asking_open(&site, &policy);
        boring_pair p;
        boring_open(&p, &site, &(tls_client_options){ .cert = "rsa2048", .max_tls12 = tls12 != 0 });
        boring_works(&p);
        assert_int_equal(boring_info(&p).peer_scheme, TLSC_SIG_RSA_PSS_SHA512);
        assert_int_equal(j.last.num_schemes, 1);
        boring_close(&p);
        tls_site_close(&site);
    }
}

/* ---- raw public keys ---- */

static void raw_keys_are_taken(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
        rules policy = { .mode = TLSC_CLIENT_AUTH_REQUIRED, .judge = &j, .keeps_chain = true,
                          .types = { TLSC_CERT_RAW_PUBLIC_KEY, TLSC_CERT_X509 }, .num_types = 2 };
        tls_site site;
        asking_open(&site, &policy);
        tlsc_credential *credential;
        assert_ok(tls_credential_load(tlsc_provider_default(), "p256", &credential));
        boring_pair p;
        boring_open(&p, &site,
                  &(tls_client_options){ .cert = "p256", .raw_key = true, .max_tls12 = tls12 != 0 });
        boring_works(&p);
        assert_int_equal(boring_info(&p).peer_certificate_type, TLSC_CERT_RAW_PUBLIC_KEY);
        assert_int_equal(j.num, 0);
        assert_bytes_equal(tlsc_bytes_of(j.first, j.first_n), spki_of(credential));
        assert_bytes_equal(tlsc_conn_peer_certificate(p.conn, 0), spki_of(credential));
        assert_int_equal(tlsc_conn_peer_certificate(p.conn, 1).n, 0);
        boring_close(&p);
        /* who says nothing of kinds has X.509 */
        boring_open(&p, &site, &(tls_client_options){ .cert = "p256", .max_tls12 = tls12 != 0 });
        boring_works(&p);
        assert_int_equal(boring_info(&p).peer_certificate_type, TLSC_CERT_X509);
        boring_close(&p);
        /* a bad signature is one here too */
        boring_open(&p, &site,
                  &(tls_client_options){ .cert = "p256", .raw_key = true, .spoil_signature = true,
                                         .max_tls12 = tls12 != 0 });
        asking_refuses(&p, TLSC_E_BAD_SIGNATURE, TLSC_ALERT_decrypt_error);
        boring_close(&p);
        tlsc_credential_free(credential);
        tls_site_close(&site);
    }
}

static void without_a_common_kind_there_is_no_handshake(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
        rules raw = { .mode = TLSC_CLIENT_AUTH_OPTIONAL, .judge = &j,
                       .types = { TLSC_CERT_RAW_PUBLIC_KEY }, .num_types = 1 };
        rules x509 = { .mode = TLSC_CLIENT_AUTH_REQUIRED, .judge = &j };
        tls_site site;
        boring_pair p;
        asking_open(&site, &raw);
        boring_open(&p, &site, &(tls_client_options){ .cert = "p256", .max_tls12 = tls12 != 0 });
        asking_refuses(&p, TLSC_E_NO_SHARED_CERTIFICATE_TYPE, TLSC_ALERT_unsupported_certificate);
        boring_close(&p);
        tls_site_close(&site);
        asking_open(&site, &x509);
        boring_open(&p, &site,
                  &(tls_client_options){ .cert = "p256", .raw_key = true, .max_tls12 = tls12 != 0 });
        asking_refuses(&p, TLSC_E_NO_SHARED_CERTIFICATE_TYPE, TLSC_ALERT_unsupported_certificate);
        boring_close(&p);
        tls_site_close(&site);
    }
}

/* ---- TLS 1.2's messages, changed on their way ---- */

/* A client's flight: Certificate, ClientKeyExchange, CertificateVerify in the clear, a record each. */
typedef struct meddler {
    uint8_t type;  /* the message concerned */
    enum { DROP, TWICE, FLIP_LAST, EMPTY, FIRST, SCHEME, TOGETHER, LAST_BYTE_GONE } what;
    bool done;
} meddler;

enum { HEADER = 5 };

static size_t record_len(const uint8_t *p)
{
    return HEADER + ((size_t)p[3] << 8 | p[4]);
}

static uint8_t *find_message(uint8_t *buf, size_t n, uint8_t type)
{
    for (size_t at = 0; at + HEADER < n; at += record_len(buf + at)) {
        if (buf[at] == TLSC_CT_HANDSHAKE && buf[at + HEADER] == type) {
            return buf + at;
        }
        if (buf[at] == TLSC_CT_CHANGE_CIPHER_SPEC) {
            break;
        }
    }
    return NULL;
}

/* Puts all messages up to ChangeCipherSpec into one record. */
static void put_together(uint8_t *buf, size_t *n)
{
    static uint8_t out[20000];
    size_t len = HEADER;
    size_t at = 0;
    while (at < *n && buf[at] == TLSC_CT_HANDSHAKE) {
        size_t size = record_len(buf + at);
        memcpy(out + len, buf + at + HEADER, size - HEADER);
        len += size - HEADER;
        at += size;
    }
    memcpy(out, buf, HEADER);
    out[3] = (uint8_t)((len - HEADER) >> 8);
    out[4] = (uint8_t)(len - HEADER);
    memcpy(out + len, buf + at, *n - at);
    *n = len + *n - at;
    memcpy(buf, out, *n);
}

static void put_lengths(uint8_t *record, size_t len)
{
    record[3] = (uint8_t)((len - HEADER) >> 8);
    record[4] = (uint8_t)(len - HEADER);
    record[HEADER + 1] = 0;
    record[HEADER + 2] = (uint8_t)((len - HEADER - 4) >> 8);
    record[HEADER + 3] = (uint8_t)(len - HEADER - 4);
}

static void meddle(void *ctx, uint8_t *buf, size_t *n, size_t cap)
{
    meddler *m = (meddler *)ctx;
    uint8_t *record = find_message(buf, *n, m->type);
    if (record == NULL || m->done) {
        return;
    }
    m->done = true;
    size_t size = record_len(record);
    size_t behind = (size_t)(buf + *n - (record + size));
    assert_true(*n + size < cap);
    switch (m->what) {
    case DROP:
        memmove(record, record + size, behind);
        *n -= size;
        break;
    case TWICE:
        memmove(record + size, record, size + behind);
        *n += size;
        break;
    case FLIP_LAST: record[size - 1] ^= 1; break;
    case EMPTY: {
        static const uint8_t empty[] = { 22, 3, 3, 0, 7, 11, 0, 0, 3, 0, 0, 0 };
        memmove(record + sizeof(empty), record + size, behind);
        memcpy(record, empty, sizeof(empty));
        *n = *n - size + sizeof(empty);
        break;
    }
    case FIRST: {
        static uint8_t moved[20000];
        memcpy(moved, record, size);
        memmove(buf + size, buf, (size_t)(record - buf));
        memcpy(buf, moved, size);
        break;
    }
    case SCHEME: record[HEADER + 4 + 1] = 0x01; record[HEADER + 4] = 0x04; break;
    case TOGETHER: put_together(buf, n); break;
    case LAST_BYTE_GONE:
        put_lengths(record, size - 1);
        memmove(record + size - 1, record + size, behind);
        *n -= 1;
        break;
    }
}

static void messages_of_tls12_are_held_to_their_order(void **state)
{
    (void)state;
    static const struct {
        meddler meddler;
        tlsc_err error;
        tlsc_alert alert;
    } cases[] = {
        { { TLSC_HS_CERTIFICATE_VERIFY, DROP, false }, TLSC_E_UNEXPECTED_CCS, TLSC_ALERT_unexpected_message },
        { { TLSC_HS_CERTIFICATE_VERIFY, TWICE, false }, TLSC_E_UNEXPECTED_MESSAGE, TLSC_ALERT_unexpected_message },
        { { TLSC_HS_CERTIFICATE_VERIFY, FIRST, false }, TLSC_E_UNEXPECTED_MESSAGE, TLSC_ALERT_unexpected_message },
        { { TLSC_HS_CERTIFICATE_VERIFY, FLIP_LAST, false }, TLSC_E_BAD_SIGNATURE, TLSC_ALERT_decrypt_error },
        { { TLSC_HS_CERTIFICATE_VERIFY, LAST_BYTE_GONE, false }, TLSC_E_DECODE, TLSC_ALERT_decode_error },
        { { TLSC_HS_CERTIFICATE_VERIFY, SCHEME, false }, TLSC_E_WRONG_SIGNATURE_SCHEME, TLSC_ALERT_illegal_parameter },
        { { TLSC_HS_CERTIFICATE, DROP, false }, TLSC_E_UNEXPECTED_MESSAGE, TLSC_ALERT_unexpected_message },
        { { TLSC_HS_CERTIFICATE, TWICE, false }, TLSC_E_UNEXPECTED_MESSAGE, TLSC_ALERT_unexpected_message },
        { { TLSC_HS_CERTIFICATE, EMPTY, false }, TLSC_E_CERTIFICATE_REQUIRED12, TLSC_ALERT_handshake_failure },
        { { TLSC_HS_CERTIFICATE, LAST_BYTE_GONE, false }, TLSC_E_DECODE, TLSC_ALERT_decode_error },
        /* the certificate's own signature isn't ours to check, but CertificateVerify is over it too */
        { { TLSC_HS_CERTIFICATE, FLIP_LAST, false }, TLSC_E_BAD_SIGNATURE, TLSC_ALERT_decrypt_error },
        { { TLSC_HS_CLIENT_KEY_EXCHANGE, DROP, false }, TLSC_E_UNEXPECTED_MESSAGE, TLSC_ALERT_unexpected_message },
        { { TLSC_HS_CLIENT_KEY_EXCHANGE, FIRST, false }, TLSC_E_UNEXPECTED_MESSAGE, TLSC_ALERT_unexpected_message },
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
        rules policy = { .mode = TLSC_CLIENT_AUTH_REQUIRED, .judge = &j };
        meddler m = cases[i].meddler;
        tls_site site;
        asking_open(&site, &policy);
        boring_pair p;
        boring_open(&p, &site, &(tls_client_options){ .cert = "p256", .max_tls12 = true });
        p.meddle = meddle;
        p.meddle_ctx = &m;
        asking_refuses(&p, cases[i].error, cases[i].alert);
        assert_true(m.done);
        assert_int_equal(j.asked, m.type == TLSC_HS_CERTIFICATE_VERIFY && m.what == TWICE);
        boring_close(&p);
        tls_site_close(&site);
    }
}

/* An empty Certificate where one is optional, followed by a CertificateVerify all the same. */
static void no_certificate_has_no_signature(void **state)
{
    (void)state;
    judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
    rules policy = { .mode = TLSC_CLIENT_AUTH_OPTIONAL, .judge = &j };
    meddler m = { TLSC_HS_CERTIFICATE, EMPTY, false };
    tls_site site;
    asking_open(&site, &policy);
    boring_pair p;
    boring_open(&p, &site, &(tls_client_options){ .cert = "p256", .max_tls12 = true });
    p.meddle = meddle;
    p.meddle_ctx = &m;
    asking_refuses(&p, TLSC_E_UNEXPECTED_MESSAGE, TLSC_ALERT_unexpected_message);
    assert_int_equal(j.asked, 0);
    boring_close(&p);
    tls_site_close(&site);
}

/* ClientKeyExchange and CertificateVerify may share a record: the last before ChangeCipherSpec ends it. */
static void messages_of_tls12_may_share_a_record(void **state)
{
    (void)state;
    for (int later = 0; later < 2; later++) {
        judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
        rules policy = { .mode = TLSC_CLIENT_AUTH_REQUIRED, .judge = &j, .later = later != 0 };
        meddler m = { TLSC_HS_CERTIFICATE, TOGETHER, false };
        tls_site site;
        asking_open(&site, &policy);
        boring_pair p;
        boring_open(&p, &site, &(tls_client_options){ .cert = "p256", .max_tls12 = true });
        p.meddle = meddle;
        p.meddle_ctx = &m;
        if (later) {
            asking_pauses(&p);
            assert_ok(asking_answer(&p, TLSC_VERDICT_ACCEPT, TLSC_OK, TLSC_ALERT_NONE));
        }
        boring_works(&p);
        assert_true(m.done);
        boring_close(&p);
        tls_site_close(&site);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_certificate_is_taken),
        cmocka_unit_test(chains_are_kept_only_if_asked),
        cmocka_unit_test(optional_does_without),
        cmocka_unit_test(required_refuses_who_has_none),
        cmocka_unit_test(nothing_is_asked_by_default),
        cmocka_unit_test(what_must_be_proven_follows_the_configuration),
        cmocka_unit_test(names_of_authorities_are_hinted_at),
        cmocka_unit_test(schemes_are_those_of_the_configuration),
        cmocka_unit_test(raw_keys_are_taken),
        cmocka_unit_test(without_a_common_kind_there_is_no_handshake),
        cmocka_unit_test(messages_of_tls12_are_held_to_their_order),
        cmocka_unit_test(no_certificate_has_no_signature),
        cmocka_unit_test(messages_of_tls12_may_share_a_record),
    };
    return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
