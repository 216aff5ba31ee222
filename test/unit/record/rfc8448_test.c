/* SPDX-License-Identifier: Apache-2.0 */
/* record: every record of RFC 8448's traces, in the clear and protected, comes out of our functions
 * byte for byte, and goes back into the messages that the traces construct. */
#include "unit.h"
#include "record/protect13.h"

#include <string.h>

#include "record/deframe.h"
#include "record/join.h"
#include "record/layer.h"
#include "rfc8448.h"
#include "tlscore/conn.h"
#include "wire/enums.h"

enum { SUITE = 0x1301, CLIENT = 0, SERVER = 1 };

typedef struct walk {
    const rfc8448_trace *trace;
    const tlsc_suite *suite;
    rfc8448_secrets secrets;
    tlsc_record_layer layer[2]; /* by who writes: `wr` seals, `rd` opens the same */
    bool first[2];
    size_t next_message; /* the step whose message the next handshake record has */
    unsigned plain;
    unsigned sealed;
} walk;

static uint8_t type_of(const rfc8448_step *s)
{
    static const struct {
        const char *words;
        uint8_t type;
    } types[] = { { "send handshake record", TLSC_CT_HANDSHAKE },
                  { "send application_data record", TLSC_CT_APPLICATION_DATA },
                  { "send alert record", TLSC_CT_ALERT },
                  { "send change_cipher_spec record", TLSC_CT_CHANGE_CIPHER_SPEC } };
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (rfc8448_is(s, types[i].words)) {
            return types[i].type;
        }
    }
    fail_msg("what record: %s", s->what);
    return 0;
}

static void on_keys(walk *w, const rfc8448_step *s)
{
    bool server_writes;
    const tlsc_secret *secret = rfc8448_traffic_secret(&w->secrets, s, &server_writes);
    if (server_writes != s->by_server) {
        return; /* "read keys": the writer's step starts both */
    }
    tlsc_record_layer *l = &w->layer[server_writes ? SERVER : CLIENT];
    assert_ok(tlsc_protect13_start(&l->wr, w->suite, secret));
    assert_ok(tlsc_protect13_start(&l->rd, w->suite, secret));
}

/* The record is found whole, not a byte earlier. */
static tlsc_record_header find(walk *w, int who, tlsc_bytes record, bool sealed)
{
    tlsc_deframed d;
    for (size_t n = 0; n < record.n; n++) {
        assert_ok(tlsc_deframe(&d, tlsc_bytes_of(record.p, n), w->first[who], sealed));
        assert_int_equal(d.size, 0);
        assert_int_equal(d.needed, (n < TLSC_RECORD_HEADER ? TLSC_RECORD_HEADER : record.n) - n);
    }
    assert_ok(tlsc_deframe(&d, record, w->first[who], sealed));
    assert_int_equal(d.size, record.n);
    assert_int_equal(d.needed, 0);
    w->first[who] = false;
    return d.header;
}

static void put_equals(tlsc_record_layer *l, const rfc8448_step *s, uint8_t type,
                       tlsc_bytes payload, tlsc_bytes record)
{
    if (type == TLSC_CT_CHANGE_CIPHER_SPEC) {
        assert_ok(tlsc_rl_put_ccs(l));
    } else if (type == TLSC_CT_ALERT) {
        assert_ok(tlsc_rl_put_alert(l, TLSC_ALERT_close_notify));
    } else {
        assert_ok(tlsc_rl_put(l, type, payload));
    }
    if (!tlsc_bytes_equal(tlsc_buf_bytes(&l->out), record)) {
        fail_msg("%s: another record", s->what);
    }
    tlsc_buf_clear(&l->out);
}

static void on_plain(walk *w, const rfc8448_step *s, uint8_t type, tlsc_bytes payload,
                     tlsc_bytes record)
{
    int who = s->by_server ? SERVER : CLIENT;
    bool was_first = w->first[who];
    tlsc_record_header h = find(w, who, record, false);
    assert_int_equal(h.type, type);
    /* a client's first record says TLS 1.0, which a server never writes */
    assert_int_equal(h.version, who == CLIENT && was_first ? 0x0301 : TLSC_TLS12);
    assert_bytes_equal(tlsc_bytes_of(record.p + 5, record.n - 5), payload);
    if (h.version == TLSC_TLS12) {
        tlsc_record_layer plain;
        tlsc_rl_init(&plain, TLSC_MAX_PLAINTEXT);
        put_equals(&plain, s, type, payload, record);
        tlsc_rl_clear(&plain);
    }
    w->plain++;
}

