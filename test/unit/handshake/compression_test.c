/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/compression_test.c: certificates that go compressed, RFC 8879: ours against ours with each
 * algorithm, against BoringSSL's libssl in both roles, and against servers by hand that get it wrong. */
#include "unit.h"

#include "asking.h"
#include "auth/cert_compress.h"
#include "boring_compress.h"
#include "boring_link.h"
#include "client_place.h"
#include "pair.h"
#include "wire/compressed_certificate.h"
#include "wire/enums.h"

/* What either side is set up with: a set of 1 << id, in the order of tlsc_compressions or the reverse. */
typedef struct terms {
    unsigned set;
    bool reversed;
    bool staples; /* a client's: asks for them */
    rules *rules; /* a server's: asks for client certificates */
} terms;

static terms client_terms;

enum { ALL = BORING_ZLIB | BORING_BROTLI | BORING_ZSTD };

static tlsc_err apply(tlsc_config_builder *b, const terms *t)
{
    const tlsc_compression *list[8];
    size_t num;
    size_t n = 0;
    const tlsc_compression *const *all = tlsc_compressions(&num);
    for (size_t i = 0; i < num; i++) {
        const tlsc_compression *by = all[t->reversed ? num - 1 - i : i];
        if ((t->set >> by->id & 1u) != 0) {
            list[n++] = by;
        }
    }
    return tlsc_config_set_certificate_compression(b, list, n);
}

static tlsc_err set_up_client(tlsc_config_builder *b)
{
    tlsc_config_request_ocsp(b, client_terms.staples);
    return apply(b, &client_terms);
}

static tlsc_err set_up_server(void *ctx, tlsc_config_builder *b)
{
    const terms *t = (const terms *)ctx;
    tlsc_err rc = t->rules != NULL ? asking_setup(t->rules, b) : TLSC_OK;
    return rc == TLSC_OK ? apply(b, t) : rc;
}

/* What went compressed: the server's and the client's certificate, as both sides tell it. */
static void expect_told(const pair *p, uint16_t server_cert, uint16_t client_cert)
{
    tlsc_info client = pair_client_info(p);
    tlsc_info server = pair_server_info(p);
    assert_int_equal(server.certificate_compression, server_cert);
    assert_int_equal(client.peer_certificate_compression, server_cert);
    assert_int_equal(client.certificate_compression, client_cert);
    assert_int_equal(server.peer_certificate_compression, client_cert);
}

/* One connection that works between these two. */
static void connect_both(terms server, terms client, uint16_t version, uint16_t expected)
{
    tls_site site = { .setup = set_up_server, .setup_ctx = &server, .min_version = TLSC_TLS12 };
    client_site clients = { .set_up = set_up_client, .max_version = version };
    pair p;
    client_terms = client;
    pair_sites_open(&site, &clients);
    pair_open(&p, &site, &clients);
    pair_works(&p);
    expect_told(&p, expected, 0);
    pair_close(&p);
    pair_sites_close(&site, &clients);
}

static bool has(uint16_t id)
{
    return tlsc_compression_by_id(id) != NULL;
}

/* The first of a set in the order of tlsc_compressions. */
static uint16_t best_of(unsigned set)
{
    size_t num;
    const tlsc_compression *const *all = tlsc_compressions(&num);
    for (size_t i = 0; i < num; i++) {
        if ((set >> all[i]->id & 1u) != 0) {
            return all[i]->id;
        }
    }
    return 0;
}

/* ---- ours and ours ---- */

/* Every set against every set: the server's order counts among what both have. */
static void what_both_have_compresses_the_servers_certificate(void **state)
{
    (void)state;
    for (unsigned server = 0; server <= ALL; server += 2) {
        for (unsigned client = 0; client <= ALL; client += 2) {
            connect_both((terms){ .set = server }, (terms){ .set = client, .reversed = true },
                         TLSC_TLS13, best_of(server & client));
        }
    }
}

static void tls12_knows_nothing_of_it(void **state)
{
    (void)state;
    connect_both((terms){ .set = ALL }, (terms){ .set = ALL }, TLSC_TLS12, 0);
}

static void a_clients_certificate_goes_compressed_with_each(void **state)
{
    (void)state;
    for (uint16_t id = 1; id <= 3; id++) {
        judge who = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
        rules law = { .mode = TLSC_CLIENT_AUTH_REQUIRED, .judge = &who };
        terms server = { .set = 1u << id, .rules = &law };
        tls_site site = { .setup = set_up_server, .setup_ctx = &server };
        client_site clients = { .set_up = set_up_client };
        pair p;
        client_terms = (terms){ .set = ALL };
        assert_ok(tls_credential_load(tlsc_provider_default(), "p256", &clients.credential));
        pair_sites_open(&site, &clients);
        pair_open(&p, &site, &clients);
        pair_works(&p);
        expect_told(&p, has(id) ? id : 0, has(id) ? id : 0);
        judge_saw(&who, "p256.crt.pem");
        pair_close(&p);
        pair_sites_close(&site, &clients);
        tlsc_credential_free(clients.credential);
    }
}

