/* SPDX-License-Identifier: Apache-2.0 */
/* x509/path_test.c: path building and its budgets, with signatures that cost nothing: path.c, node.c,
 * verify.c, trust_store.c. What each rule says of real certificates is test/x509's corpus. */
#include "x509/path.h"

#include <stdio.h>
#include <string.h>

#include "cert_maker.h"
#include "unit.h"

enum { MANY = 200 };

/* A store and a request over certificates that a test makes. */
typedef struct scene {
    tlsc_trust_builder *builder;
    const tlsc_trust_store *store;
    tlsc_buf made[MANY];
    tlsc_bytes sent[MANY];
    size_t num;
    tlsc_verify_options options;
    tlsc_verify_result result;
} scene;

static int open_scene(void **state)
{
    scene *s = (scene *)tlsc_mem_zalloc(sizeof(*s));
    s->builder = tlsc_trust_builder_new(stub_provider(), NULL, NULL);
    s->options.size = sizeof(s->options);
    s->options.now_s = MAKER_NOW_S;
    s->result.size = sizeof(s->result);
    stub_verified = 0;
    *state = s;
    return 0;
}

static int close_scene(void **state)
{
    scene *s = (scene *)*state;
    for (size_t i = 0; i < s->num; i++) {
        tlsc_buf_clear(&s->made[i]);
    }
    tlsc_trust_store_free(s->store);
    tlsc_trust_builder_free(s->builder);
    tlsc_mem_free(s);
    return 0;
}

static void trust(scene *s, const cert_spec *spec)
{
    tlsc_buf der = make_cert(spec);
    assert_ok(tlsc_trust_add_der(s->builder, tlsc_buf_bytes(&der)));
    tlsc_buf_clear(&der);
}

static void send(scene *s, const cert_spec *spec)
{
    assert_true(s->num < MANY);
    s->made[s->num] = make_cert(spec);
    s->sent[s->num] = tlsc_buf_bytes(&s->made[s->num]);
    s->num++;
}

static tlsc_err judge(scene *s)
{
    if (s->store == NULL) {
        assert_ok(tlsc_trust_build(s->builder, &s->store));
    }
    tlsc_verify_request request = { .size = sizeof(request),
                                    .certificates = s->sent,
                                    .num_certificates = s->num };
    return tlsc_verify_chain(s->store, &s->options, &request, &s->result);
}

static const cert_spec root = { .subject = "root", .issuer = "root", .key = 1, .signer = 1, .ca = true, .path_len = -1 };
static const cert_spec inter = { .subject = "inter", .issuer = "root", .key = 2, .signer = 1, .ca = true, .path_len = -1 };
static const cert_spec leaf = { .subject = "leaf", .issuer = "inter", .key = 9, .signer = 2, .dns = "a.test" };

static void a_usual_chain_costs_two_signatures_and_no_memory(void **state)
{
    scene *s = (scene *)*state;
    trust(s, &root);
    send(s, &leaf);
    send(s, &inter);
    assert_ok(judge(s));
    tlsc_mem_stats before, after;
    tlsc_mem_get_stats(&before);
    stub_verified = 0;
    tlsc_reference_name name = { TLSC_REFERENCE_HOST, TEXT("a.test") };
    s->options.names = &name;
    s->options.num_names = 1;
    assert_ok(judge(s));
    tlsc_mem_get_stats(&after);
    assert_true(after.allocations == before.allocations);
    assert_int_equal(stub_verified, 2);
    assert_int_equal(s->result.num_path, 3);
    assert_int_equal(s->result.spent.signatures, 2);
    assert_bytes_equal(s->result.path[0], s->sent[0]);
    assert_bytes_equal(s->result.path[2], tlsc_trust_store_certificate(s->store, 0));
    send(s, &root); /* the root sent along changes nothing */
    assert_ok(judge(s));
    tlsc_mem_get_stats(&after);
    assert_int_equal(stub_verified, 4);
}

static void certificates_that_lead_nowhere_cost_no_signature(void **state)
{
    scene *s = (scene *)*state;
    send(s, &leaf);
    send(s, &inter);
    assert_err(judge(s), TLSC_E_UNKNOWN_ISSUER);
    assert_int_equal(stub_verified, 0);
    assert_int_equal(s->result.index, 1);
    assert_bytes_equal(s->result.certificate, s->sent[1]);
    assert_int_equal(s->result.num_path, 2);
}

