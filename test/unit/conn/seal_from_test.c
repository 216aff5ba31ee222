/* SPDX-License-Identifier: Apache-2.0 */
/* conn/seal_from_test.c: batches whose data lies elsewhere than in the buffer that goes onto the wire
 * (conn/traffic.c, record/protect.c). */
#include "unit.h"

#include <string.h>

#include "conn/conn.h"
#include "pair.h"

enum { FULL = TLSC_MAX_PLAINTEXT, RECORDS = 4, AROUND = 70000, WIRE = RECORDS * (FULL + 64) + 4096 };

/* A provider whose AEADs are made for tlscore to copy. */
typedef struct plain_provider {
    tlsc_provider provider;
    tlsc_suite suite;
    tlsc_aead aead;
    const tlsc_suite *suites[1];
} plain_provider;

static const tlsc_provider *without_seal_from(plain_provider *p, uint16_t suite)
{
    p->provider = *tlsc_provider_default();
    p->suite = *tlsc_provider_suite(tlsc_provider_default(), suite);
    p->aead = *p->suite.aead;
    p->aead.seal_from = NULL;
    p->suite.aead = &p->aead;
    p->suites[0] = &p->suite;
    p->provider.suites = p->suites;
    p->provider.num_suites = 1;
    return &p->provider;
}

/* A server of each kind, with a client that reads what it seals. */
typedef struct kind {
    uint16_t version;
    uint16_t suite;
    bool copies;
} kind;

static const kind kinds[] = {
    { TLSC_TLS13, 0x1301, false }, { TLSC_TLS13, 0x1302, false }, { TLSC_TLS13, 0x1303, false },
    { TLSC_TLS13, 0x1301, true },  { TLSC_TLS12, 0xc02b, false }, { TLSC_TLS12, 0xcca9, false },
    { TLSC_TLS12, 0xc02c, true },
};
enum { KINDS = sizeof(kinds) / sizeof(kinds[0]) };

typedef struct place {
    plain_provider plain;
    tls_site site;
    client_site clients;
    pair p;
    tlsc_conn *c; /* the server's */
    uint8_t around[AROUND + WIRE + AROUND];
    uint8_t *wire; /* within it */
    tlsc_plan plan;
    size_t lens[RECORDS];
    const uint8_t *from[RECORDS];
} place;

static place here;
static uint8_t text[RECORDS * FULL];

/* As place_open, with what else `here` was set up with. */
static void connect_them(const kind *k)
{
    here.clients.max_version = k->version;
    here.clients.suites = &k->suite;
    here.clients.num_suites = 1;
    if (k->copies) {
        here.site.provider = without_seal_from(&here.plain, k->suite);
    }
    pair_sites_open(&here.site, &here.clients);
    pair_open(&here.p, &here.site, &here.clients);
    pair_works(&here.p);
    assert_int_equal(pair_server_info(&here.p).suite, k->suite);
    here.c = tlsc_stream_conn(here.p.server);
    here.wire = here.around + AROUND;
}

static void place_open(const kind *k)
{
    memset(&here, 0, sizeof(here));
    for (size_t i = 0; i < sizeof(text); i++) {
        text[i] = (uint8_t)(i * 31 + i / 251);
    }
    connect_them(k);
}

static void place_close(void)
{
    pair_close(&here.p);
    pair_sites_close(&here.site, &here.clients);
}

static tlsc_err seal(size_t num, size_t *sealed)
{
    return tlsc_conn_seal_from(here.c, &here.plan, here.wire, WIRE, here.from, here.lens, num, sealed);
}

/* Seals, and sees that just `n` bytes of the text from `at` come out at the client's end. */
static void seals(size_t num, size_t at, size_t n)
{
    static uint8_t got[sizeof(text) + 1];
    size_t sealed = 0;
    assert_ok(seal(num, &sealed));
    assert_int_equal(sealed, tlsc_plan_size(&here.plan, here.lens, num));
    assert_ok(tlsc_stream_feed(here.p.client, here.wire, sealed));
    assert_int_equal(tlsc_stream_read(here.p.client, got, sizeof(got)), n);
    assert_memory_equal(got, text + at, n);
}

/* Puts data where tlsc_conn_seal wants it. */
static void put(size_t k, const uint8_t *data)
{
    memcpy(here.wire + tlsc_plan_offset(&here.plan, here.lens, k), data, here.lens[k]);
}

static void every_length_comes_from_elsewhere(void **state)
{
    (void)state;
    static const size_t lens[] = { 1, 2, 15, 16, 17, 63, 64, 65, 255, 1400, FULL - 1, FULL };
    for (size_t k = 0; k < KINDS; k++) {
        place_open(&kinds[k]);
        for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
            size_t n = lens[i];
            assert_ok(tlsc_conn_plan(here.c, 1, &here.plan));
            here.lens[0] = n;
            here.from[0] = text + i;
            seals(1, i, n);
        }
        place_close();
    }
}

