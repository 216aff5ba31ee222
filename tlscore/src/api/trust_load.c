/* SPDX-License-Identifier: Apache-2.0 */
/* api/trust_load.c: anchors from PEM texts, files, directories and the system. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "auth/pem.h"
#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "x509/trust_store.h"

enum {
    FILE_MAX = 64 << 20,
    CERTIFICATE_MAX = 1 << 20,
    PATH_MAX_BYTES = 4096
};

static void skip(tlsc_trust_builder *b, const char *file, tlsc_cert_where where, tlsc_err error)
{
    tlsc_trust_skip s = { sizeof(s), file, where, error };
    b->num_skipped++;
    if (b->on_skip != NULL) {
        b->on_skip(b->ctx, &s);
    }
}

/* ---- PEM ---- */

static tlsc_err add_block(tlsc_trust_builder *b, const tlsc_pem_block *block)
{
    tlsc_buf der = tlsc_buf_of(CERTIFICATE_MAX);
    TRY(tlsc_pem_decode(block, &der));
    tlsc_err rc = tlsc_trust_add_der(b, tlsc_buf_bytes(&der));
    tlsc_buf_clear(&der);
    return rc;
}

tlsc_err tlsc_trust_add_pem(tlsc_trust_builder *b, tlsc_bytes text, const char *file)
{
    tlsc_pem pem = tlsc_pem_of(text);
    tlsc_pem_block block;
    do {
        tlsc_err rc = tlsc_pem_next(&pem, &block);
        if (rc == TLSC_OK && (block.kind == TLSC_PEM_CERTIFICATE ||
                              block.kind == TLSC_PEM_TRUSTED_CERTIFICATE)) {
            rc = add_block(b, &block);
        } else if (rc != TLSC_OK) {
            block.kind = TLSC_PEM_OTHER; /* the next one may be whole */
        }
        if (rc == TLSC_E_NO_MEMORY) {
            return rc;
        }
        if (rc != TLSC_OK) {
            skip(b, file, block.where, rc);
        }
    } while (block.kind != TLSC_PEM_END);
    return TLSC_OK;
}

/* ---- files ---- */

/* Reads a whole file. out: owned by the caller, freed with tlsc_mem_free. */
static tlsc_err read_file(const char *path, tlsc_bytes *out)
{
    struct stat st;
    tlsc_err rc = TLSC_E_FILE;
    uint8_t *p = NULL;
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        return TLSC_E_FILE;
    }
    if (fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode) && st.st_size <= FILE_MAX) {
        p = (uint8_t *)tlsc_mem_alloc((size_t)st.st_size);
        rc = p == NULL ? TLSC_E_NO_MEMORY : TLSC_OK;
    }
    if (rc == TLSC_OK) {
        *out = tlsc_bytes_of(p, fread(p, 1, (size_t)st.st_size, f));
        rc = ferror(f) != 0 ? TLSC_E_FILE : TLSC_OK;
    }
    (void)fclose(f); /* it was only read */
    if (rc != TLSC_OK) {
        tlsc_mem_free(p);
    }
    return rc;
}

