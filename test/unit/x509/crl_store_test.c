/* SPDX-License-Identifier: Apache-2.0 */
/* x509/crl_store_test.c: what becomes of CRLs: crl_builder.c, crl_store.c, crl_table.c. */
#include "x509/crl_store.h"

#include "crl_maker.h"
#include "unit.h"

typedef struct scene {
    const tlsc_trust_store *trust;
    tlsc_crl_builder *builder;
    const tlsc_crl_store *store;
} scene;

/* Trusted: "root" with key 1, which may sign CRLs, and "mute" with key 2, which may not. */
static int open_scene(void **state)
{
    scene *s = (scene *)tlsc_mem_zalloc(sizeof(*s));
    tlsc_trust_builder *b = tlsc_trust_builder_new(stub_provider(), NULL, NULL);
    const cert_spec roots[] = {
        { .subject = "root", .issuer = "root", .key = 1, .signer = 1, .ca = true, .path_len = -1,
          .signs_crls = true },
        { .subject = "mute", .issuer = "mute", .key = 2, .signer = 2, .ca = true, .path_len = -1 },
    };
    for (size_t i = 0; i < 2; i++) {
        tlsc_buf der = make_cert(&roots[i]);
        assert_ok(tlsc_trust_add_der(b, tlsc_buf_bytes(&der)));
        tlsc_buf_clear(&der);
    }
    assert_ok(tlsc_trust_build(b, &s->trust));
    tlsc_trust_builder_free(b);
    s->builder = tlsc_crl_builder_new(s->trust, NULL, NULL);
    assert_non_null(s->builder);
    stub_verified = 0;
    *state = s;
    return 0;
}

static int close_scene(void **state)
{
    scene *s = (scene *)*state;
    tlsc_crl_store_free(s->store);
    tlsc_crl_builder_free(s->builder);
    tlsc_trust_store_free(s->trust);
    tlsc_mem_free(s);
    return 0;
}

static tlsc_err add(scene *s, const crl_spec *spec)
{
    tlsc_buf der = make_crl(spec);
    tlsc_err rc = tlsc_crl_add_der(s->builder, tlsc_buf_bytes(&der));
    tlsc_buf_clear(&der);
    return rc;
}

/* One of root's with one entry and a number; 0: without. `idp` may be NULL. */
static tlsc_err add_numbered(scene *s, uint8_t serial, uint8_t number, const char *this_update,
                             const tlsc_buf *idp)
{
    tlsc_buf entry = make_crl_entry(BYTES(serial), (tlsc_bytes){ NULL, 0 });
    tlsc_buf n = make_crl_number(number);
    crl_spec spec = { .issuer = "root",
                      .signer = 1,
                      .this_update = this_update,
                      .entries = { tlsc_buf_bytes(&entry) } };
    size_t at = 0;
    if (number != 0) {
        spec.extensions[at++] = tlsc_buf_bytes(&n);
    }
    if (idp != NULL) {
        spec.extensions[at] = tlsc_buf_bytes(idp);
    }
    tlsc_err rc = add(s, &spec);
    tlsc_buf_clear(&entry);
    tlsc_buf_clear(&n);
    return rc;
}

static bool finds(scene *s, const char *issuer, uint8_t serial)
{
    tlsc_crl_entry e = { .size = sizeof(e) };
    tlsc_buf name = make_name(issuer);
    bool found = tlsc_crl_store_find(s->store, tlsc_buf_bytes(&name), BYTES(serial), &e);
    tlsc_buf_clear(&name);
    return found;
}

static void freeze(scene *s)
{
    assert_ok(tlsc_crl_build(s->builder, &s->store));
}