/* A client that has none says so plainly; there is nothing to compress. */
static void an_empty_certificate_goes_as_it_is(void **state)
{
    (void)state;
    judge who = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
    rules law = { .mode = TLSC_CLIENT_AUTH_OPTIONAL, .judge = &who };
    terms server = { .set = ALL, .rules = &law };
    tls_site site = { .setup = set_up_server, .setup_ctx = &server };
    client_site clients = { .set_up = set_up_client };
    pair p;
    client_terms = (terms){ .set = ALL };
    pair_sites_open(&site, &clients);
    pair_open(&p, &site, &clients);
    pair_works(&p);
    expect_told(&p, best_of(ALL), 0);
    assert_int_equal(who.asked, 0);
    pair_close(&p);
    pair_sites_close(&site, &clients);
}

/* After the handshake each answer has a context of its own, so it goes as it is. */
static void an_answer_after_the_handshake_goes_as_it_is(void **state)
{
    (void)state;
    judge who = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
    rules law = { .judge = &who, .post_handshake = true };
    terms server = { .set = ALL, .rules = &law };
    tls_site site = { .setup = set_up_server, .setup_ctx = &server };
    client_site clients = { .set_up = set_up_client };
    pair p;
    client_terms = (terms){ .set = ALL };
    assert_ok(tls_credential_load(tlsc_provider_default(), "p256", &clients.credential));
    pair_sites_open(&site, &clients);
    tlsc_config_free(clients.config); /* the same, and it may be asked */
    tlsc_config_builder *b = tlsc_config_builder_new_client(tlsc_provider_default());
    tlsc_verifier verifier = { sizeof(verifier), &who, judge_verify };
    tlsc_config_post_handshake_auth(b, true);
    assert_ok(tlsc_config_set_verifier(b, &verifier));
    assert_ok(tlsc_config_add_credential(b, clients.credential));
    assert_ok(tlsc_config_build(b, &clients.config));
    tlsc_config_builder_free(b);
    pair_open(&p, &site, &clients);
    pair_works(&p);
    expect_told(&p, best_of(ALL), 0);
    assert_ok(tlsc_conn_request_certificate(tlsc_stream_conn(p.server)));
    pair_works(&p);
    assert_true(pair_server_info(&p).peer_authenticated);
    assert_int_equal(pair_server_info(&p).peer_certificate_compression, 0);
    judge_saw(&who, "p256.crt.pem");
    pair_close(&p);
    pair_sites_close(&site, &clients);
    tlsc_credential_free(clients.credential);
}

static const char staple[] = "a staple that repeats itself, repeats itself, repeats itself";

static void staples_go_inside(void **state)
{
    (void)state;
    tlsc_credential *base = NULL;
    terms server = { .set = ALL };
    tls_site site = { .setup = set_up_server, .setup_ctx = &server };
    client_site clients = { .set_up = set_up_client };
    tlsc_credential_options o = { .size = sizeof(o), .ocsp = TEXT(staple) };
    assert_ok(tls_credential_load(tlsc_provider_default(), "p256", &base));
    assert_ok(tlsc_credential_with(base, &o, &site.credential));
    for (int asks = 0; asks < 2; asks++) {
        pair p;
        client_terms = (terms){ .set = ALL, .staples = asks != 0 };
        pair_sites_open(&site, &clients);
        pair_open(&p, &site, &clients);
        pair_works(&p);
        expect_told(&p, best_of(ALL), 0);
        pair_close(&p);
        pair_sites_close(&site, &clients);
    }
    tlsc_credential_free(site.credential);
    tlsc_credential_free(base);
}

static void a_resumed_session_tells_of_none(void **state)
{
    (void)state;
    terms server = { .set = ALL };
    tls_site site = { .setup = set_up_server, .setup_ctx = &server, .tickets = true };
    client_site clients = { .set_up = set_up_client };
    pair p;
    client_terms = (terms){ .set = ALL };
    pair_sites_open(&site, &clients);
    pair_make_sessions(&site, &clients);
    tlsc_bytes offered = tlsc_buf_bytes(&clients.sessions[0]);
    clients.offered = &offered;
    clients.num_offered = 1;
    pair_open(&p, &site, &clients);
    pair_works(&p);
    assert_true(pair_client_info(&p).resumed);
    expect_told(&p, 0, 0);
    pair_close(&p);
    pair_sites_close(&site, &clients);
}

