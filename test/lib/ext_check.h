/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/ext_check.h: a message's extensions, each of the table in the same way. */
#ifndef TEST_LIB_EXT_CHECK_H
#define TEST_LIB_EXT_CHECK_H

#include "wire/extensions.h"

/* Contents that an extension may have in the message under test. */
typedef struct ext_sample {
    uint16_t code;
    tlsc_bytes content;
    bool opaque; /* nobody looks into it: any other contents are as good */
} ext_sample;

typedef struct ext_case {
    tlsc_err (*parse)(tlsc_bytes block); /* the message with this block, which has no length yet */
    unsigned in;                         /* TLSC_IN_... */
    tlsc_bytes always;                   /* extensions without which it isn't whole, or NULL */
    const ext_sample *samples;           /* one for each extension that may stand in it */
    size_t num_samples;
} ext_case;

/* Checks for every extension of wire/ext_table.def: where it is allowed, its sample is read, refused
 * twice, and refused with a byte less or more in it; where it isn't, it is refused as misplaced. And
 * for unknown ones: passed over, refused twice. */
void ext_check(const ext_case *c);

#endif
