/* SPDX-License-Identifier: Apache-2.0 */
/* keys: the traces of RFC 8448: key shares, transcript hashes, every secret, key, IV, Finished and
 * binder that they print comes out of our functions. Each step of a trace is either checked here,
 * or about messages and records and checked in wire/ and record/; a step of no known kind fails. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "keys/schedule13.h"
#include "keys/transcript.h"
#include "rfc8448.h"
#include "script_random.h"
#include "wire/client_hello.h"
#include "wire/server_hello.h"
#include "wire/ticket.h"

enum { SUITE = 0x1301, X25519 = 0x001d, P256 = 0x0017, HASH_LEN = 32 };

typedef struct walk {
    const rfc8448_trace *trace;
    const tlsc_suite *suite;
    tlsc_transcript transcript;
    tlsc_schedule13 schedule;
    rfc8448_secrets secrets;
    tlsc_secret psk;             /* of the trace before */
    tlsc_secret client_finished; /* base of the client's Finished */
    tlsc_secret server_finished;
    tlsc_secret resumption;
    tlsc_bytes client_share;
    uint8_t shared[64]; /* what encapsulation gave */
    size_t shared_n;
    unsigned values; /* bytes fields compared: a walk that checks nothing must not pass */
} walk;

static void equal(walk *w, const rfc8448_step *s, const char *field, const uint8_t *p, size_t n)
{
    tlsc_bytes expected = rfc8448_get(s, field);
    if (!tlsc_bytes_equal(expected, tlsc_bytes_of(p, n))) {
        fail_msg("%s: %s, %s differs", w->trace->name, s->what, field);
    }
    w->values++;
}

static void equal_secret(walk *w, const rfc8448_step *s, const char *field, const tlsc_secret *v)
{
    equal(w, s, field, v->b, v->n);
}

/* "info" is HkdfLabel, which tlsc_expand_label builds inside: the RFC's own, expanded by the hash's
 * HMAC, must give what tlsc_expand_label gives. */
static void expands(walk *w, const rfc8448_step *s, tlsc_bytes prk, const char *info_field,
                    const uint8_t *out, size_t n)
{
    uint8_t block[TLSC_HASH_MAX];
    static const uint8_t one = 1;
    tlsc_bytes parts[] = { rfc8448_get(s, info_field), tlsc_bytes_of(&one, 1) };
    assert_ok(w->suite->hash->hmac(prk, parts, 2, block));
    assert_true(n <= HASH_LEN);
    assert_memory_equal(block, out, n);
    w->values++;
}

static const tlsc_group *group_of(const rfc8448_step *s)
{
    const tlsc_group *g = tlsc_provider_group(tlsc_provider_default(),
                                              strstr(s->what, "x25519") != NULL ? X25519 : P256);
    assert_non_null(g);
    return g;
}

/* The client's pair is kept for the server's, which encapsulates to it. */
static void on_key_pair(walk *w, const rfc8448_step *s)
{
    const tlsc_group *g = group_of(s);
    test_script_random random;
    uint8_t share[TLSC_GROUP_SHARE_MAX];
    _Alignas(16) uint8_t priv[TLSC_GROUP_PRIVATE_MAX];
    const tlsc_random *source = test_script(&random, rfc8448_get(s, "private key"));
    if (!s->by_server) {
        assert_ok(g->keygen(source, priv, share));
        equal(w, s, "public key", share, g->share_len);
        g->clear(priv);
        w->client_share = rfc8448_get(s, "public key");
        return;
    }
    assert_ok(g->encapsulate(source, w->client_share, share, w->shared));
    equal(w, s, "public key", share, g->reply_len);
    w->shared_n = g->secret_len;
}

static void add_message(walk *w, size_t step)
{
    tlsc_bytes m = rfc8448_message(w->trace, step);
    const rfc8448_step *s = &w->trace->steps[step];
    if (rfc8448_is(s, "construct a NewSessionTicket")) {
        tlsc_ticket13 ticket;
        assert_ok(tlsc_ticket13_parse(&ticket, tlsc_bytes_of(m.p + 4, m.n - 4)));
        tlsc_secret psk;
        assert_ok(tlsc_ticket_psk13(w->suite->hash, &w->resumption, ticket.nonce, &psk));
        assert_true(tlsc_bytes_equal(tlsc_secret_bytes(&psk), tlsc_secret_bytes(&w->psk)));
        return; /* not part of the handshake's transcript */
    }
    if (w->transcript.hash != NULL && rfc8448_is(s, "construct a ServerHello")) {
        tlsc_server_hello sh;
        assert_ok(tlsc_server_hello_parse(&sh, tlsc_bytes_of(m.p + 4, m.n - 4)));
        if (sh.hello_retry) {
            tlsc_transcript_fold(&w->transcript);
        }
    }
    assert_ok(tlsc_transcript_add(&w->transcript, m));
    if (w->transcript.hash == NULL) {
        /* the first ClientHello: as a server, which learns the hash after it */
        assert_ok(tlsc_transcript_start(&w->transcript, w->suite->hash));
    }
}

