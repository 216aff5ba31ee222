/* SPDX-License-Identifier: Apache-2.0 */
/* api/load.c: entries from PEM texts, files and directories. */
#include "api/load.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"

enum { PATH_MAX_BYTES = 4096, DER_SEQUENCE = 0x30 };

void tlsc_load_skip(const tlsc_loader *l, const char *file, tlsc_cert_where where, tlsc_err error)
{
    tlsc_trust_skip s = { sizeof(s), file, where, error };
    ++*l->num_skipped;
    if (l->on_skip != NULL) {
        l->on_skip(l->ctx, &s);
    }
}

/* ---- PEM ---- */

static tlsc_err add_copy(const tlsc_loader *l, const tlsc_pem_block *block)
{
    tlsc_buf der = tlsc_buf_of(l->entry_max);
    TRY(tlsc_pem_decode(block, &der));
    tlsc_err rc = l->add(l->builder, tlsc_buf_bytes(&der));
    tlsc_buf_clear(&der);
    return rc;
}

static tlsc_err add_in_place(const tlsc_loader *l, const tlsc_pem_block *block)
{
    tlsc_bytes der;
    TRY(tlsc_pem_decode_in_place(block, &der));
    return l->add(l->builder, der);
}

typedef tlsc_err add_block(const tlsc_loader *l, const tlsc_pem_block *block);

static tlsc_err add_blocks(const tlsc_loader *l, tlsc_bytes text, const char *file, add_block *add)
{
    tlsc_pem pem = tlsc_pem_of(text);
    tlsc_pem_block block;
    do {
        tlsc_err rc = tlsc_pem_next(&pem, &block);
        if (rc == TLSC_OK && (block.kind == l->kinds[0] || block.kind == l->kinds[1])) {
            rc = add(l, &block);
        } else if (rc != TLSC_OK) {
            block.kind = TLSC_PEM_OTHER; /* the next one may be whole */
        }
        if (rc == TLSC_E_NO_MEMORY) {
            return rc;
        }
        if (rc != TLSC_OK) {
            tlsc_load_skip(l, file, block.where, rc);
        }
    } while (block.kind != TLSC_PEM_END);
    return TLSC_OK;
}

tlsc_err tlsc_load_pem(const tlsc_loader *l, tlsc_bytes text, const char *file)
{
    return add_blocks(l, text, file, add_copy);
}

/* ---- files ---- */

static bool is_regular(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

tlsc_err tlsc_load_read(const char *path, size_t max, tlsc_bytes *out)
{
    struct stat st;
    tlsc_err rc = TLSC_E_FILE;
    uint8_t *p = NULL;
    /* to open a FIFO would wait for who writes into it */
    FILE *f = is_regular(path) ? fopen(path, "rb") : NULL;
    if (f == NULL) {
        return TLSC_E_FILE;
    }
    (void)setvbuf(f, NULL, _IONBF, 0); /* a key isn't left behind in stdio's buffer */
    if (fstat(fileno(f), &st) == 0 && S_ISREG(st.st_mode) && (uint64_t)st.st_size <= max) {
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

static tlsc_err add_der(const tlsc_loader *l, tlsc_bytes der, const char *file)
{
    tlsc_err rc = l->add(l->builder, der);
    if (rc != TLSC_OK && rc != TLSC_E_NO_MEMORY) {
        tlsc_load_skip(l, file, (tlsc_cert_where){ 0 }, rc);
        return TLSC_OK;
    }
    return rc;
}

tlsc_err tlsc_load_file(const tlsc_loader *l, const char *path)
{
    tlsc_bytes text;
    TRY(tlsc_load_read(path, l->file_max, &text));
    bool is_der = l->der_files && text.n > 0 && text.p[0] == DER_SEQUENCE;
    tlsc_err rc = is_der ? add_der(l, text, path) : add_blocks(l, text, path, add_in_place);
    tlsc_mem_free((void *)(uintptr_t)text.p);
    return rc;
}

/* ---- directories ---- */

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

static tlsc_err load_entry(const tlsc_loader *l, const char *directory, const char *name)
{
    char path[PATH_MAX_BYTES];
    int n = snprintf(path, sizeof(path), "%s/%s", directory, name);
    if (n < 0 || (size_t)n >= sizeof(path)) {
        tlsc_load_skip(l, directory, (tlsc_cert_where){ 0 }, TLSC_E_FILE);
        return TLSC_OK;
    }
    if (is_directory(path)) {
        return TLSC_OK;
    }
    tlsc_err rc = tlsc_load_file(l, path);
    if (rc == TLSC_E_FILE) {
        tlsc_load_skip(l, path, (tlsc_cert_where){ 0 }, rc);
        return TLSC_OK;
    }
    return rc;
}

tlsc_err tlsc_load_directory(const tlsc_loader *l, const char *path)
{
    name_list list = { 0 };
    tlsc_err rc = list_directory(path, &list);
    for (size_t i = 0; i < list.num && rc == TLSC_OK; i++) {
        rc = load_entry(l, path, list.names[i]);
    }
    free_names(&list);
    return rc;
}
