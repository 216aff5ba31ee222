/* SPDX-License-Identifier: Apache-2.0 */
/* x509/revocation_test.c: paths against CRLs: revocation.c, crl_scope.c. */
#include "x509/revocation.h"

#include "crl_maker.h"
#include "unit.h"

enum { SENT_MAX = 8 };

/* Trusted is "root" with key 1; "inter" has key 2, serial number 20; the leaf key 3, serial number 30. */
typedef struct scene {
    const tlsc_trust_store *trust;
    tlsc_crl_builder *builder;
    const tlsc_crl_store *crls;
    struct tlsc_revocation how;
    tlsc_verify_options options;
    tlsc_verify_result result;
    tlsc_buf made[SENT_MAX];
    tlsc_bytes sent[SENT_MAX];
    size_t num;
} scene;

static const cert_spec root = { .subject = "root", .issuer = "root", .key = 1, .signer = 1,
                                .ca = true, .path_len = -1, .signs_crls = true };
static const cert_spec inter = { .subject = "inter", .issuer = "root", .key = 2, .signer = 1,
                                 .ca = true, .path_len = -1, .signs_crls = true, .serial = 20 };

static int open_scene(void **state)
{
    scene *s = (scene *)tlsc_mem_zalloc(sizeof(*s));
    tlsc_trust_builder *b = tlsc_trust_builder_new(stub_provider(), NULL, NULL);
    tlsc_buf der = make_cert(&root);
    assert_ok(tlsc_trust_add_der(b, tlsc_buf_bytes(&der)));
    assert_ok(tlsc_trust_build(b, &s->trust));
    tlsc_trust_builder_free(b);
    tlsc_buf_clear(&der);
    s->builder = tlsc_crl_builder_new(s->trust, NULL, NULL);
    der = make_cert(&inter);
    assert_ok(tlsc_crl_add_issuer(s->builder, tlsc_buf_bytes(&der)));
    tlsc_buf_clear(&der);
    s->how.size = sizeof(s->how);
    s->options = (tlsc_verify_options){ .size = sizeof(s->options),
                                        .now_s = MAKER_NOW_S,
                                        .revocation = &s->how };
    s->result.size = sizeof(s->result);
    *state = s;
    return 0;
}

static int close_scene(void **state)
{
    scene *s = (scene *)*state;
    for (size_t i = 0; i < s->num; i++) {
        tlsc_buf_clear(&s->made[i]);
    }
    tlsc_crl_store_free(s->crls);
    tlsc_crl_builder_free(s->builder);
    tlsc_trust_store_free(s->trust);
    tlsc_mem_free(s);
    return 0;
}

static void send(scene *s, const cert_spec *spec)
{
    assert_true(s->num < SENT_MAX);
    s->made[s->num] = make_cert(spec);
    s->sent[s->num] = tlsc_buf_bytes(&s->made[s->num]);
    s->num++;
}

/* The leaf, with an extension if it isn't empty, and what signed it. */
static void send_chain(scene *s, tlsc_bytes extension)
{
    cert_spec leaf = { .subject = "leaf", .issuer = "inter", .key = 3, .signer = 2, .dns = "a.test",
                       .serial = 30, .extensions = { extension } };
    send(s, &leaf);
    send(s, &inter);
}

static const tlsc_bytes nothing = { NULL, 0 };

/* A CRL that lists `serial` (0: none), with an extension and a nextUpdate, which may be NULL. */
static void add(scene *s, const char *issuer, uint8_t serial, const tlsc_buf *extension,
                const char *next_update)
{
    tlsc_buf entry = make_crl_entry(BYTES(serial), nothing);
    crl_spec spec = { .issuer = issuer,
                      .signer = strcmp(issuer, "root") == 0 ? 1 : 2,
                      .next_update = next_update };
    if (serial != 0) {
        spec.entries[0] = tlsc_buf_bytes(&entry);
    }
    if (extension != NULL) {
        spec.extensions[0] = tlsc_buf_bytes(extension);
    }
    tlsc_buf der = make_crl(&spec);
    assert_ok(tlsc_crl_add_der(s->builder, tlsc_buf_bytes(&der)));
    tlsc_buf_clear(&der);
    tlsc_buf_clear(&entry);
}

static void freeze(scene *s)
{
    assert_ok(tlsc_crl_build(s->builder, &s->crls));
    s->how.crls = s->crls;
}

