/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/peer_session_test.c: what sessions keep of a client and its certificate, and whether they
 * resume, in both versions, with BoringSSL's libssl as the client. */
#include "unit.h"

#include <string.h>

#include "asking.h"

/* ---- sessions ---- */

static void a_resumed_session_knows_its_client(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        for (int keeps = 0; keeps < 2; keeps++) {
            judge j = { .says = TLSC_VERDICT_ACCEPT_WITH_ERROR, .error = TLSC_E_BAD_CERTIFICATE,
                        .index = 0 };
            rules policy = { .mode = TLSC_CLIENT_AUTH_REQUIRED, .judge = &j,
                              .keeps_chain = keeps != 0 };
            tls_client_options options = { .cert = "p256", .max_tls12 = tls12 != 0,
                                           .chain = { "intermediate" } };
            tls_site site;
            asking_with_tickets(&site, &policy, NULL);
            tls_client_session *session = asking_session(&site, &options);
            boring_pair p;
            asking_resume(&p, &site, session, &options);
            boring_works(&p);
            assert_true(boring_info(&p).resumed);
            assert_int_equal(j.asked, 1); /* not again */
            assert_true(boring_info(&p).peer_authenticated);
            assert_err(boring_info(&p).verify_error, TLSC_E_BAD_CERTIFICATE);
            assert_int_equal(boring_info(&p).peer_scheme, 0);
            assert_null(boring_info(&p).verified_chain);
            tlsc_bytes leaf = tlsc_conn_peer_certificate(p.conn, 0);
            if (keeps) {
                assert_bytes_equal(leaf, tlsc_bytes_of(j.first, j.first_n));
                assert_true(tlsc_conn_peer_certificate(p.conn, 1).n > 0);
            } else {
                assert_int_equal(leaf.n, 0);
            }
            /* and a session of the resumed connection knows it still */
            tls_client_session *second = tls_client_session_get(p.client);
            boring_close(&p);
            if (second != NULL) {
                asking_resume(&p, &site, second, &options);
                boring_works(&p);
                assert_true(boring_info(&p).resumed);
                assert_true(boring_info(&p).peer_authenticated);
                boring_close(&p);
            }
            tls_client_session_free(second);
            tls_client_session_free(session);
            tls_site_close(&site);
        }
    }
}

/* The same identity on purpose: it isn't the identity alone that keeps them apart. */
static void a_session_without_a_certificate_resumes_where_none_is_required(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
        rules optional = { .mode = TLSC_CLIENT_AUTH_OPTIONAL, .judge = &j };
        rules required = { .mode = TLSC_CLIENT_AUTH_REQUIRED, .judge = &j };
        rules none = { .mode = TLSC_CLIENT_AUTH_NONE };
        tls_client_options anonymous = { .max_tls12 = tls12 != 0 };
        tls_client_options known = { .cert = "p256", .max_tls12 = tls12 != 0 };
        tls_site first;
        tls_site second;
        tls_site third;
        asking_with_tickets(&first, &optional, NULL);
        asking_with_tickets(&second, &required, &first);
        asking_with_tickets(&third, &none, &first);
        boring_pair p;
        tls_client_session *session = asking_session(&first, &anonymous);
        asking_resume(&p, &first, session, &anonymous);
        boring_works(&p);
        assert_true(boring_info(&p).resumed);
        boring_close(&p);
        /* required: a full handshake, which asks */
        asking_resume(&p, &second, session, &known);
        boring_works(&p);
        assert_false(boring_info(&p).resumed);
        assert_true(boring_info(&p).peer_authenticated);
        boring_close(&p);
        asking_resume(&p, &second, session, &anonymous);
        asking_refuses(&p, tls12 ? TLSC_E_CERTIFICATE_REQUIRED12 : TLSC_E_CERTIFICATE_REQUIRED,
                     tls12 ? TLSC_ALERT_handshake_failure : TLSC_ALERT_certificate_required);
        boring_close(&p);
        tls_client_session_free(session);
        /* one with a certificate doesn't where nobody asks */
        session = asking_session(&second, &known);
        asking_resume(&p, &third, session, &known);
        boring_works(&p);
        assert_false(boring_info(&p).resumed);
        assert_false(boring_info(&p).peer_authenticated);
        boring_close(&p);
        tls_client_session_free(session);
        tls_site_close(&first);
        tls_site_close(&second);
        tls_site_close(&third);
    }
}

