/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/peer_test.c: the peer's signature, the verdict on its certificate, and its pause, in both versions,
 * with BoringSSL's libssl as the client. */
#include "unit.h"

#include <string.h>

#include "asking.h"

/* ---- signatures ---- */

/* Who doesn't hold the key gets no verdict: the verifier isn't asked. */
static void signatures_are_checked_before_the_verifier_is_asked(void **state)
{
    (void)state;
    static const tls_client_options bad[] = {
        { .cert = "p256", .sign_with = "p256new" },
        { .cert = "p256", .spoil_signature = true },
        { .cert = "rsa2048", .spoil_signature = true },
        { .cert = "ed25519", .spoil_signature = true },
    };
    BOTH_VERSIONS(tls12)
    {
        for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
            judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1 };
            rules policy = { .mode = TLSC_CLIENT_AUTH_OPTIONAL, .judge = &j };
            tls_site site;
            asking_open(&site, &policy);
            tls_client_options options = bad[i];
            options.max_tls12 = tls12 != 0;
            boring_pair p;
            boring_open(&p, &site, &options);
            asking_refuses(&p, TLSC_E_BAD_SIGNATURE, TLSC_ALERT_decrypt_error);
            assert_int_equal(j.asked, 0);
            assert_false(boring_info(&p).peer_authenticated);
            boring_close(&p);
            tls_site_close(&site);
        }
    }
}

/* ---- verdicts ---- */

static void a_rejection_chooses_error_alert_and_certificate(void **state)
{
    (void)state;
    static const struct {
        judge judge;
        tlsc_err error;
        tlsc_alert alert;
        int index;
    } cases[] = {
        { { .says = TLSC_VERDICT_REJECT }, TLSC_E_CERTIFICATE_REJECTED, TLSC_ALERT_bad_certificate, 0 },
        { { .says = TLSC_VERDICT_REJECT, .index = 1, .alert = TLSC_ALERT_unknown_ca },
          TLSC_E_CERTIFICATE_REJECTED, TLSC_ALERT_unknown_ca, 1 },
        { { .says = TLSC_VERDICT_REJECT, .index = 2, .alert = TLSC_ALERT_NONE,
            .error = TLSC_E_UNSUPPORTED_KEY },
          TLSC_E_UNSUPPORTED_KEY, TLSC_ALERT_unsupported_certificate, -1 },
        /* an error without an alert of its own gets one, for the peer must know */
        { { .says = TLSC_VERDICT_REJECT, .index = -7, .error = TLSC_E_NO_TICKET_KEY },
          TLSC_E_NO_TICKET_KEY, TLSC_ALERT_bad_certificate, -1 },
        /* what no one has heard of isn't accepted */
        { { .says = (tlsc_verdict_kind)9, .index = -1, .gives_chain = true },
          TLSC_E_CERTIFICATE_REJECTED, TLSC_ALERT_bad_certificate, -1 },
        { { .says = TLSC_VERDICT_ACCEPT, .fails = TLSC_E_NO_MEMORY, .index = -1, .gives_chain = true },
          TLSC_E_NO_MEMORY, TLSC_ALERT_internal_error, -1 },
    };
    BOTH_VERSIONS(tls12)
    {
        for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
            judge j = cases[i].judge;
            rules policy = { .mode = TLSC_CLIENT_AUTH_REQUIRED, .judge = &j, .keeps_chain = true };
            tls_site site;
            asking_open(&site, &policy);
            boring_pair p;
            boring_open(&p, &site,
                      &(tls_client_options){ .cert = "p256", .chain = { "intermediate" },
                                             .max_tls12 = tls12 != 0 });
            asking_refuses(&p, cases[i].error, cases[i].alert);
            assert_int_equal(boring_info(&p).verify_index, cases[i].index);
            assert_false(boring_info(&p).peer_authenticated);
            assert_null(boring_info(&p).verified_chain);
            bool judged = cases[i].judge.fails == TLSC_OK; /* what was refused is there to see */
            assert_int_equal(tlsc_conn_peer_certificate(p.conn, 0).n > 0, judged);
            assert_int_equal(tlsc_conn_peer_certificate(p.conn, 1).n > 0, judged);
            assert_int_equal(tlsc_conn_peer_certificate(p.conn, 2).n, 0);
            boring_close(&p);
            tls_site_close(&site);
        }
    }
}