/* ---- BoringSSL ---- */

static void boringssl_decompresses_what_we_compress(void **state)
{
    (void)state;
    for (uint16_t id = 1; id <= 3; id++) {
        terms server = { .set = ALL };
        tls_site site = { .setup = set_up_server, .setup_ctx = &server };
        tls_client_options options = { .compressions = 1u << id };
        unsigned before = boring_decompressed(id);
        boring_pair p;
        assert_ok(tls_site_open(&site));
        boring_open(&p, &site, &options);
        boring_works(&p);
        assert_int_equal(boring_info(&p).certificate_compression, has(id) ? id : 0);
        assert_int_equal(boring_decompressed(id) - before, has(id));
        boring_close(&p);
        tls_site_close(&site);
    }
}

static void boringssl_finds_the_staple_inside(void **state)
{
    (void)state;
    tlsc_credential *base = NULL;
    terms server = { .set = ALL };
    tls_site site = { .setup = set_up_server, .setup_ctx = &server };
    tlsc_credential_options o = { .size = sizeof(o), .ocsp = TEXT(staple) };
    const uint8_t *got;
    boring_pair p;
    assert_ok(tls_credential_load(tlsc_provider_default(), "p256", &base));
    assert_ok(tlsc_credential_with(base, &o, &site.credential));
    assert_ok(tls_site_open(&site));
    boring_open(&p, &site, &(tls_client_options){ .compressions = ALL, .ocsp = true });
    boring_works(&p);
    assert_int_equal(boring_info(&p).certificate_compression, best_of(ALL));
    size_t n = tls_client_ocsp(p.client, &got);
    assert_bytes_equal(tlsc_bytes_of(got, n), TEXT(staple));
    boring_close(&p);
    tls_site_close(&site);
    tlsc_credential_free(site.credential);
    tlsc_credential_free(base);
}

static void we_decompress_what_boringssl_compresses(void **state)
{
    (void)state;
    for (uint16_t id = 1; id <= 3; id++) {
        client_site clients = { .set_up = set_up_client };
        boring_site *site = boring_site_new(&(boring_site_options){ .compressions = 1u << id });
        boring_link l;
        unsigned before = boring_compressed(id);
        client_terms = (terms){ .set = ALL };
        assert_non_null(site);
        assert_ok(client_site_open(&clients));
        link_open(&l, &clients, site);
        link_works(&l);
        assert_int_equal(link_info(&l).peer_certificate_compression, has(id) ? id : 0);
        assert_int_equal(boring_compressed(id) - before, has(id));
        link_close(&l);
        client_site_close(&clients);
        boring_site_free(site);
    }
}

/* ---- servers that get it wrong ---- */

/* What a server by hand says where its Certificate is due. */
typedef struct wrong {
    uint16_t algorithm;
    int length_off;       /* of uncompressed_length */
    uint32_t length;      /* instead */
    bool cut;             /* the last byte is missing, the vector's length right */
    bool longer;          /* the message has a byte behind it */
    tlsc_bytes instead;   /* decompresses to this */
    bool none_offered;
    tlsc_err error;
} wrong;

static tlsc_err cut(tlsc_bytes in, uint8_t *out, size_t room, size_t *n)
{
    *n = in.n - 2;
    assert_true(in.n <= room);
    tlsc_bytes_copy(out, tlsc_bytes_of(in.p + 2, *n));
    return TLSC_OK;
}

static tlsc_err uncut(tlsc_bytes in, uint8_t *out, size_t n)
{
    if (n != in.n + 2) {
        return TLSC_E_BAD_COMPRESSED_CERTIFICATE;
    }
    out[0] = out[1] = 0;
    tlsc_bytes_copy(out + 2, in);
    return TLSC_OK;
}

/* Two zeroes in front are taken away: an algorithm that every build has. */
static const tlsc_compression cutting = { 0xff01, "cut", cut, uncut };
static const tlsc_compression *const cutting_alone[] = { &cutting };

static tlsc_err offer_cutting(tlsc_config_builder *b)
{
    return tlsc_config_set_certificate_compression(b, cutting_alone, 1);
}

static tlsc_err offer_none(tlsc_config_builder *b)
{
    return tlsc_config_set_certificate_compression(b, NULL, 0);
}

