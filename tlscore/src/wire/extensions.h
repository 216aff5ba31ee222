/* SPDX-License-Identifier: Apache-2.0 */
/* wire/extensions.h: blocks of extensions, sorted out by the table in ext_table.def. */
#ifndef TLSC_WIRE_EXTENSIONS_H
#define TLSC_WIRE_EXTENSIONS_H

#include "wire/reader.h"
#include "wire/writer.h"

/* The messages that hold extensions, as bits of the table. */
enum {
    TLSC_IN_CH = 1 << 0,
    TLSC_IN_SH = 1 << 1,
    TLSC_IN_EE = 1 << 2,
    TLSC_IN_CT = 1 << 3,
    TLSC_IN_CR = 1 << 4,
    TLSC_IN_NST = 1 << 5,
    TLSC_IN_HRR = 1 << 6,
    TLSC_IN_SH12 = 1 << 7
};

/* Rows of the table, and their code points. */
typedef enum tlsc_ext {
#define TLSC_EXT(name, code, where) TLSC_EXT_##name,
#include "wire/ext_table.def"
#undef TLSC_EXT
    TLSC_EXT_COUNT
} tlsc_ext;

enum {
#define TLSC_EXT(name, code, where) TLSC_EXTCODE_##name = (code),
#include "wire/ext_table.def"
#undef TLSC_EXT
    TLSC_EXTCODE_END_
};

/* A block's known extensions, as borrowed views of their contents. */
typedef struct tlsc_exts {
    tlsc_bytes data[TLSC_EXT_COUNT];
    uint32_t present;   /* a bit per row */
    uint16_t last_code; /* code point of the last extension, 0xffff if there was none */
    bool has_unknown;   /* one that isn't in the table */
    tlsc_bytes raw;     /* the block, without its length */
} tlsc_exts;

_Static_assert(TLSC_EXT_COUNT <= 32, "tlsc_exts.present has a bit per row");

/* Sorts `block` (Extension extensions<..> without its length) for the message `in` (TLSC_IN_...).
 * errors: TLSC_E_DECODE, TLSC_E_DUPLICATE_EXTENSION (unknown ones count too),
 * TLSC_E_MISPLACED_EXTENSION. */
tlsc_err tlsc_exts_parse(tlsc_exts *out, tlsc_bytes block, unsigned in);

static inline bool tlsc_exts_has(const tlsc_exts *e, tlsc_ext which)
{
    return (e->present >> which & 1u) != 0;
}

/* Opens an extension for writing; its contents follow, then tlsc_wr_close. */
tlsc_wr_mark tlsc_ext_open(tlsc_wr *w, uint16_t code);

/* An extension without contents, if it is wanted; and the check of one that came. errors: TLSC_E_DECODE */
void tlsc_ext_empty_emit(tlsc_wr *w, bool wanted, uint16_t code);
tlsc_err tlsc_ext_empty_parse(tlsc_bytes content);

/* The same for one whose contents are a byte. */
void tlsc_ext_u8_emit(tlsc_wr *w, bool wanted, uint16_t code, uint8_t v);
tlsc_err tlsc_ext_u8_parse(tlsc_bytes content, uint8_t *v);

/* Runs `parse`, which may use `content`, if `exts` (a tlsc_exts) holds the extension. */
#define TLSC_EXT_WITH(exts, name, parse)                     \
    do {                                                     \
        if (tlsc_exts_has(exts, TLSC_EXT_##name)) {          \
            tlsc_bytes content = (exts)->data[TLSC_EXT_##name]; \
            tlsc_err with_result_ = (parse);                 \
            if (with_result_ != TLSC_OK) {                   \
                return with_result_;                         \
            }                                                \
        }                                                    \
    } while (0)

/* Content that is one list of uint16: T list<floor..ceiling> behind a length of 1 or 2 bytes.
 * errors: TLSC_E_DECODE, also for an odd number of bytes. */
tlsc_err tlsc_ext_u16_list(tlsc_bytes content, unsigned length_bytes, size_t floor,
                           tlsc_bytes *out);

/* The server's answer to ALPN: a list of exactly one name. errors: TLSC_E_DECODE. RFC 7301 3.1 */
tlsc_err tlsc_ext_alpn_answer_parse(tlsc_bytes *name, tlsc_bytes content);
/* Writes that extension; nothing for an empty name. */
void tlsc_ext_alpn_answer_emit(tlsc_wr *w, tlsc_bytes name);

#endif