static tlsc_err judge(scene *s)
{
    tlsc_verify_request request = { .size = sizeof(request),
                                    .certificates = s->sent,
                                    .num_certificates = s->num };
    return tlsc_verify_chain(s->trust, &s->options, &request, &s->result);
}

static void check(scene *s, tlsc_err expected, int index)
{
    assert_err(judge(s), expected);
    assert_int_equal(s->result.index, index);
}

static void without_crls_nothing_is_asked(void **state)
{
    scene *s = (scene *)*state;
    send_chain(s, nothing);
    check(s, TLSC_OK, -1);
    s->options.revocation = NULL;
    check(s, TLSC_OK, -1);
    s->how.size = 1;
    s->options.revocation = &s->how;
    assert_err(judge(s), TLSC_E_USAGE);
}

static void who_is_listed_is_revoked(void **state)
{
    scene *s = (scene *)*state;
    send_chain(s, nothing);
    add(s, "root", 99, NULL, NULL);
    add(s, "inter", 30, NULL, NULL);
    freeze(s);
    check(s, TLSC_E_CERTIFICATE_REVOKED, 0);
    assert_int_equal(s->result.num_path, 3);
    s->how.crl_leaf_only = true;
    check(s, TLSC_E_CERTIFICATE_REVOKED, 0);
}

static void an_intermediate_is_asked_for_too(void **state)
{
    scene *s = (scene *)*state;
    send_chain(s, nothing);
    add(s, "root", 20, NULL, NULL);
    add(s, "inter", 20, NULL, NULL); /* another one's number */
    freeze(s);
    check(s, TLSC_E_CERTIFICATE_REVOKED, 1);
    s->how.crl_leaf_only = true;
    check(s, TLSC_OK, -1);
}

static void who_isnt_listed_is_fine(void **state)
{
    scene *s = (scene *)*state;
    send_chain(s, nothing);
    add(s, "root", 0, NULL, NULL);
    add(s, "inter", 31, NULL, NULL);
    freeze(s);
    check(s, TLSC_OK, -1);
}

static void what_no_crl_covers_is_unknown(void **state)
{
    scene *s = (scene *)*state;
    send_chain(s, nothing);
    add(s, "root", 0, NULL, NULL);
    freeze(s);
    check(s, TLSC_E_REVOCATION_UNKNOWN, 0);
    s->how.crl_allow_unknown = true;
    check(s, TLSC_OK, -1);
}

static void an_empty_store_knows_nothing(void **state)
{
    scene *s = (scene *)*state;
    send_chain(s, nothing);
    freeze(s);
    check(s, TLSC_E_REVOCATION_UNKNOWN, 1);
}

static void an_old_crl_is_no_answer_unless_it_lists(void **state)
{
    scene *s = (scene *)*state;
    send_chain(s, nothing);
    add(s, "root", 0, NULL, "");
    add(s, "inter", 31, NULL, "260101000000Z");
    freeze(s);
    check(s, TLSC_OK, -1); /* in its last second */
    s->options.now_s++;
    check(s, TLSC_E_CRL_EXPIRED, 0);
    s->how.crl_allow_unknown = true;
    check(s, TLSC_E_CRL_EXPIRED, 0);
    s->how.crl_allow_expired = true;
    check(s, TLSC_OK, -1);
}

static void an_old_crl_still_revokes(void **state)
{
    scene *s = (scene *)*state;
    send_chain(s, nothing);
    add(s, "root", 0, NULL, NULL);
    add(s, "inter", 30, NULL, "250101000000Z");
    freeze(s);
    check(s, TLSC_E_CERTIFICATE_REVOKED, 0);
}

static void an_old_one_of_another_scope_does_no_harm(void **state)
{
    scene *s = (scene *)*state;
    tlsc_buf users = make_idp(BYTES(0x81, 0x01, 0xff));
    send_chain(s, nothing);
    add(s, "root", 0, NULL, NULL);
    add(s, "inter", 0, &users, "250101000000Z");
    add(s, "inter", 0, NULL, NULL);
    freeze(s);
    check(s, TLSC_OK, -1);
    tlsc_buf_clear(&users);
}