static void on_extract(walk *w, const rfc8448_step *s)
{
    tlsc_bytes ikm = rfc8448_get(s, "IKM");
    if (rfc8448_is(s, "extract secret \"early\"")) {
        bool resumes = strcmp(w->trace->name, "resumed-0rtt") == 0;
        tlsc_bytes psk = resumes ? tlsc_secret_bytes(&w->psk) : (tlsc_bytes){ NULL, 0 };
        if (resumes) {
            equal_secret(w, s, "IKM", &w->psk); /* the ticket of the trace before */
        }
        assert_ok(tlsc_schedule13_early(&w->schedule, w->suite->hash, psk));
    } else if (rfc8448_is(s, "extract secret \"handshake\"")) {
        assert_true(w->shared_n > 0 &&
                    tlsc_bytes_equal(ikm, tlsc_bytes_of(w->shared, w->shared_n)));
        assert_ok(tlsc_schedule13_handshake(&w->schedule, ikm));
    } else {
        assert_true(rfc8448_is(s, "extract secret \"master\""));
        assert_ok(tlsc_schedule13_master(&w->schedule));
    }
    equal_secret(w, s, "secret", &w->schedule.secret);
}

static bool label_of(const char *text, tlsc_label13 *label)
{
    static const struct {
        const char *text;
        tlsc_label13 label;
    } labels[] = {
        { "c e traffic", TLSC_LABEL_CLIENT_EARLY },
        { "c hs traffic", TLSC_LABEL_CLIENT_HANDSHAKE },
        { "s hs traffic", TLSC_LABEL_SERVER_HANDSHAKE },
        { "c ap traffic", TLSC_LABEL_CLIENT_TRAFFIC },
        { "s ap traffic", TLSC_LABEL_SERVER_TRAFFIC },
        { "exp master", TLSC_LABEL_EXPORTER },
        { "res master", TLSC_LABEL_RESUMPTION },
    };
    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        if (strcmp(labels[i].text, text) == 0) {
            *label = labels[i].label;
            return true;
        }
    }
    return false;
}

static void on_derive_secret(walk *w, const rfc8448_step *s)
{
    char text[32];
    assert_int_equal(sscanf(strchr(s->what, '"'), "\"tls13 %31[^\"]\"", text), 1);
    tlsc_bytes prk = rfc8448_get(s, "PRK");
    tlsc_bytes expected = rfc8448_get(s, "expanded");
    tlsc_secret out = { .n = HASH_LEN };
    uint8_t hash[TLSC_HASH_MAX];
    tlsc_label13 label;
    if (strcmp(text, "derived") == 0) {
        assert_ok(tlsc_expand_label(w->suite->hash, prk, text, rfc8448_get(s, "hash"), out.b,
                                    expected.n));
    } else {
        tlsc_transcript_hash(&w->transcript, hash);
        equal(w, s, "hash", hash, HASH_LEN);
        equal_secret(w, s, "PRK", &w->schedule.secret);
        if (label_of(text, &label)) {
            assert_ok(tlsc_schedule13_derive(&w->schedule, label, hash, &out));
        } else { /* nothing is exported before the handshake is done */
            assert_string_equal(text, "e exp master");
            assert_ok(tlsc_expand_label(w->suite->hash, prk, text, tlsc_bytes_of(hash, HASH_LEN),
                                        out.b, expected.n));
        }
    }
    equal_secret(w, s, "expanded", &out);
    expands(w, s, prk, "info", out.b, out.n);
    if (strcmp(text, "c hs traffic") == 0) {
        w->client_finished = out;
    } else if (strcmp(text, "s hs traffic") == 0) {
        w->server_finished = out;
    } else if (strcmp(text, "res master") == 0) {
        w->resumption = out;
    }
}

static void check_finished(walk *w, const rfc8448_step *s, const tlsc_secret *base,
                           const uint8_t *hash)
{
    uint8_t key[TLSC_HASH_MAX];
    uint8_t verify_data[TLSC_HASH_MAX];
    equal_secret(w, s, "PRK", base);
    assert_ok(tlsc_expand_label(w->suite->hash, tlsc_secret_bytes(base), "finished",
                                rfc8448_get(s, "hash"), key, HASH_LEN));
    equal(w, s, "expanded", key, HASH_LEN);
    expands(w, s, tlsc_secret_bytes(base), "info", key, HASH_LEN);
    assert_ok(tlsc_finished13(w->suite->hash, base, hash, verify_data));
    equal(w, s, "finished", verify_data, HASH_LEN);
}

static void on_finished(walk *w, const rfc8448_step *s)
{
    uint8_t hash[TLSC_HASH_MAX];
    tlsc_transcript_hash(&w->transcript, hash);
    check_finished(w, s, s->by_server ? &w->server_finished : &w->client_finished, hash);
}

/* As the server does it: the whole ClientHello is in the transcript, and what its parser says is
 * covered by the binders is hashed in its place. */