static void on_sealed(walk *w, const rfc8448_step *s, uint8_t type, tlsc_bytes payload,
                      tlsc_bytes record)
{
    int who = s->by_server ? SERVER : CLIENT;
    tlsc_record_layer *l = &w->layer[who];
    tlsc_record_header h = find(w, who, record, true);
    assert_int_equal(h.type, TLSC_CT_APPLICATION_DATA);
    put_equals(l, s, type, payload, record);
    uint8_t *copy = test_copy(record);
    uint8_t inner = 0;
    tlsc_bytes content;
    /* with any bit of it changed it does not open, and the number of the record stays */
    for (size_t i = 0; i < record.n; i += 7) {
        memcpy(copy, record.p, record.n);
        copy[i] ^= 0x10;
        assert_err(tlsc_protect13_open(&l->rd, tlsc_bytes_of(copy, 5), copy + 5, record.n - 5,
                                       &inner, &content),
                   TLSC_E_BAD_RECORD_MAC);
    }
    memcpy(copy, record.p, record.n);
    assert_ok(tlsc_protect13_open(&l->rd, tlsc_bytes_of(copy, 5), copy + 5, record.n - 5, &inner,
                                  &content));
    assert_int_equal(inner, type);
    assert_bytes_equal(content, payload);
    tlsc_mem_free(copy);
    w->sealed++;
}

/* A handshake record's messages are those that the same side constructed since its last one. */
static void on_messages(walk *w, const rfc8448_step *s, tlsc_bytes payload)
{
    const rfc8448_trace *t = w->trace;
    tlsc_join j;
    tlsc_msg msg;
    bool found;
    tlsc_join_init(&j, 65536);
    assert_ok(tlsc_join_add(&j, payload));
    for (; &t->steps[w->next_message] != s; w->next_message++) {
        const rfc8448_step *made = &t->steps[w->next_message];
        if (!rfc8448_is(made, "construct ")) {
            continue;
        }
        assert_int_equal(made->by_server, s->by_server);
        assert_ok(tlsc_join_next(&j, &msg, &found));
        assert_true(found);
        assert_bytes_equal(msg.raw, rfc8448_message(t, w->next_message));
    }
    assert_true(msg.ends_record);
    assert_ok(tlsc_join_next(&j, &msg, &found));
    assert_false(found);
    assert_false(tlsc_join_pending(&j));
    tlsc_join_clear(&j);
}

static void on_send(walk *w, const rfc8448_step *s)
{
    uint8_t type = type_of(s);
    tlsc_bytes payload = rfc8448_get(s, "payload");
    tlsc_bytes record = rfc8448_get(s, "complete record");
    bool in_clear = w->layer[s->by_server ? SERVER : CLIENT].wr.suite == NULL ||
                    type == TLSC_CT_CHANGE_CIPHER_SPEC;
    (in_clear ? on_plain : on_sealed)(w, s, type, payload, record);
    if (type == TLSC_CT_HANDSHAKE) {
        on_messages(w, s, payload);
    }
}

static void walk_through(walk *w, const char *name)
{
    rfc8448_trace *t = rfc8448_open(name);
    *w = (walk){ .trace = t,
                 .suite = tlsc_provider_suite(tlsc_provider_default(), SUITE),
                 .first = { true, true } };
    tlsc_rl_init(&w->layer[CLIENT], TLSC_MAX_PLAINTEXT);
    tlsc_rl_init(&w->layer[SERVER], TLSC_MAX_PLAINTEXT);
    for (size_t i = 0; i < t->num_steps; i++) {
        const rfc8448_step *s = &t->steps[i];
        rfc8448_learn(&w->secrets, s);
        if (rfc8448_is(s, "derive read traffic") || rfc8448_is(s, "derive write traffic")) {
            on_keys(w, s);
        } else if (rfc8448_is(s, "send ")) {
            on_send(w, s);
        }
    }
    tlsc_rl_clear(&w->layer[CLIENT]);
    tlsc_rl_clear(&w->layer[SERVER]);
    rfc8448_close(t);
}

static void every_record_matches(void **state)
{
    (void)state;
    unsigned plain = 0;
    unsigned sealed = 0;
    for (size_t i = 0; rfc8448_names[i] != NULL; i++) {
        walk w;
        walk_through(&w, rfc8448_names[i]);
        assert_true(w.plain >= 2 && w.sealed >= 4);
        plain += w.plain;
        sealed += w.sealed;
    }
    assert_int_equal(plain + sealed, 41);
    assert_int_equal(plain, 14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_record_matches),
    };
    return cmocka_run_group_tests_name("record/rfc8448", tests, NULL, NULL);
}