static void crls_for_users_and_for_cas(void **state)
{
    scene *s = (scene *)*state;
    tlsc_buf users = make_idp(BYTES(0x81, 0x01, 0xff));
    tlsc_buf cas = make_idp(BYTES(0x82, 0x01, 0xff));
    send_chain(s, nothing);
    add(s, "root", 0, &cas, NULL);
    add(s, "root", 20, &users, NULL); /* not about CAs */
    add(s, "inter", 0, &users, NULL);
    add(s, "inter", 30, &cas, NULL);
    freeze(s);
    check(s, TLSC_OK, -1);
    tlsc_buf_clear(&users);
    tlsc_buf_clear(&cas);
}

static void crls_of_the_wrong_kind_leave_it_unknown(void **state)
{
    scene *s = (scene *)*state;
    tlsc_buf users = make_idp(BYTES(0x81, 0x01, 0xff));
    tlsc_buf cas = make_idp(BYTES(0x82, 0x01, 0xff));
    send_chain(s, nothing);
    add(s, "root", 0, &users, NULL);
    add(s, "inter", 0, &cas, NULL);
    freeze(s);
    check(s, TLSC_E_REVOCATION_UNKNOWN, 1);
    s->how.crl_leaf_only = true;
    check(s, TLSC_E_REVOCATION_UNKNOWN, 0);
    tlsc_buf_clear(&users);
    tlsc_buf_clear(&cas);
}

/* A chain whose leaf has this cRLDistributionPoints, with a CRL for http://b/ that lists `serial`. */
static void points_scene(scene *s, tlsc_bytes extension, uint8_t serial)
{
    tlsc_buf name = make_point_name("http://b/");
    tlsc_buf idp = make_idp(tlsc_buf_bytes(&name));
    send_chain(s, extension);
    add(s, "inter", serial, &idp, NULL);
    freeze(s);
    s->how.crl_leaf_only = true;
    tlsc_buf_clear(&name);
    tlsc_buf_clear(&idp);
}

/* RUSTSEC-2026-0049: of several distribution points only the first one counted. */
static void every_distribution_point_counts(void **state)
{
    static const char *const uris[] = { "http://a/", "http://c/", "http://b/", NULL };
    scene *s = (scene *)*state;
    tlsc_buf points = make_crl_points(uris);
    points_scene(s, tlsc_buf_bytes(&points), 30);
    check(s, TLSC_E_CERTIFICATE_REVOKED, 0);
    tlsc_buf_clear(&points);
}

static void a_crl_for_another_point_is_no_answer(void **state)
{
    static const char *const uris[] = { "http://a/", "http://B/", "http://b/x", NULL };
    scene *s = (scene *)*state;
    tlsc_buf points = make_crl_points(uris);
    points_scene(s, tlsc_buf_bytes(&points), 30);
    check(s, TLSC_E_REVOCATION_UNKNOWN, 0);
    tlsc_buf_clear(&points);
}

static void without_points_only_its_issuers_name_fits(void **state)
{
    scene *s = (scene *)*state;
    points_scene(s, nothing, 30);
    check(s, TLSC_E_REVOCATION_UNKNOWN, 0);
}

/* An extension 2.5.29.31 with one point, from what stands in the point. */
static tlsc_buf one_point(tlsc_bytes contents)
{
    const tlsc_bytes point_parts[] = { contents, { NULL, 0 } };
    tlsc_buf point = make_der(0x30, point_parts);
    const tlsc_bytes list_parts[] = { tlsc_buf_bytes(&point), { NULL, 0 } };
    tlsc_buf list = make_der(0x30, list_parts);
    tlsc_buf out = make_extension(0x1f, false, tlsc_buf_bytes(&list));
    tlsc_buf_clear(&point);
    tlsc_buf_clear(&list);
    return out;
}

/* A CRL for the point that has its issuer's name, about a leaf with this extension. */
static void issuers_point_scene(scene *s, tlsc_bytes extension, uint8_t serial)
{
    tlsc_buf name = make_name("INTER");
    const tlsc_bytes parts[] = { tlsc_buf_bytes(&name), { NULL, 0 } };
    tlsc_buf directory = make_der(0xa4, parts);
    const tlsc_bytes full_parts[] = { tlsc_buf_bytes(&directory), { NULL, 0 } };
    tlsc_buf full = make_der(0xa0, full_parts);
    const tlsc_bytes point_parts[] = { tlsc_buf_bytes(&full), { NULL, 0 } };
    tlsc_buf point = make_der(0xa0, point_parts);
    tlsc_buf idp = make_idp(tlsc_buf_bytes(&point));
    send_chain(s, extension);
    add(s, "inter", serial, &idp, NULL);
    freeze(s);
    s->how.crl_leaf_only = true;
    tlsc_buf_clear(&name);
    tlsc_buf_clear(&directory);
    tlsc_buf_clear(&full);
    tlsc_buf_clear(&point);
    tlsc_buf_clear(&idp);
}

