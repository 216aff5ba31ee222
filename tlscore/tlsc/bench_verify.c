/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/bench_verify.c: chains of leaf, intermediate and root, verified again and again; how often that takes
 * memory, ours and libcrypto's apart: what is taken within a provider's verify is libcrypto's. */
#include "bench_verify.h"

#include "bench.h"
#include "bench_chains.h"
#include "tool.h"

enum { NOW_S = 1830297600 }; /* 2028-01-01 */

static const struct {
    const char *name;
    const char *root;
    const char *chain;
} rows[BENCH_VERIFY_ROWS] = {
    {"chain-ecdsa-p256", bench_ecdsa_root_pem, bench_ecdsa_chain_pem},
    {"chain-rsa-2048", bench_rsa_root_pem, bench_rsa_chain_pem},
};

const char *bench_verify_name(size_t i)
{
    return i < BENCH_VERIFY_ROWS ? rows[i].name : NULL;
}

/* ---- libcrypto's part ---- */

static uint64_t within; /* allocations in signature checks */
static uint64_t checks;

static uint64_t allocations(void)
{
    tlsc_memory m = {.size = sizeof(m)};
    tlsc_memory_now(&m);
    return m.allocations;
}

static tlsc_err counted_verify(uint16_t scheme, tlsc_bytes spki, tlsc_bytes message,
                               tlsc_bytes signature)
{
    uint64_t before = allocations();
    tlsc_err e = tlsc_provider_default()->verify(scheme, spki, message, signature);
    within += allocations() - before;
    checks++;
    return e;
}

/* ---- a row ---- */

typedef struct stage {
    tlsc_provider provider;
    const tlsc_trust_store *store;
    const tlsc_chain *chain;
    tlsc_bytes certificates[2];
} stage;

static void open_stage(stage *s, size_t i)
{
    s->provider = *tlsc_provider_default();
    s->provider.verify = counted_verify;
    tlsc_trust_builder *b =
        (tlsc_trust_builder *)need(tlsc_trust_builder_new(&s->provider, NULL, NULL));
    must(tlsc_trust_add_pem(b, bytes_of(rows[i].root), NULL), rows[i].name);
    must(tlsc_trust_build(b, &s->store), rows[i].name);
    tlsc_trust_builder_free(b);
    must(tlsc_chain_from_pem(bytes_of(rows[i].chain), &s->chain, NULL), rows[i].name);
    s->certificates[0] = tlsc_chain_certificate(s->chain, 0);
    s->certificates[1] = tlsc_chain_certificate(s->chain, 1);
}

static void once(const stage *s)
{
    const tlsc_verify_request request = {
        .size = sizeof(request),
        .certificates = s->certificates,
        .num_certificates = 2,
        .purpose = TLSC_PURPOSE_SERVER,
        .name = bytes_of("localhost"),
        .now_ms = NOW_S * (int64_t)1000,
    };
    tlsc_verify_result result = {.size = sizeof(result)};
    bench_check(tlsc_verify_chain(s->store, NULL, &request, &result) == TLSC_OK &&
                    result.num_path == 3,
                "a chain isn't valid");
}

static unsigned long run_for(const stage *s, double ns)
{
    unsigned long times = 0;
    double end = bench_now() + ns;
    do {
        once(s);
        times++;
    } while (bench_now() < end);
    return times;
}

bool bench_verify(size_t i, double seconds, report *r)
{
    stage s = {0};
    open_stage(&s, i);
    (void)run_for(&s, seconds * 1e8);
    within = checks = 0;
    uint64_t before = allocations();
    double start = bench_now();
    unsigned long times = run_for(&s, seconds * 1e9);
    double ns = bench_now() - start;
    uint64_t own = allocations() - before - within;
    report_open(r, rows[i].name);
    report_number(r, "verified", (double)times * 1e9 / ns, 0, "chains/s");
    report_number(r, "us_each", ns / (double)times / 1e3, 1, "");
    report_number(r, "allocations", (double)own / (double)times, 2, "each, our own code");
    report_number(r, "libcrypto_allocations", (double)within / (double)times, 2, "each");
    report_number(r, "signatures", (double)checks / (double)times, 1, "each");
    report_count(r, "times", times);
    report_close(r);
    tlsc_chain_free(s.chain);
    tlsc_trust_store_free(s.store);
    return own == 0;
}