/* The data keeps its bytes, and what is written ends with the batch. */
static void nothing_else_is_written(void **state)
{
    (void)state;
    static uint8_t data[FULL];
    for (size_t k = 0; k < KINDS; k++) {
        place_open(&kinds[k]);
        memcpy(data, text, sizeof(data));
        memset(here.around, 0xa5, sizeof(here.around));
        assert_ok(tlsc_conn_plan(here.c, 2, &here.plan));
        here.lens[0] = FULL;
        here.lens[1] = 5;
        here.from[0] = data;
        here.from[1] = data + 7;
        size_t sealed;
        assert_ok(seal(2, &sealed));
        assert_memory_equal(data, text, sizeof(data));
        for (size_t i = 0; i < AROUND; i++) {
            assert_int_equal(here.wire[-1 - (ptrdiff_t)i], 0xa5);
            assert_int_equal(here.wire[sealed + i], 0xa5);
        }
        place_close();
    }
}

/* Two pieces that meet in the middle of a record, or at its end: that one is copied, the others not. */
static void borders_of_pieces_may_be_anywhere(void **state)
{
    (void)state;
    static const size_t borders[] = { 0,          1,        FULL - 1,     FULL,         FULL + 1,
                                      2 * FULL - 1, 2 * FULL, 2 * FULL + 1, 3 * FULL + 99, 3 * FULL + 100 };
    static uint8_t first[RECORDS * FULL];
    static uint8_t second[RECORDS * FULL];
    const size_t size = 3 * FULL + 100;
    for (size_t k = 0; k < KINDS; k++) {
        place_open(&kinds[k]);
        for (size_t i = 0; i < sizeof(borders) / sizeof(borders[0]); i++) {
            size_t border = borders[i];
            memcpy(first, text, border);
            memcpy(second, text + border, size - border);
            assert_ok(tlsc_conn_plan(here.c, 4, &here.plan));
            for (size_t r = 0, at = 0; r < 4; at += here.lens[r++]) {
                size_t n = here.lens[r] = r < 3 ? FULL : 100;
                here.from[r] = at + n <= border ? first + at
                               : at >= border   ? second + at - border
                                                : NULL;
                if (here.from[r] == NULL) {
                    put(r, text + at);
                }
            }
            seals(4, 0, size);
        }
        place_close();
    }
}

/* Which bytes a batch makes doesn't depend on where its data was. */
static void the_wire_has_the_same_bytes(void **state)
{
    (void)state;
    static const uint8_t key[TLSC_AEAD_KEY_MAX] = { 9, 8, 7 };
    static const uint16_t suites[] = { 0x1301, 0x1302, 0x1303, 0xc02b, 0xcca9 };
    static uint8_t one[FULL + 64];
    static uint8_t other[FULL + 64];
    for (size_t s = 0; s < 5; s++) {
        const tlsc_suite *suite = tlsc_provider_suite(tlsc_provider_default(), suites[s]);
        tlsc_protect a = { .suite = suite };
        assert_ok(suite->aead->init(a.aead, key));
        tlsc_protect b = a;
        for (size_t n = 0; n <= FULL; n += n < 300 ? 1 : FULL - 300) {
            size_t head = tlsc_protect_head(&a);
            memcpy(one + head, text, n);
            assert_ok(tlsc_protect_seal(&a, 23, one + head, n));
            assert_ok(tlsc_protect_seal_from(&b, 23, text, other + head, n, 0));
            assert_memory_equal(one, other, head + n + tlsc_protect_tail(&a));
            assert_true(a.seq == b.seq);
        }
        assert_err(tlsc_protect_seal_from(&b, 23, text, other + 16, FULL + 1, 0), TLSC_E_USAGE);
        b.seq = UINT64_MAX;
        assert_err(tlsc_protect_seal_from(&b, 23, text, other + 16, 1, 0), TLSC_E_SEQUENCE_EXHAUSTED);
        tlsc_protect_clear(&a); /* b's AEAD is the same bytes */
    }
}

/* ---- what is refused, and what is left then ---- */

static void lengths_of_nothing_and_too_much_are_refused(void **state)
{
    (void)state;
    static const size_t bad[] = { 0, FULL + 1, SIZE_MAX };
    for (size_t k = 0; k < KINDS; k++) {
        place_open(&kinds[k]);
        size_t sealed = 1;
        for (size_t i = 0; i < 3; i++) {
            assert_ok(tlsc_conn_plan(here.c, 2, &here.plan));
            here.from[0] = here.from[1] = text;
            here.lens[0] = 1;
            here.lens[1] = bad[i];
            assert_err(seal(2, &sealed), TLSC_E_USAGE);
            assert_int_equal(sealed, 0);
        }
        here.lens[1] = 1;
        here.from[1] = text + 1;
        seals(2, 0, 2);
        place_close();
    }
}

/* Data that touches what is written is refused, unless it is just in its place; a byte further it isn't
 * touched. */