static void what_is_listed_is_found_with_date_and_reason(void **state)
{
    scene *s = (scene *)*state;
    static const uint8_t reason[] = { 0x30, 0x0a, 0x06, 0x03, 0x55, 0x1d,
                                      0x15, 0x04, 0x03, 0x0a, 0x01, 0x04 };
    static const uint8_t longest[] = { 0x00, 0xff, 2,  3,  4,  5,  6,  7,  8,  9, 10,
                                       11,   12,   13, 14, 15, 16, 17, 18, 19, 20 };
    tlsc_buf one = make_crl_entry(BYTES(0x05), tlsc_bytes_of(reason, sizeof(reason)));
    tlsc_buf two = make_crl_entry(tlsc_bytes_of(longest, sizeof(longest)), (tlsc_bytes){ NULL, 0 });
    tlsc_buf name = make_name("ROOT"); /* equal by RFC 5280 7.1 */
    crl_spec spec = { .issuer = "root",
                      .signer = 1,
                      .entries = { tlsc_buf_bytes(&one), tlsc_buf_bytes(&two) } };
    tlsc_crl_entry e = { .size = sizeof(e) };
    assert_ok(add(s, &spec));
    freeze(s);
    assert_int_equal(tlsc_crl_store_len(s->store), 1);
    assert_int_equal(tlsc_crl_store_num_entries(s->store), 2);
    assert_true(tlsc_crl_store_find(s->store, tlsc_buf_bytes(&name), BYTES(0x05), &e));
    assert_int_equal(e.revoked_s, 1766534400);
    assert_int_equal(e.reason, TLSC_REVOKED_SUPERSEDED);
    assert_true(tlsc_crl_store_find(s->store, tlsc_buf_bytes(&name),
                                    tlsc_bytes_of(longest, sizeof(longest)), &e));
    assert_int_equal(e.reason, TLSC_REVOKED_UNSPECIFIED);
    assert_false(finds(s, "root", 0x06));
    assert_false(finds(s, "mute", 0x05));
    assert_false(tlsc_crl_store_find(s->store, tlsc_buf_bytes(&name), BYTES(0x00, 0xff), &e));
    e.size = 1;
    assert_false(tlsc_crl_store_find(s->store, tlsc_buf_bytes(&name), BYTES(0x05), &e));
    tlsc_buf_clear(&one);
    tlsc_buf_clear(&two);
    tlsc_buf_clear(&name);
}

static void only_its_issuer_signs_a_crl(void **state)
{
    scene *s = (scene *)*state;
    crl_spec spec = { .issuer = "nobody", .signer = 1 };
    assert_err(add(s, &spec), TLSC_E_CRL_ISSUER);
    assert_int_equal(stub_verified, 0);
    spec.issuer = "mute";
    spec.signer = 2;
    assert_err(add(s, &spec), TLSC_E_CRL_ISSUER);
    assert_int_equal(stub_verified, 0);
    spec.issuer = "root";
    assert_err(add(s, &spec), TLSC_E_CRL_SIGNATURE);
    assert_int_equal(stub_verified, 1);
    spec.signer = 1;
    assert_ok(add(s, &spec));
    assert_int_equal(stub_verified, 2);
    assert_int_equal(tlsc_crl_num_added(s->builder), 1);
    /* a signature of another kind than the key */
    spec.algorithm = BYTES(0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70);
    assert_err(add(s, &spec), TLSC_E_CRL_SIGNATURE);
    assert_int_equal(stub_verified, 2);
}

static void add_issuer(scene *s, unsigned key)
{
    cert_spec ca = { .subject = "inter", .issuer = "root", .key = key, .signer = 1, .ca = true,
                     .path_len = -1, .signs_crls = true };
    tlsc_buf der = make_cert(&ca);
    assert_ok(tlsc_crl_add_issuer(s->builder, tlsc_buf_bytes(&der)));
    tlsc_buf_clear(&der);
}

static void intermediates_are_issuers_once_they_are_known(void **state)
{
    scene *s = (scene *)*state;
    tlsc_buf aki = make_extension(0x23, false, BYTES(0x30, 0x04, 0x80, 0x02, 0x00, 0x05));
    crl_spec spec = { .issuer = "inter", .signer = 5, .extensions = { tlsc_buf_bytes(&aki) } };
    assert_err(add(s, &spec), TLSC_E_CRL_ISSUER);
    for (unsigned key = 3; key < 30; key++) {
        add_issuer(s, key);
    }
    /* of several with one name the one whose key id fits is asked first */
    assert_ok(add(s, &spec));
    assert_int_equal(stub_verified, 1);
    /* key ids are hints */
    spec.signer = 29;
    assert_ok(add(s, &spec));
    assert_int_equal(tlsc_crl_num_added(s->builder), 2);
    assert_err(tlsc_crl_add_issuer(s->builder, BYTES(0x30, 0x00)), TLSC_E_BAD_CERTIFICATE);
    assert_err(tlsc_crl_add_issuer(s->builder, BYTES(0x30)), TLSC_E_BAD_DER);
    tlsc_buf_clear(&aki);
}

