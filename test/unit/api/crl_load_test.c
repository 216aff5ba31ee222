/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crl_maker.h"
#include "unit.h"

/* What was skipped last, and how often. */
typedef struct heard {
    unsigned times;
    char file[256];
    tlsc_cert_where where;
    tlsc_err error;
} heard;

static void on_skip(void *ctx, const tlsc_trust_skip *skip)
{
    heard *h = (heard *)ctx;
    h->times++;
    (void)snprintf(h->file, sizeof(h->file), "%s", skip->file == NULL ? "" : skip->file);
    h->where = skip->where;
    h->error = skip->error;
}

typedef struct scene {
    const tlsc_trust_store *trust;
    tlsc_crl_builder *builder;
    heard heard;
    char folder[64];
    tlsc_buf good; /* a CRL, DER */
    tlsc_buf alien; /* one of somebody else */
} scene;

static int open_scene(void **state)
{
    scene *s = (scene *)tlsc_mem_zalloc(sizeof(*s));
    const cert_spec root = { .subject = "root", .issuer = "root", .key = 1, .signer = 1,
                             .ca = true, .path_len = -1, .signs_crls = true };
    const crl_spec good = { .issuer = "root", .signer = 1 };
    const crl_spec alien = { .issuer = "other", .signer = 2 };
    tlsc_trust_builder *b = tlsc_trust_builder_new(stub_provider(), NULL, NULL);
    tlsc_buf der = make_cert(&root);
    assert_ok(tlsc_trust_add_der(b, tlsc_buf_bytes(&der)));
    assert_ok(tlsc_trust_build(b, &s->trust));
    tlsc_trust_builder_free(b);
    tlsc_buf_clear(&der);
    s->builder = tlsc_crl_builder_new(s->trust, on_skip, &s->heard);
    s->good = make_crl(&good);
    s->alien = make_crl(&alien);
    (void)snprintf(s->folder, sizeof(s->folder), "/tmp/tlsc-crl-XXXXXX");
    assert_non_null(mkdtemp(s->folder));
    *state = s;
    return 0;
}

static int close_scene(void **state)
{
    scene *s = (scene *)*state;
    char command[96];
    (void)snprintf(command, sizeof(command), "rm -rf %s", s->folder);
    assert_int_equal(system(command), 0);
    tlsc_crl_builder_free(s->builder);
    tlsc_trust_store_free(s->trust);
    tlsc_buf_clear(&s->good);
    tlsc_buf_clear(&s->alien);
    tlsc_mem_free(s);
    return 0;
}

static void append_text(tlsc_buf *to, const char *text)
{
    assert_ok(tlsc_buf_append(to, tlsc_bytes_of_str(text)));
}

/* Appends a block of PEM, in lines of 64. */
static void append_pem(tlsc_buf *to, const char *label, tlsc_bytes der)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char line[80];
    (void)snprintf(line, sizeof(line), "-----BEGIN %s-----\n", label);
    append_text(to, line);
    for (size_t i = 0; i < der.n; i += 3) {
        uint32_t v = 0;
        size_t n = der.n - i < 3 ? der.n - i : 3;
        for (size_t j = 0; j < 3; j++) {
            v = v << 8 | (j < n ? der.p[i + j] : 0);
        }
        const char out[] = { digits[v >> 18], digits[v >> 12 & 63],
                             n > 1 ? digits[v >> 6 & 63] : '=', n > 2 ? digits[v & 63] : '=',
                             i % 48 == 45 ? '\n' : ' ', '\0' };
        append_text(to, out);
    }
    (void)snprintf(line, sizeof(line), "\n-----END %s-----\n", label);
    append_text(to, line);
}

/* Writes a file into the scene's folder; its path through `path`. */
static void put(scene *s, const char *name, tlsc_bytes text, char path[128])
{
    (void)snprintf(path, 128, "%s/%s", s->folder, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(text.p, 1, text.n, f), text.n);
    assert_int_equal(fclose(f), 0);
}

/* A certificate, what is no CRL, one of nobody that is known, and a good one. */
static tlsc_buf mixed_text(const scene *s)
{
    tlsc_buf text = tlsc_buf_of(1 << 16);
    append_text(&text, "a comment\n");
    append_pem(&text, "CERTIFICATE", BYTES(0x30, 0x00));
    append_pem(&text, "X509 CRL", BYTES(0x30, 0x00));
    append_pem(&text, "X509 CRL", tlsc_buf_bytes(&s->alien));
    append_pem(&text, "X509 CRL", tlsc_buf_bytes(&s->good));
    return text;
}

static void check_mixed(const scene *s, const char *file)
{
    assert_int_equal(tlsc_crl_num_added(s->builder), 1);
    assert_int_equal(tlsc_crl_num_skipped(s->builder), 2);
    assert_int_equal(s->heard.times, 2);
    assert_string_equal(s->heard.file, file);
    assert_int_equal(s->heard.where.block, 3);
    assert_err(s->heard.error, TLSC_E_CRL_ISSUER);
}