static void an_error_may_be_accepted_and_is_kept(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        judge j = { .says = TLSC_VERDICT_ACCEPT_WITH_ERROR, .error = TLSC_E_BAD_CERTIFICATE,
                    .alert = TLSC_ALERT_unknown_ca, .index = 0 };
        rules policy = { .mode = TLSC_CLIENT_AUTH_REQUIRED, .judge = &j };
        tls_site site;
        asking_open(&site, &policy);
        boring_pair p;
        boring_open(&p, &site, &(tls_client_options){ .cert = "p256", .max_tls12 = tls12 != 0 });
        boring_works(&p);
        assert_true(boring_info(&p).peer_authenticated);
        assert_err(boring_info(&p).verify_error, TLSC_E_BAD_CERTIFICATE);
        assert_int_equal(boring_info(&p).verify_index, 0);
        boring_close(&p);
        tls_site_close(&site);
    }
}

static void pinned_keys_stand_in_for_a_verifier(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        rules policy = { .mode = TLSC_CLIENT_AUTH_REQUIRED, .pin = "p256" };
        tls_site site;
        asking_open(&site, &policy);
        boring_pair p;
        boring_open(&p, &site, &(tls_client_options){ .cert = "p256", .max_tls12 = tls12 != 0 });
        boring_works(&p);
        assert_true(boring_info(&p).peer_authenticated);
        boring_close(&p);
        boring_open(&p, &site, &(tls_client_options){ .cert = "p384", .max_tls12 = tls12 != 0 });
        asking_refuses(&p, TLSC_E_CERTIFICATE_REJECTED, TLSC_ALERT_bad_certificate);
        boring_close(&p);
        /* the right certificate without its key is no good */
        boring_open(&p, &site,
                  &(tls_client_options){ .cert = "p256", .sign_with = "p256new",
                                         .max_tls12 = tls12 != 0 });
        asking_refuses(&p, TLSC_E_BAD_SIGNATURE, TLSC_ALERT_decrypt_error);
        boring_close(&p);
        tls_site_close(&site);
    }
}

/* ---- the pause ---- */

static void a_verdict_may_come_later(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        for (int asked = 0; asked < 2; asked++) { /* without a function, and by its word */
            judge j = { .says = TLSC_VERDICT_LATER, .gives_chain = true };
            rules policy = { .mode = TLSC_CLIENT_AUTH_REQUIRED, .judge = &j, .later = asked == 0,
                              .keeps_chain = true };
            tls_site site;
            asking_open(&site, &policy);
            boring_pair p;
            boring_open(&p, &site, &(tls_client_options){ .cert = "p256", .max_tls12 = tls12 != 0 });
            asking_pauses(&p);
            const tlsc_verify_request *request;
            assert_ok(tlsc_conn_verify_request(p.conn, &request));
            assert_int_equal(request->num_certificates, 1);
            /* nothing moves until the answer */
            uint8_t byte = 22;
            assert_ok(tlsc_stream_feed(p.server, &byte, 0));
            assert_int_equal(tlsc_conn_wait(p.conn), TLSC_WAIT_VERIFY);
            assert_err(asking_answer(&p, TLSC_VERDICT_LATER, TLSC_OK, TLSC_ALERT_NONE), TLSC_E_USAGE);
            assert_ok(asking_answer(&p, TLSC_VERDICT_ACCEPT, TLSC_OK, TLSC_ALERT_NONE));
            boring_works(&p);
            assert_true(boring_info(&p).peer_authenticated);
            assert_true(tlsc_conn_peer_certificate(p.conn, 0).n > 0);
            assert_int_equal(j.asked, asked);
            /* and there is nothing to answer any more */
            assert_err(tlsc_conn_verify_request(p.conn, &request), TLSC_E_USAGE);
            assert_null(request);
            assert_err(asking_answer(&p, TLSC_VERDICT_ACCEPT, TLSC_OK, TLSC_ALERT_NONE), TLSC_E_USAGE);
            boring_close(&p);
            tls_site_close(&site);
        }
    }
}

static void a_later_verdict_may_reject(void **state)
{
    (void)state;
    BOTH_VERSIONS(tls12)
    {
        rules policy = { .mode = TLSC_CLIENT_AUTH_OPTIONAL, .later = true };
        tls_site site;
        asking_open(&site, &policy);
        boring_pair p;
        boring_open(&p, &site, &(tls_client_options){ .cert = "p256", .max_tls12 = tls12 != 0 });
        asking_pauses(&p);
        assert_err(asking_answer(&p, TLSC_VERDICT_REJECT, TLSC_OK, TLSC_ALERT_access_denied),
                   TLSC_E_CERTIFICATE_REJECTED);
        asking_refuses(&p, TLSC_E_CERTIFICATE_REJECTED, TLSC_ALERT_access_denied);
        boring_close(&p);
        /* freed in the pause, chain and all */
        boring_open(&p, &site, &(tls_client_options){ .cert = "p256", .max_tls12 = tls12 != 0 });
        asking_pauses(&p);
        boring_close(&p);
        tls_site_close(&site);
    }
}