static void of_one_scope_the_highest_number_counts(void **state)
{
    scene *s = (scene *)*state;
    assert_ok(add_numbered(s, 1, 5, "260101000000Z", NULL));
    assert_ok(add_numbered(s, 2, 7, "250101000000Z", NULL)); /* whatever its date */
    assert_ok(add_numbered(s, 3, 6, "260201000000Z", NULL));
    assert_ok(add_numbered(s, 4, 7, "250101000000Z", NULL)); /* the same again */
    assert_int_equal(tlsc_crl_num_added(s->builder), 1);
    freeze(s);
    assert_false(finds(s, "root", 1));
    assert_true(finds(s, "root", 2));
    assert_false(finds(s, "root", 3));
    assert_false(finds(s, "root", 4));
}

static void without_numbers_the_latest_counts(void **state)
{
    scene *s = (scene *)*state;
    assert_ok(add_numbered(s, 1, 0, "260102000000Z", NULL));
    assert_ok(add_numbered(s, 2, 0, "260103000000Z", NULL));
    assert_ok(add_numbered(s, 3, 9, "260101000000Z", NULL));
    freeze(s);
    assert_int_equal(tlsc_crl_store_len(s->store), 1);
    assert_true(finds(s, "root", 2));
}

static void scopes_stand_side_by_side(void **state)
{
    scene *s = (scene *)*state;
    tlsc_buf users = make_idp(BYTES(0x81, 0x01, 0xff));
    tlsc_buf cas = make_idp(BYTES(0x82, 0x01, 0xff));
    tlsc_buf name_a = make_point_name("http://a/");
    tlsc_buf name_b = make_point_name("http://b/");
    tlsc_buf a = make_idp(tlsc_buf_bytes(&name_a));
    tlsc_buf b = make_idp(tlsc_buf_bytes(&name_b));
    assert_ok(add_numbered(s, 1, 1, NULL, &users));
    assert_ok(add_numbered(s, 2, 2, NULL, &cas));
    assert_ok(add_numbered(s, 3, 3, NULL, &a));
    assert_ok(add_numbered(s, 4, 4, NULL, &b));
    assert_ok(add_numbered(s, 5, 5, NULL, NULL));
    assert_ok(add_numbered(s, 6, 9, NULL, &a)); /* takes the place of 3 */
    freeze(s);
    assert_int_equal(tlsc_crl_store_len(s->store), 5);
    for (uint8_t serial = 1; serial <= 6; serial++) {
        assert_int_equal(finds(s, "root", serial), serial != 3);
    }
    tlsc_buf_clear(&users);
    tlsc_buf_clear(&cas);
    tlsc_buf_clear(&name_a);
    tlsc_buf_clear(&name_b);
    tlsc_buf_clear(&a);
    tlsc_buf_clear(&b);
}

static void put_serial(uint8_t out[4], uint32_t i)
{
    out[0] = 0x01;
    out[1] = (uint8_t)(i >> 16);
    out[2] = (uint8_t)(i >> 8);
    out[3] = (uint8_t)i;
}

/* Consecutive numbers: what a hash without mixing would crowd. Each is there once, though each stands twice. */
static void many_are_found_and_no_others(void **state)
{
    enum { NUM = 20000 };
    scene *s = (scene *)*state;
    tlsc_buf list = tlsc_buf_of(8 << 20);
    uint8_t serial[4];
    for (uint32_t i = 0; i < 2 * NUM; i++) {
        put_serial(serial, i % NUM * 2);
        tlsc_buf entry = make_crl_entry(tlsc_bytes_of(serial, 4), (tlsc_bytes){ NULL, 0 });
        assert_ok(tlsc_buf_append(&list, tlsc_buf_bytes(&entry)));
        tlsc_buf_clear(&entry);
    }
    crl_spec spec = { .issuer = "root", .signer = 1, .entries = { tlsc_buf_bytes(&list) } };
    assert_ok(add(s, &spec));
    freeze(s);
    assert_int_equal(tlsc_crl_store_num_entries(s->store), 2 * NUM);
    size_t num;
    tlsc_crl_revoked found;
    tlsc_buf name = make_name("root");
    for (uint32_t i = 0; i < 2 * NUM; i++) {
        put_serial(serial, i);
        tlsc_crl_entry e = { .size = sizeof(e) };
        assert_int_equal(
            tlsc_crl_store_find(s->store, tlsc_buf_bytes(&name), tlsc_bytes_of(serial, 4), &e),
            i % 2 == 0);
    }
    const tlsc_crl_kept *kept = tlsc_crl_store_of(s->store, s->store->crls[0].issuer_hash, &num);
    assert_int_equal(num, 1);
    assert_true(kept->table.num_slots <= 3 * NUM + 1);
    assert_false(tlsc_crl_table_find(&(tlsc_crl_table){ 0 }, (tlsc_crl_key){ 0 }, &found));
    tlsc_buf_clear(&name);
    tlsc_buf_clear(&list);
}