static void bad_blocks_are_skipped_and_told(void **state)
{
    scene *s = (scene *)*state;
    tlsc_buf text = mixed_text(s);
    tlsc_buf before = mixed_text(s);
    assert_ok(tlsc_crl_add_pem(s->builder, tlsc_buf_bytes(&text), "crls.pem"));
    assert_bytes_equal(tlsc_buf_bytes(&text), tlsc_buf_bytes(&before));
    check_mixed(s, "crls.pem");
    tlsc_buf_clear(&text);
    tlsc_buf_clear(&before);
}

static void a_file_of_pem(void **state)
{
    scene *s = (scene *)*state;
    char path[128];
    tlsc_buf text = mixed_text(s);
    put(s, "crls.pem", tlsc_buf_bytes(&text), path);
    assert_ok(tlsc_crl_add_file(s->builder, path));
    check_mixed(s, path);
    tlsc_buf_clear(&text);
}

static void a_file_of_der(void **state)
{
    scene *s = (scene *)*state;
    char path[128];
    put(s, "a.crl", tlsc_buf_bytes(&s->good), path);
    assert_ok(tlsc_crl_add_file(s->builder, path));
    assert_int_equal(tlsc_crl_num_added(s->builder), 1);
    assert_int_equal(s->heard.times, 0);
    put(s, "b.crl", tlsc_bytes_of(s->good.p, s->good.n - 1), path);
    assert_ok(tlsc_crl_add_file(s->builder, path));
    assert_int_equal(s->heard.times, 1);
    assert_string_equal(s->heard.file, path);
    assert_err(s->heard.error, TLSC_E_BAD_DER);
    assert_err(tlsc_crl_add_file(s->builder, "/nonexistent"), TLSC_E_FILE);
    assert_err(tlsc_crl_add_file(s->builder, s->folder), TLSC_E_FILE);
}

static void a_directory_of_both(void **state)
{
    scene *s = (scene *)*state;
    char path[128];
    tlsc_buf text = tlsc_buf_of(1 << 16);
    append_pem(&text, "X509 CRL", tlsc_buf_bytes(&s->alien));
    put(s, "b.crl", tlsc_buf_bytes(&s->good), path);
    put(s, "a.pem", tlsc_buf_bytes(&text), path);
    put(s, "empty", (tlsc_bytes){ (const uint8_t *)"", 0 }, path);
    put(s, ".hidden", BYTES(0x30), path);
    (void)snprintf(path, sizeof(path), "%s/c.crl", s->folder);
    assert_int_equal(symlink("b.crl", path), 0); /* the same again, as c_rehash makes it */
    (void)snprintf(path, sizeof(path), "%s/sub", s->folder);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_ok(tlsc_crl_add_directory(s->builder, s->folder));
    assert_int_equal(tlsc_crl_num_added(s->builder), 1);
    assert_int_equal(tlsc_crl_num_skipped(s->builder), 1);
    assert_err(tlsc_crl_add_directory(s->builder, "/nonexistent"), TLSC_E_FILE);
    tlsc_buf_clear(&text);
}

static void without_memory_adding_fails_and_leaves_nothing(void **state)
{
    scene *s = (scene *)*state;
    char path[128];
    tlsc_mem_stats before;
    tlsc_mem_stats after;
    tlsc_buf text = tlsc_buf_of(1 << 16);
    append_pem(&text, "X509 CRL", tlsc_buf_bytes(&s->good));
    put(s, "a.pem", tlsc_buf_bytes(&text), path);
    tlsc_mem_get_stats(&before);
    tlsc_err rc = TLSC_E_NO_MEMORY;
    for (unsigned n = 1; rc != TLSC_OK; n++) {
        tlsc_mem_fail_at(n, false);
        tlsc_crl_builder *b = tlsc_crl_builder_new(s->trust, on_skip, &s->heard);
        rc = b == NULL ? TLSC_E_NO_MEMORY : tlsc_crl_add_file(b, path);
        tlsc_mem_fail_at(0, false);
        assert_true(rc == TLSC_OK || rc == TLSC_E_NO_MEMORY);
        tlsc_crl_builder_free(b);
        tlsc_mem_get_stats(&after);
        assert_int_equal(after.live, before.live);
    }
    assert_int_equal(s->heard.times, 0);
    tlsc_buf_clear(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(bad_blocks_are_skipped_and_told, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(a_file_of_pem, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(a_file_of_der, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(a_directory_of_both, open_scene, close_scene),
        cmocka_unit_test_setup_teardown(without_memory_adding_fails_and_leaves_nothing,
                                        open_scene, close_scene),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