static void the_issuers_name_is_a_point(void **state)
{
    scene *s = (scene *)*state;
    issuers_point_scene(s, nothing, 30);
    check(s, TLSC_E_CERTIFICATE_REVOKED, 0);
}

static void and_an_answer_where_the_certificate_names_none(void **state)
{
    scene *s = (scene *)*state;
    issuers_point_scene(s, nothing, 31);
    check(s, TLSC_OK, -1);
}

/* RFC 5280 6.3.3 has such a CRL for a last resort: it revokes, but the one that is named is missing. */
static void where_it_names_another_it_revokes_but_is_no_answer(void **state)
{
    static const char *const uris[] = { "http://a/", NULL };
    scene *s = (scene *)*state;
    tlsc_buf points = make_crl_points(uris);
    issuers_point_scene(s, tlsc_buf_bytes(&points), 30);
    check(s, TLSC_E_CERTIFICATE_REVOKED, 0);
    tlsc_buf_clear(&points);
}

static void who_isnt_in_it_is_unknown_then(void **state)
{
    static const char *const uris[] = { "http://a/", NULL };
    scene *s = (scene *)*state;
    tlsc_buf points = make_crl_points(uris);
    issuers_point_scene(s, tlsc_buf_bytes(&points), 31);
    check(s, TLSC_E_REVOCATION_UNKNOWN, 0);
    tlsc_buf_clear(&points);
}

static void a_crl_of_tomorrow_is_no_answer(void **state)
{
    scene *s = (scene *)*state;
    send_chain(s, nothing);
    add(s, "root", 0, NULL, NULL);
    add(s, "inter", 20, NULL, NULL);
    freeze(s);
    s->how.crl_leaf_only = true;
    s->options.now_s = MAKER_NOW_S - 300; /* clocks differ */
    check(s, TLSC_OK, -1);
    s->options.now_s--;
    check(s, TLSC_E_REVOCATION_UNKNOWN, 0);
}

/* With reasons, or with a cRLIssuer, the point's CRLs are such as aren't served. */
static void points_for_some_reasons_or_of_others_are_passed_over(void **state)
{
    scene *s = (scene *)*state;
    tlsc_buf contents = make_point_name("http://b/");
    assert_ok(tlsc_buf_append(&contents, BYTES(0x81, 0x02, 0x06, 0x40)));
    tlsc_buf extension = one_point(tlsc_buf_bytes(&contents));
    points_scene(s, tlsc_buf_bytes(&extension), 30);
    check(s, TLSC_E_REVOCATION_UNKNOWN, 0);
    tlsc_buf_clear(&contents);
    tlsc_buf_clear(&extension);
}

static void relative_points_are_passed_over(void **state)
{
    scene *s = (scene *)*state;
    tlsc_buf extension = one_point(BYTES(0xa0, 0x02, 0xa1, 0x00, 0xa2, 0x04, 0x86, 0x02, 'b', '/'));
    points_scene(s, tlsc_buf_bytes(&extension), 30);
    check(s, TLSC_E_REVOCATION_UNKNOWN, 0);
    tlsc_buf_clear(&extension);
}

static void malformed_points_are_told_of(void **state)
{
    scene *s = (scene *)*state;
    tlsc_buf extension = one_point(BYTES(0xa0, 0x02, 0x86, 0x00));
    points_scene(s, tlsc_buf_bytes(&extension), 30);
    check(s, TLSC_E_BAD_EXTENSION, 0);
    tlsc_buf_clear(&extension);
}

static void another_key_of_that_name_says_nothing(void **state)
{
    scene *s = (scene *)*state;
    cert_spec other = inter;
    other.key = 5;
    tlsc_buf der = make_cert(&other);
    assert_ok(tlsc_crl_add_issuer(s->builder, tlsc_buf_bytes(&der)));
    crl_spec spec = { .issuer = "inter", .signer = 5 };
    tlsc_buf crl = make_crl(&spec);
    assert_ok(tlsc_crl_add_der(s->builder, tlsc_buf_bytes(&crl)));
    send_chain(s, nothing);
    freeze(s);
    s->how.crl_leaf_only = true;
    check(s, TLSC_E_REVOCATION_UNKNOWN, 0);
    tlsc_buf_clear(&der);
    tlsc_buf_clear(&crl);
}