static void the_verifier_is_asked_again_if_that_is_wanted(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        judge j = { .says = TLSC_VERDICT_ACCEPT_WITH_ERROR, .error = TLSC_E_BAD_CERTIFICATE,
                    .index = -1 };
        rules policy = { .mode = TLSC_CLIENT_AUTH_REQUIRED, .judge = &j, .verifies_again = true };
        tls_client_options options = { .cert = "p256", .max_tls12 = tls12 != 0,
                                       .chain = { "intermediate" } };
        tls_site site;
        asking_with_tickets(&site, &policy, NULL);
        tls_client_session *session = asking_session(&site, &options);
        boring_pair p;
        j.says = TLSC_VERDICT_ACCEPT;
        j.gives_chain = true;
        asking_resume(&p, &site, session, &options);
        boring_works(&p);
        assert_true(boring_info(&p).resumed);
        assert_int_equal(j.asked, 2);
        assert_int_equal(j.num, 2);
        judge_saw(&j, "p256.crt.pem");
        assert_true(j.last.resumed);
        assert_err(j.last.kept_error, TLSC_E_BAD_CERTIFICATE);
        assert_err(boring_info(&p).verify_error, TLSC_OK);
        assert_int_equal(tlsc_chain_len(boring_info(&p).verified_chain), 1);
        boring_close(&p);
        /* revoked meanwhile */
        j.says = TLSC_VERDICT_REJECT;
        j.error = TLSC_OK;
        j.alert = TLSC_ALERT_certificate_revoked;
        asking_resume(&p, &site, session, &options);
        asking_refuses(&p, TLSC_E_CERTIFICATE_REJECTED, TLSC_ALERT_certificate_revoked);
        boring_close(&p);
        /* after a pause */
        j.says = TLSC_VERDICT_LATER;
        asking_resume(&p, &site, session, &options);
        (void)boring_handshake(&p);
        assert_ok(p.error);
        assert_int_equal(tlsc_conn_wait(p.conn), TLSC_WAIT_VERIFY);
        assert_ok(asking_answer(&p, TLSC_VERDICT_ACCEPT, TLSC_OK, TLSC_ALERT_NONE));
        boring_works(&p);
        assert_true(boring_info(&p).resumed);
        boring_close(&p);
        tls_client_session_free(session);
        tls_site_close(&site);
    }
}

/* A chain over 8 KiB leaves its leaf alone. */
static void a_long_chain_leaves_its_leaf_in_the_session(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
        rules policy = { .mode = TLSC_CLIENT_AUTH_REQUIRED, .judge = &j, .verifies_again = true };
        tls_client_options options = {
            .cert = "p256", .max_tls12 = tls12 != 0,
            .chain = { "rsa4096", "rsa4096", "rsa4096", "rsa4096", "rsa4096", "rsa4096", "rsa4096",
                       "rsa4096" }
        };
        tls_site site;
        asking_with_tickets(&site, &policy, NULL);
        tls_client_session *session = asking_session(&site, &options);
        assert_int_equal(j.num, 9);
        assert_true(j.bytes > 8192);
        boring_pair p;
        asking_resume(&p, &site, session, &options);
        boring_works(&p);
        assert_true(boring_info(&p).resumed);
        assert_int_equal(j.num, 1);
        judge_saw(&j, "p256.crt.pem");
        boring_close(&p);
        tls_client_session_free(session);
        tls_site_close(&site);
    }
}

static void a_raw_key_is_in_the_session_too(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
        rules policy = { .mode = TLSC_CLIENT_AUTH_REQUIRED, .judge = &j, .verifies_again = true,
                          .types = { TLSC_CERT_RAW_PUBLIC_KEY }, .num_types = 1 };
        tls_client_options options = { .cert = "p256", .raw_key = true, .max_tls12 = tls12 != 0 };
        tls_site site;
        tls_site other;
        asking_with_tickets(&site, &policy, NULL);
        tls_client_session *session = asking_session(&site, &options);
        boring_pair p;
        asking_resume(&p, &site, session, &options);
        boring_works(&p);
        assert_true(boring_info(&p).resumed);
        assert_int_equal(boring_info(&p).peer_certificate_type, TLSC_CERT_RAW_PUBLIC_KEY);
        assert_int_equal(j.asked, 2);
        assert_int_equal(j.num, 0);
        assert_true(j.first_n > 0);
        boring_close(&p);
        /* where raw keys aren't accepted, nor is a session of one */
        struct rules x509 = policy;
        x509.types[0] = TLSC_CERT_X509;
        asking_with_tickets(&other, &x509, &site);
        options.raw_key = false;
        asking_resume(&p, &other, session, &options);
        boring_works(&p);
        assert_false(boring_info(&p).resumed);
        boring_close(&p);
        tls_client_session_free(session);
        tls_site_close(&site);
        tls_site_close(&other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_resumed_session_knows_its_client),
        cmocka_unit_test(a_session_without_a_certificate_resumes_where_none_is_required),
        cmocka_unit_test(the_verifier_is_asked_again_if_that_is_wanted),
        cmocka_unit_test(a_long_chain_leaves_its_leaf_in_the_session),
        cmocka_unit_test(a_raw_key_is_in_the_session_too),
    };
    return cmocka_run_group_tests_name("peer_session", tests, NULL, NULL);
}