static void a_leaf_that_nobody_signed_is_told(void **state)
{
    scene *s = (scene *)*state;
    cert_spec forged = leaf;
    trust(s, &root);
    forged.signer = 7;
    forged.no_key_ids = true;
    send(s, &forged);
    send(s, &inter);
    assert_err(judge(s), TLSC_E_CERTIFICATE_SIGNATURE);
    assert_int_equal(s->result.index, 0);
}

/* Every one issued by every other, all of one name, and no way out. */
static void a_thicket(scene *s, maker_key kind, bool with_root)
{
    send(s, &leaf);
    for (unsigned i = 0; i < 100; i++) {
        cert_spec c = { .subject = "inter", .issuer = "inter", .key = 100 + i, .signer = 300,
                        .ca = true, .path_len = -1, .key_kind = kind, .no_key_ids = true };
        send(s, &c);
    }
    if (with_root) {
        cert_spec top = { .subject = "inter", .issuer = "inter", .key = 200, .signer = 200,
                          .ca = true, .path_len = -1, .key_kind = kind, .no_key_ids = true };
        trust(s, &top);
    }
}

static void a_hundred_cross_signed_intermediates_end_with_the_steps(void **state)
{
    scene *s = (scene *)*state;
    a_thicket(s, MAKER_P256, false);
    assert_err(judge(s), TLSC_E_VERIFY_BUDGET);
    assert_int_equal(stub_verified, 0);
    assert_true(s->result.spent.steps <= 20000);
}

static void with_an_anchor_above_they_end_with_the_signatures(void **state)
{
    scene *s = (scene *)*state;
    a_thicket(s, MAKER_P521, true);
    assert_err(judge(s), TLSC_E_VERIFY_BUDGET);
    assert_true(stub_verified <= 300 / 24);
    assert_true(s->result.spent.signatures <= 300);
}

static void heavier_curves_count_for_more(void **state)
{
    scene *s = (scene *)*state;
    cert_spec heavy_root = root, heavy = inter, end = leaf;
    heavy_root.key_kind = MAKER_P384;
    heavy.key_kind = MAKER_P521;
    trust(s, &heavy_root);
    send(s, &end);
    send(s, &heavy);
    assert_ok(judge(s));
    assert_int_equal(s->result.spent.signatures, 34);
    s->options.budget.signatures = 33;
    assert_err(judge(s), TLSC_E_VERIFY_BUDGET);
    s->options.budget.signatures = 34;
    assert_ok(judge(s));
}

static void long_names_end_with_the_bytes(void **state)
{
    scene *s = (scene *)*state;
    static uint8_t text[60000];
    static const uint8_t oid[] = { 0x06, 0x03, 0x55, 0x04, 0x03 };
    memset(text, 'a', sizeof(text));
    tlsc_buf v = make_der(0x0c, (tlsc_bytes[]){ tlsc_bytes_of(text, sizeof(text)), { NULL, 0 } });
    tlsc_buf a = make_der(0x30, (tlsc_bytes[]){ tlsc_bytes_of(oid, 5), tlsc_buf_bytes(&v), { NULL, 0 } });
    tlsc_buf r = make_der(0x31, (tlsc_bytes[]){ tlsc_buf_bytes(&a), { NULL, 0 } });
    tlsc_buf n = make_der(0x30, (tlsc_bytes[]){ tlsc_buf_bytes(&r), { NULL, 0 } });
    tlsc_buf subtree = make_der(0xa4, (tlsc_bytes[]){ tlsc_buf_bytes(&n), { NULL, 0 } });
    tlsc_buf tree = make_der(0x30, (tlsc_bytes[]){ tlsc_buf_bytes(&subtree), { NULL, 0 } });
    tlsc_bytes trees[101];
    for (size_t i = 0; i < 100; i++) {
        trees[i] = tlsc_buf_bytes(&tree);
    }
    trees[100] = (tlsc_bytes){ NULL, 0 };
    tlsc_buf permitted = make_der(0xa1, trees);
    tlsc_buf nc = make_der(0x30, (tlsc_bytes[]){ tlsc_buf_bytes(&permitted), { NULL, 0 } });
    tlsc_buf e = make_extension(0x1e, true, tlsc_buf_bytes(&nc));
    cert_spec c = inter;
    c.extensions[0] = tlsc_buf_bytes(&e);
    cert_spec end = leaf;
    text[59999] = 'b';
    tlsc_buf v2 = make_der(0x13, (tlsc_bytes[]){ tlsc_bytes_of(text, sizeof(text)), { NULL, 0 } });
    tlsc_buf a2 = make_der(0x30, (tlsc_bytes[]){ tlsc_bytes_of(oid, 5), tlsc_buf_bytes(&v2), { NULL, 0 } });
    tlsc_buf r2 = make_der(0x31, (tlsc_bytes[]){ tlsc_buf_bytes(&a2), { NULL, 0 } });
    tlsc_buf n2 = make_der(0x30, (tlsc_bytes[]){ tlsc_buf_bytes(&r2), { NULL, 0 } });
    end.subject_name = tlsc_buf_bytes(&n2);
    trust(s, &root);
    send(s, &end);
    send(s, &c);
    assert_err(judge(s), TLSC_E_VERIFY_BUDGET);
    assert_true(s->result.spent.bytes <= 2 << 20);
    tlsc_buf *all[] = { &v, &a, &r, &n, &subtree, &tree, &permitted, &nc, &e, &v2, &a2, &r2, &n2 };
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        tlsc_buf_clear(all[i]);
    }
}

