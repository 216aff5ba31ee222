/* SPDX-License-Identifier: Apache-2.0 */
#include "tlscore/cert.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pem_file.h"
#include "unit.h"

static char folder[] = "/tmp/tlsc-credential-XXXXXX";

/* The path of one of test/vectors/certs. One at a time of each `slot`. */
static const char *vector(unsigned slot, const char *name)
{
    static char paths[2][1024];
    const char *root = getenv("TLSX_SRCDIR");
    (void)snprintf(paths[slot], sizeof(paths[slot]), "%s/test/vectors/certs/%s",
                   root == NULL ? "." : root, name);
    return paths[slot];
}

static const char *here(const char *name)
{
    static char path[128];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static int make_folder(void **state)
{
    (void)state;
    FILE *f;
    if (mkdtemp(folder) == NULL || mkfifo(here("fifo"), 0600) != 0 ||
        (f = fopen(here("empty"), "wb")) == NULL) {
        return -1;
    }
    return fclose(f);
}

static int remove_folder(void **state)
{
    (void)state;
    return unlink(here("fifo")) | unlink(here("empty")) | rmdir(folder);
}

static tlsc_err load(const char *chain, const char *key, tlsc_credential **out,
                     tlsc_cert_where *where)
{
    return tlsc_credential_from_files(tlsc_provider_default(), chain, key, out, where);
}

static void assert_fails(const char *chain, const char *key, tlsc_err expected, unsigned block)
{
    tlsc_mem_stats before, after;
    tlsc_cert_where where = { 99, 99 };
    tlsc_credential *c = (tlsc_credential *)&before;
    tlsc_mem_get_stats(&before);
    assert_err(load(chain, key, &c, &where), expected);
    tlsc_mem_get_stats(&after);
    assert_null(c);
    assert_int_equal(where.block, block);
    assert_int_equal(after.live, before.live);
}

static void chain_and_key_come_from_one_file_or_two(void **state)
{
    (void)state;
    tlsc_credential *c;
    assert_ok(load(vector(0, "p256.crt.pem"), vector(1, "p256.key.pem"), &c, NULL));
    assert_string_equal(tlsc_credential_kind(c), "ECDSA P-256");
    tlsc_credential_free(c);
    tlsc_buf both = test_pem("p256.crt.pem", "p256.key.pem");
    FILE *f = fopen(here("both"), "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(both.p, 1, both.n, f), both.n);
    assert_int_equal(fclose(f), 0);
    tlsc_buf_clear(&both);
    assert_ok(load(here("both"), NULL, &c, NULL));
    assert_int_equal(unlink(here("both")), 0);
    assert_string_equal(tlsc_credential_kind(c), "ECDSA P-256");
    tlsc_credential_free(c);
}

static void what_is_no_file_is_an_error_and_not_waited_for(void **state)
{
    (void)state;
    const char *chain = vector(0, "p256.crt.pem");
    assert_fails("/nonexistent", NULL, TLSC_E_FILE, 0);
    assert_fails(chain, "/nonexistent", TLSC_E_FILE, 0);
    assert_fails(folder, NULL, TLSC_E_FILE, 0);
    assert_fails(here("fifo"), NULL, TLSC_E_FILE, 0);
    assert_fails(chain, here("fifo"), TLSC_E_FILE, 0);
}

static void what_the_files_lack_is_named(void **state)
{
    (void)state;
    const char *chain = vector(0, "p256.crt.pem");
    assert_fails(here("empty"), NULL, TLSC_E_NO_PEM_CERTIFICATE, 0);
    assert_fails(chain, NULL, TLSC_E_NO_PEM_KEY, 0);
    assert_fails(chain, here("empty"), TLSC_E_NO_PEM_KEY, 0);
    assert_fails(chain, vector(1, "p384.key.pem"), TLSC_E_KEY_MISMATCH, 1);
    assert_fails(chain, vector(1, "encrypted.pkcs8.pem"), TLSC_E_ENCRYPTED_KEY, 1);
}

static void each_allocation_may_fail(void **state)
{
    (void)state;
    const char *chain = vector(0, "p256.crt.pem"), *key = vector(1, "p256.key.pem");
    tlsc_err rc = TLSC_E_NO_MEMORY;
    unsigned n = 0;
    while (rc != TLSC_OK && ++n < 1000) {
        tlsc_credential *c;
        tlsc_mem_stats before, after;
        tlsc_mem_get_stats(&before);
        tlsc_mem_fail_at(n, true);
        rc = load(chain, key, &c, NULL);
        tlsc_mem_fail_at(0, false);
        assert_true(rc == TLSC_OK || c == NULL);
        tlsc_credential_free(c);
        tlsc_mem_get_stats(&after);
        assert_int_equal(after.live, before.live);
    }
    assert_ok(rc);
    assert_true(n > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chain_and_key_come_from_one_file_or_two),
        cmocka_unit_test(what_is_no_file_is_an_error_and_not_waited_for),
        cmocka_unit_test(what_the_files_lack_is_named),
        cmocka_unit_test(each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
