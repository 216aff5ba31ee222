/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/file.c: stdio to tlsc_buf. */
#include "file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { FILE_MAX = 16 << 20 };

tlsc_buf test_file(const char *path)
{
    const char *root = getenv("TLSX_SRCDIR");
    char name[1024];
    (void)snprintf(name, sizeof(name), "%s/%s", root == NULL ? "." : root, path);
    FILE *f = fopen(name, "rb");
    if (f == NULL) {
        fail_msg("no file %s", name);
    }
    tlsc_buf b = tlsc_buf_of(FILE_MAX);
    uint8_t chunk[4096];
    size_t n;
    while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0) {
        assert_int_equal(tlsc_buf_append(&b, (tlsc_bytes){ chunk, n }), TLSC_OK);
    }
    (void)fclose(f);
    return b;
}