/* A verdict's reference is given away even where nobody takes it. */
static void an_answer_out_of_time_gives_its_chain_back(void **state)
{
    (void)state;
    rules policy = { .mode = TLSC_CLIENT_AUTH_NONE };
    tls_site site;
    asking_open(&site, &policy);
    boring_pair p;
    boring_open(&p, &site, &(tls_client_options){ 0 });
    tlsc_bytes der = BYTES(1, 2, 3);
    tlsc_opened opened;
    tlsc_verdict v = { .size = sizeof(v), .kind = TLSC_VERDICT_ACCEPT };
    tlsc_mem_stats before;
    tlsc_mem_stats after;
    tlsc_mem_get_stats(&before);
    assert_ok(tlsc_chain_new(&der, 1, &v.chain));
    assert_err(tlsc_conn_answer_verdict(p.conn, &v, &opened), TLSC_E_USAGE);
    tlsc_mem_get_stats(&after);
    assert_int_equal(before.live, after.live);
    boring_close(&p);
    tls_site_close(&site);
}

/* ---- out of memory ---- */

/* The n-th allocation fails, for every n through handshakes with a client certificate, full and resumed:
 * no crash, no leak (the sanitizers see it), and an error or a handshake each time. */
static void every_allocation_fails_once(void **state)
{
    (void)state;
    for (int kind = 0; kind < 4; kind++) {
        judge j = { .says = TLSC_VERDICT_ACCEPT, .index = -1, .gives_chain = false };
        rules policy = { .mode = TLSC_CLIENT_AUTH_REQUIRED, .judge = &j, .verifies_again = true };
        tls_client_options options = { .cert = "p256", .max_tls12 = kind % 2 != 0,
                                       .chain = { "intermediate" } };
        tls_site site;
        asking_with_tickets(&site, &policy, NULL);
        tls_client_session *session = kind < 2 ? NULL : asking_session(&site, &options);
        bool failed = true;
        unsigned n = 0;
        unsigned done = 0;
        while (failed) {
            boring_pair p;
            asking_resume(&p, &site, session, &options);
            tlsc_stream_free(p.server);
            p.server = NULL;
            uint8_t buf[20000];
            failed = false;
            tlsc_mem_stats before;
            tlsc_mem_stats after;
            n++;
            uint64_t counted = 0;
            p.error = TLSC_OK;
            for (int flight = 0; flight < 3 && p.error == TLSC_OK; flight++) {
                (void)tls_client_handshake(p.client);
                size_t got = tls_client_take(p.client, buf, sizeof(buf));
                tlsc_mem_get_stats(&before);
                tlsc_mem_fail_at(n > counted ? n - counted : 0, false);
                p.error = p.server == NULL ? tls_server_new(&site, &p.server) : TLSC_OK;
                if (p.error == TLSC_OK && got > 0) {
                    p.error = tls_server_feed(&site, p.server, buf, got);
                }
                tlsc_mem_get_stats(&after);
                tlsc_mem_fail_at(0, false);
                counted += after.allocations - before.allocations;
                tlsc_bytes out;
                if (p.server != NULL && tlsc_stream_output(p.server, &out) == TLSC_OK) {
                    tls_client_give(p.client, out.p, out.n);
                    tlsc_stream_sent(p.server, out.n);
                }
            }
            failed = counted >= n;
            done += p.error == TLSC_OK;
            boring_close(&p);
            assert_true(n < 1000);
        }
        print_message("%s handshake of TLS 1.%d with a client certificate: %u allocations failed in turn\n",
                      kind < 2 ? "full" : "resumed", kind % 2 != 0 ? 2 : 3, n - 1);
        assert_true(n > 10 && done >= 1);
        tls_client_session_free(session);
        tls_site_close(&site);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_are_checked_before_the_verifier_is_asked),
        cmocka_unit_test(a_rejection_chooses_error_alert_and_certificate),
        cmocka_unit_test(an_error_may_be_accepted_and_is_kept),
        cmocka_unit_test(pinned_keys_stand_in_for_a_verifier),
        cmocka_unit_test(a_verdict_may_come_later),
        cmocka_unit_test(a_later_verdict_may_reject),
        cmocka_unit_test(an_answer_out_of_time_gives_its_chain_back),
        cmocka_unit_test(every_allocation_fails_once),
    };
    return cmocka_run_group_tests_name("peer", tests, NULL, NULL);
}
