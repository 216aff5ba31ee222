/* SPDX-License-Identifier: Apache-2.0 */
#include "tlscore/trust.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cert_maker.h"
#include "pem_file.h"
#include "tlscore/x509.h"
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
    assert_int_equal(skip->size, sizeof(*skip));
}

typedef struct scene {
    tlsc_trust_builder *builder;
    heard heard;
    char folder[64];
} scene;

static int open_scene(void **state)
{
    scene *s = (scene *)tlsc_mem_zalloc(sizeof(*s));
    s->builder = tlsc_trust_builder_new(tlsc_provider_default(), on_skip, &s->heard);
    (void)snprintf(s->folder, sizeof(s->folder), "/tmp/tlsc-trust-XXXXXX");
    assert_non_null(mkdtemp(s->folder));
    assert_int_equal(unsetenv("SSL_CERT_FILE"), 0);
    assert_int_equal(unsetenv("SSL_CERT_DIR"), 0);
    *state = s;
    return 0;
}

static int close_scene(void **state)
{
    scene *s = (scene *)*state;
    char command[96];
    (void)snprintf(command, sizeof(command), "rm -rf %s", s->folder);
    assert_int_equal(system(command), 0);
    tlsc_trust_builder_free(s->builder);
    tlsc_mem_free(s);
    return 0;
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

static void bad_entries_are_skipped_and_told(void **state)
{
    scene *s = (scene *)*state;
    tlsc_buf good = test_pem("root.crt.pem", "intermediate.crt.pem");
    static const char junk[] = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
                               "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n";
    tlsc_buf text = tlsc_buf_of(1 << 20);
    assert_ok(tlsc_buf_append(&text, TEXT("a comment\n")));
    assert_ok(tlsc_buf_append(&text, TEXT(junk)));
    assert_ok(tlsc_buf_append(&text, tlsc_buf_bytes(&good)));
    assert_ok(tlsc_trust_add_pem(s->builder, tlsc_buf_bytes(&text), "roots.pem"));
    assert_int_equal(tlsc_trust_num_added(s->builder), 2);
    assert_int_equal(tlsc_trust_num_skipped(s->builder), 1);
    assert_int_equal(s->heard.times, 1);
    assert_string_equal(s->heard.file, "roots.pem");
    assert_int_equal(s->heard.where.block, 1);
    assert_int_equal(s->heard.where.line, 2);
    assert_err(s->heard.error, TLSC_E_BAD_DER);
    /* a block that never ends */
    assert_ok(tlsc_trust_add_pem(s->builder, TEXT("-----BEGIN CERTIFICATE-----\nAAAA\n"), NULL));
    assert_int_equal(s->heard.times, 2);
    assert_err(s->heard.error, TLSC_E_PEM);
    assert_string_equal(s->heard.file, "");
    tlsc_buf_clear(&good);
    tlsc_buf_clear(&text);
}

static void keys_that_arent_served_are_no_anchors(void **state)
{
    scene *s = (scene *)*state;
    tlsc_buf text = test_pem("ed448.crt.pem", "rsa1024.crt.pem");
    assert_ok(tlsc_trust_add_pem(s->builder, tlsc_buf_bytes(&text), NULL));
    assert_int_equal(tlsc_trust_num_added(s->builder), 0);
    assert_int_equal(s->heard.times, 2);
    assert_err(s->heard.error, TLSC_E_UNSUPPORTED_KEY);
    tlsc_buf_clear(&text);
}

static void a_trusted_certificate_is_one(void **state)
{
    scene *s = (scene *)*state;
    tlsc_buf text = test_pem("trusted.crt.pem", NULL);
    assert_ok(tlsc_trust_add_pem(s->builder, tlsc_buf_bytes(&text), NULL));
    assert_int_equal(tlsc_trust_num_added(s->builder), 1);
    assert_int_equal(s->heard.times, 0);
    tlsc_buf_clear(&text);
}

static void files_and_directories(void **state)
{
    scene *s = (scene *)*state;
    char path[128];
    tlsc_buf root = test_pem("root.crt.pem", NULL);
    tlsc_buf two = test_pem("root.crt.pem", "intermediate.crt.pem");
    put(s, "b.pem", tlsc_buf_bytes(&root), path);
    assert_ok(tlsc_trust_add_file(s->builder, path));
    assert_int_equal(tlsc_trust_num_added(s->builder), 1);
    put(s, "a.pem", tlsc_buf_bytes(&two), path);
    put(s, ".hidden.pem", TEXT("-----BEGIN CERTIFICATE-----\n"), path);
    put(s, "empty", TEXT(""), path);
    (void)snprintf(path, sizeof(path), "%s/dangling", s->folder);
    assert_int_equal(symlink("/nonexistent", path), 0);
    (void)snprintf(path, sizeof(path), "%s/sub", s->folder);
    assert_int_equal(mkdir(path, 0700), 0);
    (void)snprintf(path, sizeof(path), "%s/fifo", s->folder);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_ok(tlsc_trust_add_directory(s->builder, s->folder));
    assert_int_equal(tlsc_trust_num_added(s->builder), 2);
    assert_int_equal(s->heard.times, 2); /* the link to nowhere, and the FIFO, which nobody waits for */
    assert_err(s->heard.error, TLSC_E_FILE);
    assert_err(tlsc_trust_add_file(s->builder, path), TLSC_E_FILE);
    assert_err(tlsc_trust_add_file(s->builder, "/nonexistent"), TLSC_E_FILE);
    assert_err(tlsc_trust_add_file(s->builder, s->folder), TLSC_E_FILE);
    assert_err(tlsc_trust_add_directory(s->builder, "/nonexistent"), TLSC_E_FILE);
    tlsc_buf_clear(&root);
    tlsc_buf_clear(&two);
}

static void the_environment_names_what_the_system_trusts(void **state)
{
    scene *s = (scene *)*state;
    char path[128];
    char dirs[200];
    tlsc_buf root = test_pem("root.crt.pem", NULL);
    tlsc_buf inter = test_pem("intermediate.crt.pem", NULL);
    put(s, "root.pem", tlsc_buf_bytes(&root), path);
    assert_int_equal(setenv("SSL_CERT_FILE", path, 1), 0);
    assert_ok(tlsc_trust_add_system(s->builder));
    assert_int_equal(tlsc_trust_num_added(s->builder), 1);
    put(s, "inter.pem", tlsc_buf_bytes(&inter), path);
    (void)snprintf(dirs, sizeof(dirs), "/nonexistent::%s", s->folder);
    assert_int_equal(setenv("SSL_CERT_DIR", dirs, 1), 0);
    assert_ok(tlsc_trust_add_system(s->builder));
    assert_int_equal(tlsc_trust_num_added(s->builder), 2);
    assert_int_equal(s->heard.times, 1);
    assert_string_equal(s->heard.file, "/nonexistent");
    assert_int_equal(setenv("SSL_CERT_FILE", "/nonexistent", 1), 0);
    assert_err(tlsc_trust_add_system(s->builder), TLSC_E_FILE);
    /* empty is not set */
    assert_int_equal(setenv("SSL_CERT_FILE", "", 1), 0);
    assert_ok(tlsc_trust_add_system(s->builder));
    tlsc_buf_clear(&root);
    tlsc_buf_clear(&inter);
}

/* On Debian the bundle is ca-certificates': every root of it loads. */
/* Whose signatures are good, and how many were asked about. */
static tlsc_bytes signer;
static unsigned num_good;

static tlsc_err only_the_signers(uint16_t scheme, tlsc_bytes spki, tlsc_bytes message,
                              tlsc_bytes signature)
{
    (void)scheme;
    (void)message;
    (void)signature;
    if (!tlsc_bytes_equal(spki, signer)) {
        return TLSC_E_BAD_SIGNATURE; /* another root of the same name */
    }
    num_good++;
    return TLSC_OK;
}

/* A store of the system's roots; NULL where the system has none. */
static const tlsc_trust_store *load_roots(scene *s, tlsc_provider *provider)
{
    const tlsc_trust_store *store;
    if (access("/etc/ssl/certs/ca-certificates.crt", R_OK) != 0) {
        print_message("no /etc/ssl/certs/ca-certificates.crt here\n");
        return NULL;
    }
    *provider = *tlsc_provider_default();
    provider->verify = only_the_signers;
    tlsc_trust_builder *b = tlsc_trust_builder_new(provider, on_skip, &s->heard);
    assert_ok(tlsc_trust_add_system(b));
    assert_int_equal(tlsc_trust_num_skipped(b), 0);
    assert_true(tlsc_trust_num_added(b) > 100);
    assert_ok(tlsc_trust_build(b, &store));
    tlsc_trust_builder_free(b);
    return store;
}

static void all_roots_of_the_system_load(void **state)
{
    tlsc_provider provider;
    const tlsc_trust_store *store = load_roots((scene *)*state, &provider);
    if (store == NULL) {
        skip();
    }
    for (size_t i = 0; i < tlsc_trust_store_len(store); i++) {
        tlsc_x509 c = { .size = sizeof(c) };
        tlsc_x509_usage u = { .size = sizeof(u) };
        assert_ok(tlsc_x509_parse(&c, tlsc_trust_store_certificate(store, i)));
        assert_ok(tlsc_x509_usage_of(&c, &u));
        assert_true(c.version < 3 || (u.ca && (u.key_usage & TLSC_X509_KEY_CERT_SIGN) != 0));
    }
    tlsc_trust_store_free(store);
}

/* A leaf that names this root as its issuer, judged within both's validity. */
static tlsc_err judge_below(const tlsc_trust_store *store, const tlsc_x509 *root, bool later,
                            tlsc_verify_result *result)
{
    static const uint8_t rsa_sha256[] = { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                          0xf7, 0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00 };
    tlsc_x509_key key = { .size = sizeof(key) };
    assert_ok(tlsc_x509_key_of(root, &key));
    cert_spec leaf = { .subject = "leaf", .issuer_name = root->subject, .dns = "a.test", .no_key_ids = true };
    if (strncmp(key.name, "RSA", 3) == 0) {
        leaf.algorithm = tlsc_bytes_of(rsa_sha256, sizeof(rsa_sha256));
    }
    tlsc_buf der = make_cert(&leaf);
    tlsc_bytes sent = tlsc_buf_bytes(&der);
    const int64_t made_s = 1577836800; /* 2020-01-01, from when on the leaf is valid */
    int64_t first_s = root->not_before_s > made_s ? root->not_before_s : made_s;
    tlsc_verify_options options = { .size = sizeof(options),
                                    .now_s = later ? root->not_after_s + 1 : first_s };
    tlsc_verify_request request = { .size = sizeof(request),
                                    .certificates = &sent,
                                    .num_certificates = 1 };
    *result = (tlsc_verify_result){ .size = sizeof(*result) };
    assert_true(first_s <= root->not_after_s);
    tlsc_err rc = tlsc_verify_chain(store, &options, &request, result);
    tlsc_buf_clear(&der);
    return rc;
}

static void every_root_of_the_system_is_an_anchor(void **state)
{
    tlsc_provider provider;
    size_t num_twins = 0;
    const tlsc_trust_store *store = load_roots((scene *)*state, &provider);
    if (store == NULL) {
        skip();
    }
    for (size_t i = 0; i < tlsc_trust_store_len(store); i++) {
        tlsc_bytes der = tlsc_trust_store_certificate(store, i);
        tlsc_x509 root = { .size = sizeof(root) };
        tlsc_verify_result result;
        assert_ok(tlsc_x509_parse(&root, der));
        signer = root.spki;
        num_good = 0;
        assert_ok(judge_below(store, &root, false, &result));
        assert_int_equal(result.num_path, 2);
        assert_int_equal(num_good, 1);
        if (!tlsc_bytes_equal(result.path[1], der)) {
            num_twins++; /* another certificate with the same name and key */
            continue;
        }
        /* the second error where another root has the same name */
        tlsc_err rc = judge_below(store, &root, true, &result);
        assert_true(rc == TLSC_E_CERTIFICATE_EXPIRED || rc == TLSC_E_CERTIFICATE_SIGNATURE ||
                    !tlsc_bytes_equal(result.path[1], der));
    }
    assert_true(num_twins < 10);
    tlsc_trust_store_free(store);
}

static void without_memory_adding_fails_and_leaves_nothing(void **state)
{
    scene *s = (scene *)*state;
    tlsc_buf text = test_pem("root.crt.pem", "intermediate.crt.pem");
    tlsc_err rc = TLSC_E_NO_MEMORY;
    for (unsigned n = 1; rc == TLSC_E_NO_MEMORY; n++) {
        assert_true(n < 100);
        tlsc_trust_builder *b = tlsc_trust_builder_new(tlsc_provider_default(), on_skip, &s->heard);
        const tlsc_trust_store *store = NULL;
        const tlsc_trust *trust = NULL;
        tlsc_mem_fail_at(n, false);
        rc = tlsc_trust_add_pem(b, tlsc_buf_bytes(&text), NULL);
        if (rc == TLSC_OK) {
            rc = tlsc_trust_build(b, &store);
        }
        if (rc == TLSC_OK) {
            rc = tlsc_trust_new(store, NULL, &trust);
        }
        tlsc_mem_fail_at(0, false);
        tlsc_trust_free(trust);
        tlsc_trust_store_free(store);
        tlsc_trust_builder_free(b);
    }
    assert_ok(rc);
    assert_int_equal(s->heard.times, 0);
    tlsc_buf_clear(&text);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_scene, close_scene)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(bad_entries_are_skipped_and_told),
        TEST(keys_that_arent_served_are_no_anchors),
        TEST(a_trusted_certificate_is_one),
        TEST(files_and_directories),
        TEST(the_environment_names_what_the_system_trusts),
        TEST(all_roots_of_the_system_load),
        TEST(every_root_of_the_system_is_an_anchor),
        TEST(without_memory_adding_fails_and_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
