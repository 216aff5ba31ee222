/* SPDX-License-Identifier: Apache-2.0 */
/* conn/steady_state_test.c: records are opened and sealed without a byte from the heap, counted over
 * the whole process (malloc_count.h), libcrypto included. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "malloc_count.h"
#include "pair.h"

enum { BUFFER = 4 * TLSC_MAX_RECORD, ROUNDS = 64, RECORDS = 3 };

static uint8_t buffer[BUFFER];

/* Seals a batch of records of these lengths in the buffer; returns its bytes. */
static size_t seal_batch(tlsc_conn *c, const size_t lens[RECORDS])
{
    tlsc_plan plan;
    size_t n = 0;
    assert_ok(tlsc_conn_plan(c, RECORDS, &plan));
    for (size_t k = 0; k < RECORDS; k++) {
        memset(buffer + tlsc_plan_offset(&plan, lens, k), (int)('a' + k), lens[k]);
    }
    assert_ok(tlsc_conn_seal(c, &plan, buffer, sizeof(buffer), lens, RECORDS, &n));
    return n;
}

/* Opens it on the other side. */
static void open_batch(tlsc_conn *c, size_t n, const size_t lens[RECORDS])
{
    size_t at = 0;
    for (size_t k = 0; k < RECORDS; k++) {
        tlsc_opened opened;
        assert_ok(tlsc_conn_open(c, buffer + at, n - at, &opened));
        assert_true(opened.data.n == lens[k]);
        assert_true(opened.data.p[0] == 'a' + k && opened.data.p[lens[k] - 1] == 'a' + k);
        at += opened.consumed;
    }
    assert_true(at == n);
}

/* Records of all sizes, the longest among them, from one to the other. */
static void carry(tlsc_conn *from, tlsc_conn *to)
{
    for (size_t i = 0; i < ROUNDS; i++) {
        const size_t lens[RECORDS] = { TLSC_MAX_PLAINTEXT, 1 + i * 250, 1 };
        size_t n = seal_batch(from, lens);
        open_batch(to, n, lens);
    }
}

static void no_record_takes_memory(uint16_t version, uint16_t suite, const char *cert)
{
    pair p;
    tls_site site = { .certs = { cert }, .tickets = true, .min_version = TLSC_TLS12 };
    client_site clients = {
        .min_version = version, .max_version = version, .suites = &suite, .num_suites = 1
    };
    pair_sites_open(&site, &clients);
    pair_open(&p, &site, &clients);
    pair_works(&p);
    assert_int_equal(pair_server_info(&p).suite, suite);
    tlsc_conn *client = tlsc_stream_conn(p.client);
    tlsc_conn *server = tlsc_stream_conn(p.server);
    malloc_count before = malloc_count_now();
    carry(client, server);
    carry(server, client);
    malloc_count after = malloc_count_now();
    if (after.calls != before.calls || after.blocks != before.blocks) {
        fail_msg("suite %04x: %llu allocations in %d records", suite,
                 (unsigned long long)(after.calls - before.calls), 2 * ROUNDS * RECORDS);
    }
    print_message("suite %04x: no allocation in %d records\n", suite, 2 * ROUNDS * RECORDS);
    pair_close(&p);
    pair_sites_close(&site, &clients);
}

static void every_suite_of_tls13_is_free_of_allocations(void **state)
{
    (void)state;
    static const uint16_t suites[] = { 0x1301, 0x1302, 0x1303 };
    for (size_t i = 0; i < sizeof(suites) / sizeof(suites[0]); i++) {
        no_record_takes_memory(TLSC_TLS13, suites[i], "p256");
    }
}

static void every_suite_of_tls12_is_free_of_allocations(void **state)
{
    (void)state;
    static const struct {
        uint16_t suite;
        const char *cert;
    } rows[] = {
        { 0xc02b, "p256" },    { 0xc02c, "p256" },    { 0xcca9, "p256" },
        { 0xc02f, "rsa2048" }, { 0xc030, "rsa2048" }, { 0xcca8, "rsa2048" },
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        no_record_takes_memory(TLSC_TLS12, rows[i].suite, rows[i].cert);
    }
}

/* Of one connection of both sides: what a handshake that resumes a session takes, and what is left of it. */
static void count_handshake(uint16_t version, uint64_t most_calls, int64_t most_blocks)
{
    pair p;
    tls_site site = { .tickets = true, .min_version = TLSC_TLS12 };
    client_site clients = { .min_version = version, .max_version = version };
    pair_sites_open(&site, &clients);
    pair_make_sessions(&site, &clients);
    tlsc_bytes session = tlsc_buf_bytes(&clients.sessions[0]);
    clients.offered = &session;
    clients.num_offered = 1;
    malloc_count before = malloc_count_now();
    pair_open(&p, &site, &clients);
    pair_pump(&p);
    assert_true(pair_client_info(&p).resumed && pair_server_info(&p).handshake_done);
    malloc_count after = malloc_count_now();
    uint64_t calls = after.calls - before.calls;
    int64_t blocks = after.blocks - before.blocks;
    print_message("version %04x, resumed, both sides: %llu allocations, %lld blocks left\n", version,
                  (unsigned long long)calls, (long long)blocks);
    assert_true(calls <= most_calls);
    assert_true(blocks <= most_blocks);
    pair_close(&p);
    pair_sites_close(&site, &clients);
}

/* States, messages and keys are no objects of the heap: what is left are two connections, their keys
 * and the buffers of their streams. */
static void a_handshake_takes_few_allocations_and_leaves_fewer(void **state)
{
    (void)state;
    count_handshake(TLSC_TLS13, 100, 16);
    count_handshake(TLSC_TLS12, 100, 16);
}

/* The count sees an allocation of ours, of libcrypto's and of libc's. */
static void the_count_would_tell(void **state)
{
    (void)state;
    pair p;
    tls_site site = { 0 };
    client_site clients = { 0 };
    pair_sites_open(&site, &clients);
    pair_open(&p, &site, &clients);
    malloc_count before = malloc_count_now();
    pair_works(&p);
    malloc_count after = malloc_count_now();
    assert_true(after.calls > before.calls);
    before = malloc_count_now();
    assert_ok(tlsc_conn_update_keys(tlsc_stream_conn(p.server), false)); /* waits in a buffer */
    after = malloc_count_now();
    assert_true(after.calls > before.calls);
    assert_true(after.blocks > before.blocks && after.bytes > before.bytes);
    pair_close(&p);
    pair_sites_close(&site, &clients);
    before = malloc_count_now();
    FILE *f = fopen("/dev/null", "wb"); /* within libc */
    after = malloc_count_now();
    assert_non_null(f);
    assert_true(after.calls > before.calls);
    assert_int_equal(fclose(f), 0);
}

int main(void)
{
    malloc_count_begin();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_suite_of_tls13_is_free_of_allocations),
        cmocka_unit_test(every_suite_of_tls12_is_free_of_allocations),
        cmocka_unit_test(a_handshake_takes_few_allocations_and_leaves_fewer),
        cmocka_unit_test(the_count_would_tell),
    };
    return cmocka_run_group_tests_name("steady_state", tests, NULL, NULL);
}