static void on_binder(walk *w, const rfc8448_step *s)
{
    tlsc_client_hello ch;
    uint8_t hash[TLSC_HASH_MAX];
    tlsc_secret key;
    size_t hello = 0;
    while (!rfc8448_is(&w->trace->steps[hello], "construct a ClientHello")) {
        hello++;
    }
    tlsc_bytes m = rfc8448_message(w->trace, hello);
    tlsc_bytes body = { m.p + 4, m.n - 4 };
    assert_ok(tlsc_client_hello_parse(&ch, body));
    tlsc_bytes prefix = { m.p, 4 + tlsc_client_hello_truncated_len(&ch, body) };
    equal(w, s, "ClientHello prefix", prefix.p, prefix.n);
    tlsc_transcript_hash_before(&w->transcript, prefix, hash);
    equal(w, s, "binder hash", hash, HASH_LEN);
    assert_ok(tlsc_schedule13_derive(&w->schedule, TLSC_LABEL_RESUMPTION_BINDER, NULL, &key));
    check_finished(w, s, &key, hash);
    tlsc_bytes binder;
    tlsc_rd list = tlsc_rd_of(ch.psk_binders);
    assert_true(tlsc_psk_binder_next(&list, &binder));
    equal(w, s, "finished", binder.p, binder.n);
}

static void on_traffic_keys(walk *w, const rfc8448_step *s)
{
    bool server_writes;
    const tlsc_secret *secret = rfc8448_traffic_secret(&w->secrets, s, &server_writes);
    uint8_t key[TLSC_AEAD_KEY_MAX];
    uint8_t iv[TLSC_AEAD_NONCE_LEN];
    assert_ok(tlsc_traffic_keys13(w->suite, secret, key, iv));
    if (!s->as_above) {
        equal_secret(w, s, "PRK", secret);
        equal(w, s, "key expanded", key, w->suite->aead->key_len);
        equal(w, s, "iv expanded", iv, sizeof(iv));
        expands(w, s, tlsc_secret_bytes(secret), "key info", key, w->suite->aead->key_len);
        expands(w, s, tlsc_secret_bytes(secret), "iv info", iv, sizeof(iv));
    }
}

static void on_resumption(walk *w, const rfc8448_step *s)
{
    equal_secret(w, s, "PRK", &w->resumption);
    assert_ok(tlsc_ticket_psk13(w->suite->hash, &w->resumption, rfc8448_get(s, "hash"), &w->psk));
    equal_secret(w, s, "expanded", &w->psk);
    expands(w, s, tlsc_secret_bytes(&w->resumption), "info", w->psk.b, w->psk.n);
}

static void on_step(walk *w, size_t i)
{
    const rfc8448_step *s = &w->trace->steps[i];
    rfc8448_learn(&w->secrets, s);
    if (rfc8448_is(s, "construct ")) {
        add_message(w, i);
    } else if (rfc8448_is(s, "derive read traffic") || rfc8448_is(s, "derive write traffic")) {
        on_traffic_keys(w, s);
    } else if (s->as_above || rfc8448_is(s, "send ")) {
        return;
    } else if (rfc8448_is(s, "create an ephemeral ")) {
        on_key_pair(w, s);
    } else if (rfc8448_is(s, "extract secret ")) {
        on_extract(w, s);
    } else if (rfc8448_is(s, "derive secret ")) {
        on_derive_secret(w, s);
    } else if (rfc8448_is(s, "calculate finished ")) {
        on_finished(w, s);
    } else if (rfc8448_is(s, "calculate PSK binder")) {
        on_binder(w, s);
    } else if (rfc8448_is(s, "generate resumption secret ")) {
        on_resumption(w, s);
    } else {
        fail_msg("%s: what is this: %s", w->trace->name, s->what);
    }
}

static unsigned walk_through(const char *name, tlsc_secret *psk)
{
    rfc8448_trace *t = rfc8448_open(name);
    walk w = { .trace = t,
               .suite = tlsc_provider_suite(tlsc_provider_default(), SUITE),
               .psk = *psk };
    tlsc_transcript_init(&w.transcript, 1 << 16);
    for (size_t i = 0; i < t->num_steps; i++) {
        on_step(&w, i);
    }
    *psk = w.psk;
    tlsc_transcript_clear(&w.transcript);
    tlsc_schedule13_clear(&w.schedule);
    rfc8448_close(t);
    return w.values;
}

static void every_secret_key_and_finished_matches(void **state)
{
    (void)state;
    tlsc_secret psk = { .n = 0 };
    for (size_t i = 0; rfc8448_names[i] != NULL; i++) {
        unsigned values = walk_through(rfc8448_names[i], &psk);
        print_message("%s: %u values match\n", rfc8448_names[i], values);
        assert_true(values >= 60);
    }
    assert_int_equal(psk.n, HASH_LEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_secret_key_and_finished_matches),
    };
    return cmocka_run_group_tests_name("keys/rfc8448", tests, NULL, NULL);
}