/* Two certificates of one CA: the revoked one isn't the only way. */
static void another_path_may_be_found(void **state)
{
    scene *s = (scene *)*state;
    cert_spec renewed = inter;
    renewed.serial = 21;
    send_chain(s, nothing);
    add(s, "root", 20, NULL, NULL);
    add(s, "inter", 0, NULL, NULL);
    freeze(s);
    check(s, TLSC_E_CERTIFICATE_REVOKED, 1);
    send(s, &renewed);
    check(s, TLSC_OK, -1);
    assert_bytes_equal(s->result.path[1], s->sent[2]);
}

static void many_points_are_work(void **state)
{
    enum { POINTS = 500 };
    static const char *uris[POINTS + 1];
    scene *s = (scene *)*state;
    for (size_t i = 0; i < POINTS; i++) {
        uris[i] = "http://a/";
    }
    tlsc_buf points = make_crl_points(uris);
    points_scene(s, tlsc_buf_bytes(&points), 30);
    check(s, TLSC_E_REVOCATION_UNKNOWN, 0);
    assert_true(s->result.spent.comparisons >= POINTS);
    s->options.budget.comparisons = POINTS;
    check(s, TLSC_E_VERIFY_BUDGET, 0);
    tlsc_buf_clear(&points);
}

static void a_verifier_keeps_its_crls(void **state)
{
    scene *s = (scene *)*state;
    const tlsc_trust *trust;
    tlsc_verdict verdict = { .size = sizeof(verdict) };
    send_chain(s, nothing);
    add(s, "inter", 30, NULL, NULL);
    freeze(s);
    s->how.crl_leaf_only = true;
    s->options.any_name = true;
    assert_ok(tlsc_trust_new(s->trust, &s->options, &trust));
    tlsc_crl_store_free(s->crls);
    s->crls = NULL;
    s->how = (struct tlsc_revocation){ 0 };
    tlsc_verifier v = tlsc_trust_verifier(trust);
    tlsc_verify_request request = { .size = sizeof(request),
                                    .certificates = s->sent,
                                    .num_certificates = s->num };
    assert_ok(v.verify(v.ctx, &request, &verdict));
    assert_int_equal(verdict.kind, TLSC_VERDICT_REJECT);
    assert_err(verdict.error, TLSC_E_CERTIFICATE_REVOKED);
    tlsc_trust_free(trust);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(without_crls_nothing_is_asked, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(who_is_listed_is_revoked, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(an_intermediate_is_asked_for_too, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(who_isnt_listed_is_fine, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(what_no_crl_covers_is_unknown, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(an_empty_store_knows_nothing, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(an_old_crl_is_no_answer_unless_it_lists,
                                        open_scene, close_scene),
        cmocka_unit_test_setup_teardown(an_old_crl_still_revokes, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(an_old_one_of_another_scope_does_no_harm,
                                        open_scene, close_scene),
        cmocka_unit_test_setup_teardown(crls_for_users_and_for_cas, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(crls_of_the_wrong_kind_leave_it_unknown,
                                        open_scene, close_scene),
        cmocka_unit_test_setup_teardown(every_distribution_point_counts, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(a_crl_for_another_point_is_no_answer,
                                        open_scene, close_scene),
        cmocka_unit_test_setup_teardown(without_points_only_its_issuers_name_fits,
                                        open_scene, close_scene),
        cmocka_unit_test_setup_teardown(the_issuers_name_is_a_point, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(and_an_answer_where_the_certificate_names_none,
                                        open_scene, close_scene),
        cmocka_unit_test_setup_teardown(where_it_names_another_it_revokes_but_is_no_answer,
                                        open_scene, close_scene),
        cmocka_unit_test_setup_teardown(who_isnt_in_it_is_unknown_then, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(a_crl_of_tomorrow_is_no_answer, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(points_for_some_reasons_or_of_others_are_passed_over,
                                        open_scene, close_scene),
        cmocka_unit_test_setup_teardown(relative_points_are_passed_over, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(malformed_points_are_told_of, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(another_key_of_that_name_says_nothing,
                                        open_scene, close_scene),
        cmocka_unit_test_setup_teardown(another_path_may_be_found, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(many_points_are_work, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(a_verifier_keeps_its_crls, open_scene, close_scene),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