tlsc_err tlsc_trust_add_file(tlsc_trust_builder *b, const char *path)
{
    tlsc_bytes text;
    TRY(read_file(path, &text));
    tlsc_err rc = tlsc_trust_add_pem(b, text, path);
    tlsc_mem_free((void *)(uintptr_t)text.p);
    return rc;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a directory, sorted; hidden ones left out. */
typedef struct name_list {
    char **names;
    size_t num;
    size_t cap;
} name_list;

static void free_names(name_list *list)
{
    for (size_t i = 0; i < list->num; i++) {
        free(list->names[i]);
    }
    free((void *)list->names);
}

static tlsc_err add_name(name_list *list, const char *name)
{
    if (list->num == list->cap) {
        size_t cap = list->cap == 0 ? 64 : 2 * list->cap;
        char **names = (char **)realloc((void *)list->names, cap * sizeof(*names));
        if (names == NULL) {
            return TLSC_E_NO_MEMORY;
        }
        list->names = names;
        list->cap = cap;
    }
    list->names[list->num] = strdup(name);
    return list->names[list->num] == NULL ? TLSC_E_NO_MEMORY : (list->num++, TLSC_OK);
}

static tlsc_err list_directory(const char *path, name_list *out)
{
    tlsc_err rc = TLSC_OK;
    DIR *d = opendir(path);
    if (d == NULL) {
        return TLSC_E_FILE;
    }
    for (struct dirent *e = readdir(d); e != NULL && rc == TLSC_OK; e = readdir(d)) {
        if (e->d_name[0] != '.') {
            rc = add_name(out, e->d_name);
        }
    }
    (void)closedir(d);
    if (rc == TLSC_OK && out->num > 0) {
        qsort((void *)out->names, out->num, sizeof(out->names[0]), by_name);
    }
    return rc;
}

static bool is_directory(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static tlsc_err add_entry(tlsc_trust_builder *b, const char *directory, const char *name)
{
    char path[PATH_MAX_BYTES];
    int n = snprintf(path, sizeof(path), "%s/%s", directory, name);
    if (n < 0 || (size_t)n >= sizeof(path)) {
        skip(b, directory, (tlsc_cert_where){ 0 }, TLSC_E_FILE);
        return TLSC_OK;
    }
    if (is_directory(path)) {
        return TLSC_OK;
    }
    tlsc_err rc = tlsc_trust_add_file(b, path);
    if (rc == TLSC_E_FILE) {
        skip(b, path, (tlsc_cert_where){ 0 }, rc);
        return TLSC_OK;
    }
    return rc;
}

tlsc_err tlsc_trust_add_directory(tlsc_trust_builder *b, const char *path)
{
    name_list list = { 0 };
    tlsc_err rc = list_directory(path, &list);
    for (size_t i = 0; i < list.num && rc == TLSC_OK; i++) {
        rc = add_entry(b, path, list.names[i]);
    }
    free_names(&list);
    return rc;
}

/* ---- the system ---- */

/* Debian and Arch, Fedora, openSUSE, older Red Hat, Alpine and the BSDs. */
static const char *const bundles[] = {
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
    "/usr/local/share/certs/ca-root-nss.crt",
};

static const char *const directories[] = {
    "/etc/ssl/certs",
    "/etc/pki/tls/certs",
};

static const char *setting(const char *variable)
{
    const char *value = getenv(variable);
    return value == NULL || value[0] == '\0' ? NULL : value;
}

/* Directories with colons between them. One that can't be read is skipped and counted. */
static tlsc_err add_directories(tlsc_trust_builder *b, const char *list)
{
    while (*list != '\0') {
        char path[PATH_MAX_BYTES];
        size_t n = strcspn(list, ":");
        if (n > 0 && n < sizeof(path)) {
            memcpy(path, list, n);
            path[n] = '\0';
            tlsc_err rc = tlsc_trust_add_directory(b, path);
            if (rc == TLSC_E_FILE) {
                skip(b, path, (tlsc_cert_where){ 0 }, rc);
            } else if (rc != TLSC_OK) {
                return rc;
            }
        }
        list += n + (list[n] == ':' ? 1 : 0);
    }
    return TLSC_OK;
}

static tlsc_err add_known_places(tlsc_trust_builder *b)
{
    tlsc_err rc = TLSC_E_FILE;
    for (size_t i = 0; i < TLSC_COUNT(bundles) && rc == TLSC_E_FILE; i++) {
        rc = tlsc_trust_add_file(b, bundles[i]);
    }
    for (size_t i = 0; i < TLSC_COUNT(directories) && rc == TLSC_E_FILE; i++) {
        rc = tlsc_trust_add_directory(b, directories[i]);
    }
    return rc;
}

tlsc_err tlsc_trust_add_system(tlsc_trust_builder *b)
{
    const char *file = setting("SSL_CERT_FILE");
    const char *dirs = setting("SSL_CERT_DIR");
    if (file == NULL && dirs == NULL) {
        return add_known_places(b);
    }
    if (file != NULL) {
        TRY(tlsc_trust_add_file(b, file));
    }
    return dirs == NULL ? TLSC_OK : add_directories(b, dirs);
}