static void overlapping_data_is_refused(void **state)
{
    (void)state;
    enum { N = 100 };
    for (size_t k = 0; k < KINDS; k++) {
        place_open(&kinds[k]);
        assert_ok(tlsc_conn_plan(here.c, 2, &here.plan));
        here.lens[0] = here.lens[1] = N;
        size_t size = tlsc_plan_size(&here.plan, here.lens, 2);
        for (size_t r = 0; r < 2; r++) {
            size_t own = tlsc_plan_offset(&here.plan, here.lens, r);
            for (size_t at = 1; at < N + size; at++) {
                size_t sealed = 1;
                here.from[1 - r] = text;
                here.from[r] = here.wire - N + at;
                if (at != N + own) {
                    assert_err(seal(2, &sealed), TLSC_E_USAGE);
                    assert_int_equal(sealed, 0);
                }
            }
        }
        memcpy(here.wire - N, text, N); /* right before */
        memcpy(here.wire + size, text + N, N); /* right behind */
        here.from[0] = here.wire - N;
        here.from[1] = here.wire + size;
        seals(2, 0, 2 * N);
        assert_ok(tlsc_conn_plan(here.c, 2, &here.plan));
        put(0, text);
        put(1, text + N);
        here.from[0] = here.wire + tlsc_plan_offset(&here.plan, here.lens, 0);
        here.from[1] = NULL;
        seals(2, 0, 2 * N);
        place_close();
    }
}

/* ---- keys ---- */

static void keys_may_change_between_batches(void **state)
{
    (void)state;
    for (size_t k = 0; k < KINDS; k++) {
        if (kinds[k].version == TLSC_TLS12) {
            continue;
        }
        place_open(&kinds[k]);
        for (unsigned round = 0; round < 3; round++) {
            size_t sealed;
            assert_ok(tlsc_conn_plan(here.c, 2, &here.plan));
            assert_ok(tlsc_conn_update_keys(here.c, round == 1));
            here.lens[0] = FULL;
            here.lens[1] = 1000;
            here.from[0] = text;
            here.from[1] = text + FULL;
            assert_err(seal(2, &sealed), TLSC_E_USAGE); /* the plan is stale */
            assert_ok(tlsc_conn_plan(here.c, 2, &here.plan));
            assert_true(here.plan.front > 0);
            seals(2, 0, FULL + 1000);
            pair_pump(&here.p);
            pair_works(&here.p);
        }
        assert_int_equal(pair_server_info(&here.p).key_updates_sent, 3);
        place_close();
    }
}

static void the_confidentiality_limit_holds(void **state)
{
    (void)state;
    for (unsigned copies = 0; copies < 2; copies++) {
        const kind k = { TLSC_TLS13, 0x1301, false };
        memset(&here, 0, sizeof(here));
        here.site.provider = without_seal_from(&here.plain, k.suite);
        here.plain.suite.confidentiality_limit = 8;
        here.plain.aead.seal_from =
            copies ? NULL : tlsc_provider_suite(tlsc_provider_default(), k.suite)->aead->seal_from;
        connect_them(&k); /* record 0 is "pong" */
        for (size_t r = 0; r < RECORDS; r++) {
            here.lens[r] = 1;
            here.from[r] = text + r;
        }
        assert_ok(tlsc_conn_plan(here.c, 4, &here.plan));
        assert_int_equal(here.plan.front, 0);
        seals(4, 0, 4); /* 1 to 4 */
        assert_ok(tlsc_conn_plan(here.c, 2, &here.plan));
        size_t sealed;
        assert_err(seal(4, &sealed), TLSC_E_USAGE); /* a plan for two doesn't allow four */
        seals(2, 0, 2); /* 5 and 6 */
        assert_ok(tlsc_conn_plan(here.c, 1, &here.plan)); /* 7 is the KeyUpdate */
        assert_true(here.plan.front > 0);
        seals(1, 0, 1);
        assert_int_equal(pair_server_info(&here.p).key_updates_sent, 1);
        place_close();
    }
}

/* ---- padding ---- */

static tlsc_err pad(void *ctx, tlsc_config_builder *b)
{
    (void)ctx;
    return tlsc_config_set_padding(b, 256, 0);
}

static void padded_records_come_from_elsewhere_too(void **state)
{
    (void)state;
    static const size_t lens[] = { 1, 255, 256, 257, FULL - 1, FULL };
    const kind k = { TLSC_TLS13, 0x1302, false };
    memset(&here, 0, sizeof(here));
    here.site.setup = pad;
    connect_them(&k);
    for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
        assert_ok(tlsc_conn_plan(here.c, 1, &here.plan));
        here.lens[0] = lens[i];
        here.from[0] = text;
        assert_int_equal((tlsc_plan_size(&here.plan, here.lens, 1) - 22) % 256, 0);
        seals(1, 0, lens[i]);
    }
    place_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_length_comes_from_elsewhere),
        cmocka_unit_test(nothing_else_is_written),
        cmocka_unit_test(borders_of_pieces_may_be_anywhere),
        cmocka_unit_test(the_wire_has_the_same_bytes),
        cmocka_unit_test(lengths_of_nothing_and_too_much_are_refused),
        cmocka_unit_test(overlapping_data_is_refused),
        cmocka_unit_test(keys_may_change_between_batches),
        cmocka_unit_test(the_confidentiality_limit_holds),
        cmocka_unit_test(padded_records_come_from_elsewhere_too),
    };
    return cmocka_run_group_tests_name("seal_from", tests, NULL, NULL);
}