static void options_that_cant_be_are_refused(void **state)
{
    scene *s = (scene *)*state;
    trust(s, &root);
    send(s, &leaf);
    send(s, &inter);
    s->options.max_intermediates = 31;
    assert_err(judge(s), TLSC_E_USAGE);
    s->options.max_intermediates = 30;
    assert_ok(judge(s));
    s->options.now_s = 0;
    assert_err(judge(s), TLSC_E_NO_TIME);
    s->options.now_s = MAKER_NOW_S;
    s->options.size = 1;
    assert_err(judge(s), TLSC_E_USAGE);
    s->options.size = sizeof(s->options);
    s->num = 0;
    assert_err(judge(s), TLSC_E_USAGE);
    s->num = 2;
    s->result.size = 0;
    assert_err(judge(s), TLSC_E_USAGE);
    assert_err(tlsc_verify_chain(s->store, NULL, &(tlsc_verify_request){ 0 }, &s->result), TLSC_E_USAGE);
}

static void certificates_are_signed_with_schemes_of_the_list(void **state)
{
    scene *s = (scene *)*state;
    static const uint16_t rsa[] = { TLSC_SIG_RSA_PSS_SHA256, TLSC_SIG_RSA_PKCS1_SHA256 };
    static const uint16_t ecdsa[] = { TLSC_SIG_ECDSA_P256_SHA256 };
    trust(s, &root);
    send(s, &leaf);
    send(s, &inter);
    s->options.schemes = rsa;
    s->options.num_schemes = 2;
    assert_err(judge(s), TLSC_E_CERTIFICATE_ALGORITHM);
    s->options.schemes = ecdsa;
    s->options.num_schemes = 1;
    assert_ok(judge(s));
}

/* Many certificates lie on the heap, and that may be short. */
static void without_memory_nothing_is_accepted(void **state)
{
    scene *s = (scene *)*state;
    trust(s, &root);
    send(s, &leaf);
    for (unsigned i = 0; i < 20; i++) {
        cert_spec c = { .subject = "x", .issuer = "y", .key = 100 + i, .ca = true };
        send(s, &c);
    }
    send(s, &inter);
    assert_ok(judge(s));
    tlsc_mem_fail_at(1, false);
    assert_err(judge(s), TLSC_E_NO_MEMORY);
    tlsc_mem_fail_at(0, false);
    assert_ok(judge(s));
}

/* -- trust stores */

static void a_store_holds_each_certificate_once_and_counts_its_owners(void **state)
{
    scene *s = (scene *)*state;
    trust(s, &root);
    trust(s, &inter);
    trust(s, &root);
    assert_int_equal(tlsc_trust_num_added(s->builder), 2);
    assert_ok(tlsc_trust_build(s->builder, &s->store));
    assert_int_equal(tlsc_trust_store_len(s->store), 2);
    assert_int_equal(tlsc_trust_store_certificate(s->store, 2).n, 0);
    const tlsc_trust_store *same = tlsc_trust_store_ref(s->store);
    tlsc_trust_store_free(s->store);
    s->store = same;
    assert_int_equal(tlsc_trust_store_len(s->store), 2);
    tlsc_trust_store_free(NULL);
    tlsc_trust_builder_free(NULL);
}

