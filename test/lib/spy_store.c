/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/spy_store.c: see the header. */
#include "spy_store.h"

#include "base/try.h"
#include "unit.h"

static int64_t now_of(void *ctx)
{
    return *(const int64_t *)ctx;
}

static tlsc_err put(void *ctx, tlsc_bytes key, tlsc_bytes value, uint32_t lifetime_s)
{
    spy_store *spy = (spy_store *)ctx;
    spy->puts++;
    spy->lifetime_s = lifetime_s;
    TRY(spy->put_fails);
    spy->value.n = 0;
    TRY(tlsc_buf_append(&spy->value, value));
    return spy->inner.put(spy->inner.ctx, key, value, lifetime_s);
}

static tlsc_err get(void *ctx, tlsc_bytes key, uint8_t *out, size_t cap, size_t *n, bool *later)
{
    spy_store *spy = (spy_store *)ctx;
    spy->gets++;
    *later = spy->later;
    *n = 0;
    TRY(spy->look_up_fails);
    return spy->later ? TLSC_OK : spy->inner.get(spy->inner.ctx, key, out, cap, n, later);
}

static tlsc_err take(void *ctx, tlsc_bytes key, uint8_t *out, size_t cap, size_t *n, bool *later)
{
    spy_store *spy = (spy_store *)ctx;
    spy->takes++;
    *later = spy->later;
    *n = 0;
    TRY(spy->look_up_fails);
    return spy->later ? TLSC_OK : spy->inner.take(spy->inner.ctx, key, out, cap, n, later);
}

void spy_open(spy_store *spy, int64_t *now_ms)
{
    *spy = (spy_store){ .value = tlsc_buf_of(TLSC_STORE_VALUE_MAX) };
    assert_ok(tlsc_memory_store_new(100, now_of, now_ms, &spy->memory));
    spy->inner = tlsc_memory_store_as_store(spy->memory);
    spy->store = (tlsc_store){ sizeof(tlsc_store), spy, true, put, get, take };
}

void spy_close(spy_store *spy)
{
    tlsc_memory_store_free(spy->memory);
    tlsc_buf_clear(&spy->value);
}

size_t spy_look_up(spy_store *spy, tlsc_bytes key, bool remove, uint8_t *out, size_t cap)
{
    size_t n = 0;
    bool later;
    tlsc_err rc = (remove ? spy->inner.take : spy->inner.get)(spy->inner.ctx, key, out, cap, &n,
                                                              &later);
    return rc == TLSC_OK ? n : 0;
}
