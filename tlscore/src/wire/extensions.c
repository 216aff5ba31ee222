/* SPDX-License-Identifier: Apache-2.0 */
/* wire/extensions.c: "not allowed here" and "twice", checked once for all messages. */
#include "wire/extensions.h"

#include <string.h>

#include "base/try.h"

#define CH TLSC_IN_CH
#define SH TLSC_IN_SH
#define EE TLSC_IN_EE
#define CT TLSC_IN_CT
#define CR TLSC_IN_CR
#define NST TLSC_IN_NST
#define HRR TLSC_IN_HRR
#define SH12 TLSC_IN_SH12

typedef struct ext_row {
    uint16_t code;
    uint8_t where;
} ext_row;

static const ext_row table[TLSC_EXT_COUNT] = {
#define TLSC_EXT(name, code, where) [TLSC_EXT_##name] = { code, where },
#include "wire/ext_table.def"
#undef TLSC_EXT
};

static tlsc_ext row_of(uint16_t code)
{
    unsigned i = 0;
    while (i < TLSC_EXT_COUNT && table[i].code != code) {
        i++;
    }
    return (tlsc_ext)i;
}

/* A bit per code point: a hostile block of 16,000 extensions costs no more than its length. */
typedef struct code_set {
    uint64_t words[65536 / 64];
} code_set;

static bool add_code(code_set *set, uint16_t code)
{
    uint64_t bit = UINT64_C(1) << (code % 64);
    bool is_new = (set->words[code / 64] & bit) == 0;
    set->words[code / 64] |= bit;
    return is_new;
}

/* struct { ExtensionType extension_type; opaque extension_data<0..2^16-1>; } Extension;
 * RFC 8446 4.2 */
tlsc_err tlsc_exts_parse(tlsc_exts *out, tlsc_bytes block, unsigned in)
{
    code_set seen;
    memset(&seen, 0, sizeof(seen));
    memset(out, 0, sizeof(*out));
    out->last_code = 0xffff;
    out->raw = block;
    tlsc_rd r = tlsc_rd_of(block);
    while (tlsc_rd_more(&r)) {
        uint16_t code = tlsc_rd_u16(&r);
        tlsc_bytes data = tlsc_rd_vec16(&r, 0, 65535);
        if (r.bad) {
            break;
        }
        if (!add_code(&seen, code)) {
            return TLSC_E_DUPLICATE_EXTENSION;
        }
        out->last_code = code;
        tlsc_ext row = row_of(code);
        if (row == TLSC_EXT_COUNT) {
            out->has_unknown = true;
            continue;
        }
        if ((table[row].where & in) == 0) {
            return TLSC_E_MISPLACED_EXTENSION;
        }
        out->present |= 1u << row;
        out->data[row] = data;
    }
    return tlsc_rd_end(&r);
}

tlsc_wr_mark tlsc_ext_open(tlsc_wr *w, uint16_t code)
{
    tlsc_wr_u16(w, code);
    return tlsc_wr_open16(w);
}

void tlsc_ext_empty_emit(tlsc_wr *w, bool wanted, uint16_t code)
{
    if (wanted) {
        tlsc_wr_close(w, tlsc_ext_open(w, code));
    }
}

tlsc_err tlsc_ext_empty_parse(tlsc_bytes content)
{
    return content.n == 0 ? TLSC_OK : TLSC_E_DECODE;
}

void tlsc_ext_u8_emit(tlsc_wr *w, bool wanted, uint16_t code, uint8_t v)
{
    if (wanted) {
        tlsc_wr_mark m = tlsc_ext_open(w, code);
        tlsc_wr_u8(w, v);
        tlsc_wr_close(w, m);
    }
}

tlsc_err tlsc_ext_u8_parse(tlsc_bytes content, uint8_t *v)
{
    tlsc_rd r = tlsc_rd_of(content);
    *v = tlsc_rd_u8(&r);
    return tlsc_rd_end(&r);
}

tlsc_err tlsc_ext_u16_list(tlsc_bytes content, unsigned length_bytes, size_t floor,
                           tlsc_bytes *out)
{
    tlsc_rd r = tlsc_rd_of(content);
    tlsc_bytes list =
        length_bytes == 1 ? tlsc_rd_vec8(&r, floor, 254) : tlsc_rd_vec16(&r, floor, 65534);
    tlsc_rd_check(&r, list.n % 2 == 0);
    TRY(tlsc_rd_end(&r));
    *out = list;
    return TLSC_OK;
}

tlsc_err tlsc_ext_alpn_answer_parse(tlsc_bytes *name, tlsc_bytes content)
{
    tlsc_rd r = tlsc_rd_of(content);
    tlsc_rd list = tlsc_rd_of(tlsc_rd_vec16(&r, 2, 256));
    TRY(tlsc_rd_end(&r));
    *name = tlsc_rd_vec8(&list, 1, 255);
    return tlsc_rd_end(&list);
}

void tlsc_ext_alpn_answer_emit(tlsc_wr *w, tlsc_bytes name)
{
    if (name.n == 0) {
        return;
    }
    tlsc_wr_mark m = tlsc_ext_open(w, TLSC_EXTCODE_alpn);
    tlsc_wr_mark list = tlsc_wr_open16(w);
    tlsc_wr_vec8(w, name);
    tlsc_wr_close(w, list);
    tlsc_wr_close(w, m);
}