static void dates_beyond_the_table_are_cut_off(void **state)
{
    scene *s = (scene *)*state;
    static const uint8_t early[] = { 0x30, 0x12, 0x02, 0x01, 0x01, 0x17, 0x0d, '6', '9', '0',
                                     '1',  '0',  '1',  '0',  '0',  '0',  '0',  '0', '0', 'Z' };
    static const uint8_t late[] = { 0x30, 0x14, 0x02, 0x01, 0x02, 0x18, 0x0f, '2', '2', '0', '0',
                                    '0',  '1',  '0',  '1',  '0',  '0',  '0',  '0', '0', '0', 'Z' };
    tlsc_crl_entry e = { .size = sizeof(e) };
    tlsc_buf name = make_name("root");
    crl_spec spec = { .issuer = "root",
                      .signer = 1,
                      .entries = { tlsc_bytes_of(early, sizeof(early)),
                                   tlsc_bytes_of(late, sizeof(late)) } };
    assert_ok(add(s, &spec));
    freeze(s);
    assert_true(tlsc_crl_store_find(s->store, tlsc_buf_bytes(&name), BYTES(1), &e));
    assert_int_equal(e.revoked_s, 0);
    assert_true(tlsc_crl_store_find(s->store, tlsc_buf_bytes(&name), BYTES(2), &e));
    assert_true(e.revoked_s == UINT32_MAX);
    tlsc_buf_clear(&name);
}

static void a_store_is_counted_and_may_be_empty(void **state)
{
    scene *s = (scene *)*state;
    freeze(s);
    assert_int_equal(tlsc_crl_store_len(s->store), 0);
    assert_false(finds(s, "root", 1));
    tlsc_crl_store_free(tlsc_crl_store_ref(s->store));
    tlsc_crl_store_free(NULL);
    tlsc_crl_builder_free(NULL);
    assert_int_equal(tlsc_crl_store_num_entries(s->store), 0);
}

static void short_memory_leaves_nothing_behind(void **state)
{
    scene *s = (scene *)*state;
    tlsc_mem_stats before;
    tlsc_mem_stats after;
    tlsc_buf entry = make_crl_entry(BYTES(0x05), (tlsc_bytes){ NULL, 0 });
    crl_spec spec = { .issuer = "root", .signer = 1, .entries = { tlsc_buf_bytes(&entry) } };
    tlsc_buf der = make_crl(&spec);
    tlsc_mem_get_stats(&before);
    tlsc_err rc = TLSC_E_NO_MEMORY;
    for (uint64_t n = 1; rc != TLSC_OK; n++) {
        const tlsc_crl_store *store = NULL;
        tlsc_mem_fail_at(n, false);
        tlsc_crl_builder *b = tlsc_crl_builder_new(s->trust, NULL, NULL);
        rc = b == NULL ? TLSC_E_NO_MEMORY : tlsc_crl_add_der(b, tlsc_buf_bytes(&der));
        if (rc == TLSC_OK) {
            rc = tlsc_crl_build(b, &store);
        }
        tlsc_mem_fail_at(0, false);
        assert_true(rc == TLSC_OK || rc == TLSC_E_NO_MEMORY);
        tlsc_crl_store_free(store);
        tlsc_crl_builder_free(b);
        tlsc_mem_get_stats(&after);
        assert_int_equal(after.live, before.live);
    }
    tlsc_buf_clear(&der);
    tlsc_buf_clear(&entry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_listed_is_found_with_date_and_reason,
                                        open_scene, close_scene),
        cmocka_unit_test_setup_teardown(only_its_issuer_signs_a_crl, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(intermediates_are_issuers_once_they_are_known,
                                        open_scene, close_scene),
        cmocka_unit_test_setup_teardown(of_one_scope_the_highest_number_counts,
                                        open_scene, close_scene),
        cmocka_unit_test_setup_teardown(without_numbers_the_latest_counts, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(scopes_stand_side_by_side, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(many_are_found_and_no_others, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(dates_beyond_the_table_are_cut_off,
                                        open_scene, close_scene),
        cmocka_unit_test_setup_teardown(a_store_is_counted_and_may_be_empty,
                                        open_scene, close_scene),
        cmocka_unit_test_setup_teardown(short_memory_leaves_nothing_behind,
                                        open_scene, close_scene),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
