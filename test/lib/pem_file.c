/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/pem_file.c: on top of auth/pem.c, which pem_test.c holds to OpenSSL's own output. */
#include "pem_file.h"

#include <stdio.h>

#include "auth/pem.h"
#include "file.h"
#include "unit.h"

static tlsc_buf read_certs(const char *name)
{
    char path[256];
    (void)snprintf(path, sizeof(path), "test/vectors/certs/%s", name);
    return test_file(path);
}

tlsc_buf test_der(const char *name)
{
    tlsc_buf text = read_certs(name);
    tlsc_buf der = tlsc_buf_of(text.n);
    tlsc_pem pem = tlsc_pem_of(tlsc_buf_bytes(&text));
    tlsc_pem_block block;
    assert_ok(tlsc_pem_next(&pem, &block));
    assert_ok(tlsc_pem_decode(&block, &der));
    tlsc_buf_clear(&text);
    return der;
}

tlsc_buf test_pem(const char *first, const char *second)
{
    tlsc_buf text = read_certs(first);
    if (second != NULL) {
        tlsc_buf more = read_certs(second);
        assert_ok(tlsc_buf_append(&text, tlsc_buf_bytes(&more)));
        tlsc_buf_clear(&more);
    }
    return text;
}