static void many_anchors_are_found_by_name(void **state)
{
    scene *s = (scene *)*state;
    for (unsigned i = 0; i < 150; i++) {
        char name[16];
        (void)snprintf(name, sizeof(name), "ca %u", i / 3); /* three of each name */
        cert_spec c = { .subject = name, .issuer = name, .key = 500 + i, .signer = 500 + i, .ca = true, .path_len = -1 };
        trust(s, &c);
    }
    assert_ok(tlsc_trust_build(s->builder, &s->store));
    for (unsigned i = 0; i < 150; i++) {
        char name[16];
        (void)snprintf(name, sizeof(name), "CA %u", i / 3);
        cert_spec end = { .subject = "leaf", .issuer = name, .key = 9, .signer = 500 + i };
        send(s, &end);
        assert_ok(judge(s));
        assert_int_equal(s->result.spent.signatures, 1); /* the key id told which of the three */
        tlsc_buf_clear(&s->made[0]);
        s->num = 0;
    }
}

/* SEQUENCE { trust SEQUENCE OF OID, reject [0] } behind the certificate */
static void trusted_for(scene *s, tlsc_bytes aux)
{
    tlsc_buf der = make_cert(&root);
    assert_ok(tlsc_buf_append(&der, aux));
    assert_ok(tlsc_trust_add_der(s->builder, tlsc_buf_bytes(&der)));
    tlsc_buf_clear(&der);
}

#define SERVER_AUTH 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01
#define CLIENT_AUTH 0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x02

static void an_anchor_is_trusted_for_what_openssl_wrote_behind_it(void **state)
{
    scene *s = (scene *)*state;
    trusted_for(s, BYTES(0x30, 0x0c, 0x30, 0x0a, CLIENT_AUTH));
    send(s, &leaf);
    send(s, &inter);
    assert_err(judge(s), TLSC_E_EXTENDED_KEY_USAGE);
    assert_int_equal(s->result.index, -1);
    tlsc_trust_store_free(s->store);
    s->store = NULL;
    trust(s, &root); /* a plain copy doesn't lift that */
    assert_err(judge(s), TLSC_E_EXTENDED_KEY_USAGE);
}

static void an_anchor_may_be_rejected_for_a_purpose(void **state)
{
    scene *s = (scene *)*state;
    trusted_for(s, BYTES(0x30, 0x0c, 0xa0, 0x0a, CLIENT_AUTH));
    send(s, &leaf);
    send(s, &inter);
    assert_ok(judge(s));
    tlsc_trust_store_free(s->store);
    s->store = NULL;
    trusted_for(s, BYTES(0x30, 0x0c, 0xa0, 0x0a, SERVER_AUTH));
    assert_err(judge(s), TLSC_E_EXTENDED_KEY_USAGE);
}

static void what_isnt_a_certificate_is_no_anchor(void **state)
{
    scene *s = (scene *)*state;
    assert_err(tlsc_trust_add_der(s->builder, TEXT("")), TLSC_E_BAD_DER);
    assert_err(tlsc_trust_add_der(s->builder, BYTES(0x30, 0x00)), TLSC_E_BAD_CERTIFICATE);
    tlsc_buf der = make_cert(&root);
    assert_err(tlsc_trust_add_der(s->builder, tlsc_bytes_of(der.p, der.n - 1)), TLSC_E_BAD_DER);
    assert_ok(tlsc_buf_append(&der, BYTES(0x00)));
    assert_err(tlsc_trust_add_der(s->builder, tlsc_buf_bytes(&der)), TLSC_E_BAD_DER);
    tlsc_buf_clear(&der);
    assert_int_equal(tlsc_trust_num_added(s->builder), 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_scene, close_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_usual_chain_costs_two_signatures_and_no_memory),
        TEST(certificates_that_lead_nowhere_cost_no_signature),
        TEST(a_leaf_that_nobody_signed_is_told),
        TEST(a_hundred_cross_signed_intermediates_end_with_the_steps),
        TEST(with_an_anchor_above_they_end_with_the_signatures),
        TEST(heavier_curves_count_for_more),
        TEST(long_names_end_with_the_bytes),
        TEST(options_that_cant_be_are_refused),
        TEST(certificates_are_signed_with_schemes_of_the_list),
        TEST(without_memory_nothing_is_accepted),
        TEST(a_store_holds_each_certificate_once_and_counts_its_owners),
        TEST(many_anchors_are_found_by_name),
        TEST(an_anchor_is_trusted_for_what_openssl_wrote_behind_it),
        TEST(an_anchor_may_be_rejected_for_a_purpose),
        TEST(what_isnt_a_certificate_is_no_anchor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