static void say_wrong(hand_server13 *s, const wrong *w)
{
    tlsc_bytes whole = w->instead.n > 0 ? w->instead : s->credential->certificate13;
    tlsc_buf body = tlsc_buf_of(1 << 16);
    tlsc_compressed_certificate msg = {
        .algorithm = w->algorithm != 0 ? w->algorithm : 0xff01,
        .uncompressed_len =
            w->length != 0 ? w->length : (uint32_t)((int)whole.n + w->length_off),
        .message = tlsc_bytes_of(whole.p + 2, whole.n - 2 - w->cut),
    };
    tlsc_wr wr = tlsc_wr_of(&body);
    tlsc_compressed_certificate_emit(&wr, &msg);
    if (w->longer) {
        tlsc_wr_u8(&wr, 0);
    }
    assert_ok(tlsc_wr_end(&wr));
    hand13_say(s, TLSC_HS_COMPRESSED_CERTIFICATE, tlsc_buf_bytes(&body));
    tlsc_buf_clear(&body);
}

static void play(const wrong *w, client_place at)
{
    client_site clients = { .set_up = w->none_offered ? offer_none : offer_cutting };
    placed_client p;
    assert_ok(client_site_open(&clients));
    client_place_open(&p, &clients, at);
    say_wrong(&p.server, w);
    if (w->error == TLSC_OK) {
        hand13_say_verify(&p.server);
        hand13_say_finished(&p.server);
        assert_ok(client_place_to_client(&p));
        tlsc_info info;
        tlsc_conn_info(p.conn, &info);
        assert_true(info.handshake_done);
        assert_int_equal(info.peer_certificate_compression, 0xff01);
    } else {
        assert_err(client_place_to_client(&p), w->error);
        client_place_failed(&p, w->error, NULL);
    }
    client_place_close(&p);
    client_site_close(&clients);
}

static void wrong_messages_are_refused(void **state)
{
    (void)state;
    static const uint8_t other_context[] = { 0, 0, 0, 0, 0 };
    static const uint8_t no_certificate[] = { 0, 0, 0, 0 };
    const wrong rows[] = {
        { .error = TLSC_OK },
        { .algorithm = 2, .error = TLSC_E_WRONG_COMPRESSION_ALGORITHM },
        { .algorithm = 0xff02, .error = TLSC_E_WRONG_COMPRESSION_ALGORITHM },
        { .length_off = 1, .error = TLSC_E_BAD_COMPRESSED_CERTIFICATE },
        { .length_off = -1, .error = TLSC_E_BAD_COMPRESSED_CERTIFICATE },
        { .length = 0xffffff, .error = TLSC_E_DECOMPRESSED_TOO_LONG },
        { .length = 262145, .error = TLSC_E_DECOMPRESSED_TOO_LONG },
        { .length = 262144, .error = TLSC_E_BAD_COMPRESSED_CERTIFICATE },
        { .cut = true, .error = TLSC_E_BAD_COMPRESSED_CERTIFICATE },
        { .longer = true, .error = TLSC_E_DECODE },
        { .instead = { other_context, 5 }, .error = TLSC_E_DECODE },
        { .instead = { no_certificate, 4 }, .error = TLSC_E_DECODE },
        { .none_offered = true, .error = TLSC_E_UNEXPECTED_MESSAGE },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        play(&rows[i], CLIENT_AT_REQUEST_OR_CERTIFICATE);
        if (rows[i].error != TLSC_OK) {
            play(&rows[i], CLIENT_AT_CERTIFICATE);
        }
    }
}

/* uncompressed_length has the limit that a Certificate's own length has. */
static void the_limit_is_the_connections(void **state)
{
    (void)state;
    client_site clients = { .set_up = offer_cutting, .max_handshake_message = 4096 };
    placed_client p;
    assert_ok(client_site_open(&clients));
    client_place_open(&p, &clients, CLIENT_AT_REQUEST_OR_CERTIFICATE);
    say_wrong(&p.server, &(wrong){ .length = 4097 });
    assert_err(client_place_to_client(&p), TLSC_E_DECOMPRESSED_TOO_LONG);
    client_place_failed(&p, TLSC_E_DECOMPRESSED_TOO_LONG, NULL);
    client_place_close(&p);
    client_site_close(&clients);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_both_have_compresses_the_servers_certificate),
        cmocka_unit_test(tls12_knows_nothing_of_it),
        cmocka_unit_test(a_clients_certificate_goes_compressed_with_each),
        cmocka_unit_test(an_empty_certificate_goes_as_it_is),
        cmocka_unit_test(an_answer_after_the_handshake_goes_as_it_is),
        cmocka_unit_test(staples_go_inside),
        cmocka_unit_test(a_resumed_session_tells_of_none),
        cmocka_unit_test(boringssl_decompresses_what_we_compress),
        cmocka_unit_test(boringssl_finds_the_staple_inside),
        cmocka_unit_test(we_decompress_what_boringssl_compresses),
        cmocka_unit_test(wrong_messages_are_refused),
        cmocka_unit_test(the_limit_is_the_connections),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
