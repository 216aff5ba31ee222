/* SPDX-License-Identifier: Apache-2.0 */
/* conn/stream_test.c: streams that need no options, in both roles. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "builder.h"
#include "pem_file.h"
#include "tlscore/stream.h"
#include "tlscore/trust.h"

enum { IN_2026_S = 1790000000 };

static int64_t now_ms(void *ctx)
{
    (void)ctx;
    return IN_2026_S * (int64_t)1000;
}

static const tlsc_config *server_config(void)
{
    tlsc_config_builder *b = tlsc_config_builder_new(provider());
    tlsc_buf pem = test_pem("p256.crt.pem", "p256.key.pem");
    tlsc_credential *credential;
    assert_ok(tlsc_credential_from_pem(provider(), tlsc_buf_bytes(&pem), (tlsc_bytes){ NULL, 0 },
                                       &credential, NULL));
    assert_ok(tlsc_config_add_credential(b, credential));
    const tlsc_config *config = built(b);
    tlsc_config_builder_free(b);
    tlsc_credential_free(credential);
    tlsc_buf_clear(&pem);
    return config;
}

/* The system trusts what is in this file of test/vectors/certs. */
static void system_trusts(const char *name)
{
    char path[4096];
    const char *top = getenv("TLSX_SRCDIR");
    (void)snprintf(path, sizeof(path), "%s/test/vectors/certs/%s", top != NULL ? top : ".", name);
    assert_int_equal(setenv("SSL_CERT_FILE", path, 1), 0);
    assert_int_equal(setenv("SSL_CERT_DIR", "", 1), 0);
}

static const tlsc_config *client_config(void)
{
    const tlsc_config *config;
    tlsc_config_builder *b = tlsc_config_builder_new_client(provider());
    system_trusts("intermediate.crt.pem");
    assert_ok(tlsc_config_trust_system(b));
    assert_ok(tlsc_config_build(b, &config));
    tlsc_config_builder_free(b);
    return config;
}

/* All that waits goes over; returns what the other side says to it. */
static tlsc_err carry(tlsc_stream *from, tlsc_stream *to)
{
    tlsc_bytes out;
    assert_ok(tlsc_stream_output(from, &out));
    size_t n = out.n;
    tlsc_err rc = n > 0 ? tlsc_stream_feed(to, out.p, n) : TLSC_OK;
    tlsc_stream_sent(from, n);
    return rc;
}

static void both_speak_without_further_ado(void **state)
{
    (void)state;
    const tlsc_config *server = server_config();
    const tlsc_config *client = client_config();
    tlsc_stream *c;
    tlsc_stream *s;
    uint8_t got[16];
    assert_ok(tlsc_stream_new_client(client, "p256.tlsx.test", now_ms, &c));
    assert_ok(tlsc_stream_new_server(server, now_ms, &s));
    tlsc_config_free(server); /* the stream has its own reference */
    for (int i = 0; i < 3; i++) {
        assert_ok(carry(c, s));
        assert_ok(carry(s, c));
    }
    assert_ok(tlsc_stream_write(c, (const uint8_t *)"hello", 5));
    assert_ok(carry(c, s));
    assert_int_equal(tlsc_stream_read(s, got, sizeof(got)), 5);
    assert_memory_equal(got, "hello", 5);
    tlsc_stream_free(c);
    tlsc_stream_free(s);
    tlsc_config_free(client);
}

static void the_name_is_looked_at(void **state)
{
    (void)state;
    const tlsc_config *server = server_config();
    const tlsc_config *client = client_config();
    static const struct {
        const char *name;
        tlsc_err error;
    } cases[] = { { "other.test", TLSC_E_NAME_MISMATCH }, { "", TLSC_E_NO_NAME } };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        tlsc_stream *c;
        tlsc_stream *s;
        assert_ok(tlsc_stream_new_client(client, cases[i].name, now_ms, &c));
        assert_ok(tlsc_stream_new_server(server, now_ms, &s));
        assert_ok(carry(c, s));
        assert_err(carry(s, c), cases[i].error);
        assert_err(carry(c, s), TLSC_E_PEER_ALERT);
        tlsc_stream_free(c);
        tlsc_stream_free(s);
    }
    tlsc_config_free(client);
    tlsc_config_free(server);
}

static void what_cant_be_made_leaves_nothing(void **state)
{
    (void)state;
    const tlsc_config *server = server_config();
    const tlsc_config *client = client_config();
    tlsc_mem_stats before;
    tlsc_mem_stats after;
    tlsc_stream *s;
    tlsc_mem_get_stats(&before);
    assert_err(tlsc_stream_new_client(client, "not a name", now_ms, &s), TLSC_E_BAD_NAME);
    assert_null(s);
    for (int role = 0; role < 2; role++) {
        tlsc_err rc = TLSC_E_NO_MEMORY;
        for (uint64_t n = 1; rc != TLSC_OK; n++) {
            tlsc_mem_fail_at(n, false);
            rc = role == 0 ? tlsc_stream_new_client(client, "a.test", now_ms, &s)
                           : tlsc_stream_new_server(server, now_ms, &s);
            assert_true(rc == TLSC_OK || s == NULL);
        }
        tlsc_mem_fail_at(0, false);
        tlsc_stream_free(s);
    }
    tlsc_mem_get_stats(&after);
    assert_int_equal(before.live, after.live);
    tlsc_config_free(client);
    tlsc_config_free(server);
}

static void a_system_that_trusts_nobody_is_told(void **state)
{
    (void)state;
    tlsc_config_builder *b = tlsc_config_builder_new_client(provider());
    system_trusts("nothing");
    assert_err(tlsc_config_trust_system(b), TLSC_E_FILE);
    system_trusts("root.key.pem");
    assert_err(tlsc_config_trust_system(b), TLSC_E_FILE);
    tlsc_config_builder_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_speak_without_further_ado),
        cmocka_unit_test(the_name_is_looked_at),
        cmocka_unit_test(what_cant_be_made_leaves_nothing),
        cmocka_unit_test(a_system_that_trusts_nobody_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
