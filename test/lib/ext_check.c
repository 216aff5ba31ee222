/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/ext_check.c: allowed, twice, misplaced, a byte less, a byte more. */
#include "ext_check.h"

#include "unit.h"

#define CH TLSC_IN_CH
#define SH TLSC_IN_SH
#define EE TLSC_IN_EE
#define CT TLSC_IN_CT
#define CR TLSC_IN_CR
#define NST TLSC_IN_NST
#define HRR TLSC_IN_HRR
#define SH12 TLSC_IN_SH12

static const struct {
    const char *name;
    uint16_t code;
    unsigned where;
} rows[] = {
#define TLSC_EXT(name, code, where) { #name, code, where },
#include "wire/ext_table.def"
#undef TLSC_EXT
};

enum { BLOCK_MAX = 1 << 17 };

static tlsc_err parse_with(const ext_case *c, uint16_t code, tlsc_bytes content, unsigned times)
{
    tlsc_buf block = tlsc_buf_of(BLOCK_MAX);
    tlsc_wr w = tlsc_wr_of(&block);
    tlsc_wr_bytes(&w, c->always);
    for (unsigned i = 0; i < times; i++) {
        tlsc_wr_u16(&w, code);
        tlsc_wr_vec16(&w, content);
    }
    assert_ok(tlsc_wr_end(&w));
    uint8_t *copy = block.n > 0 ? test_copy(tlsc_buf_bytes(&block)) : NULL;
    tlsc_err rc = c->parse(tlsc_bytes_of(copy, block.n));
    tlsc_mem_free(copy);
    tlsc_buf_clear(&block);
    return rc;
}

static void expect(const ext_case *c, const char *name, const char *how, tlsc_err rc,
                   tlsc_err expected)
{
    if (rc != expected) {
        fail_msg("%s in message %u, %s: %s instead of %s", name, c->in, how, tlsc_err_name(rc),
                 tlsc_err_name(expected));
    }
}

static bool stands_always(const ext_case *c, uint16_t code)
{
    tlsc_rd r = tlsc_rd_of(c->always);
    while (tlsc_rd_more(&r)) {
        bool found = tlsc_rd_u16(&r) == code;
        (void)tlsc_rd_vec16(&r, 0, 65535);
        if (found) {
            return true;
        }
    }
    return false;
}

static void allowed(const ext_case *c, const char *name, const ext_sample *s)
{
    bool always = stands_always(c, s->code);
    expect(c, name, "once", parse_with(c, s->code, s->content, always ? 0 : 1), TLSC_OK);
    expect(c, name, "twice", parse_with(c, s->code, s->content, always ? 1 : 2),
           TLSC_E_DUPLICATE_EXTENSION);
    if (s->opaque || always) {
        return;
    }
    if (s->content.n > 0) {
        tlsc_bytes less = { s->content.p, s->content.n - 1 };
        expect(c, name, "a byte less", parse_with(c, s->code, less, 1), TLSC_E_DECODE);
    }
    tlsc_buf more = tlsc_buf_of(BLOCK_MAX);
    assert_ok(tlsc_buf_append(&more, s->content));
    assert_ok(tlsc_buf_append(&more, BYTES(0)));
    expect(c, name, "a byte more", parse_with(c, s->code, tlsc_buf_bytes(&more), 1),
           TLSC_E_DECODE);
    tlsc_buf_clear(&more);
}

/* Its index, or num_samples. */
static size_t sample_of(const ext_case *c, uint16_t code)
{
    size_t i = 0;
    while (i < c->num_samples && c->samples[i].code != code) {
        i++;
    }
    return i;
}

void ext_check(const ext_case *c)
{
    static const uint16_t unknown[] = { 0x1a1a, 0xfffe, 0x7777 };
    size_t num_allowed = 0;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if ((rows[i].where & c->in) != 0) {
            size_t at = sample_of(c, rows[i].code);
            if (at == c->num_samples) {
                fail_msg("the test has no sample of %s for message %u", rows[i].name, c->in);
            }
            allowed(c, rows[i].name, &c->samples[at]);
            num_allowed++;
        } else {
            expect(c, rows[i].name, "misplaced", parse_with(c, rows[i].code, TEXT(""), 1),
                   TLSC_E_MISPLACED_EXTENSION);
        }
    }
    assert_int_equal(num_allowed, c->num_samples);
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
        expect(c, "an unknown one", "once", parse_with(c, unknown[i], TEXT("?"), 1), TLSC_OK);
        expect(c, "an unknown one", "twice", parse_with(c, unknown[i], TEXT("?"), 2),
               TLSC_E_DUPLICATE_EXTENSION);
    }
}
