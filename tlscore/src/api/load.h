/* SPDX-License-Identifier: Apache-2.0 */
/* api/load.h: what trust stores and CRLs share: PEM texts, files and directories full of entries, of which bad
 * ones are skipped, counted and told. */
#ifndef TLSC_API_LOAD_H
#define TLSC_API_LOAD_H

#include "auth/pem.h"
#include "tlscore/trust.h"

/* Who takes the entries. add: one entry, DER, borrowed; of its errors TLSC_E_NO_MEMORY ends it all. */
typedef struct tlsc_loader {
    void *builder;
    tlsc_err (*add)(void *builder, tlsc_bytes der);
    tlsc_pem_kind kinds[2]; /* of PEM blocks that are entries; the others are passed over */
    bool der_files;         /* a file may be one entry in DER */
    size_t file_max;        /* bytes */
    size_t entry_max;       /* bytes of one in a text that isn't ours */
    tlsc_trust_on_skip *on_skip;
    void *ctx;
    size_t *num_skipped;
} tlsc_loader;

/* Reads a whole file, which must be a regular one of at most `max` bytes. out: owned by the caller, freed with
 * tlsc_mem_free, which wipes it. errors: TLSC_E_FILE, TLSC_E_NO_MEMORY. */
tlsc_err tlsc_load_read(const char *path, size_t max, tlsc_bytes *out);

void tlsc_load_skip(const tlsc_loader *l, const char *file, tlsc_cert_where where, tlsc_err error);

/* The blocks of a PEM text. errors: TLSC_E_NO_MEMORY. */
tlsc_err tlsc_load_pem(const tlsc_loader *l, tlsc_bytes text, const char *file);
/* A file, which is read once, into memory that it shares with what is decoded. errors: TLSC_E_FILE,
 * TLSC_E_NO_MEMORY. */
tlsc_err tlsc_load_file(const tlsc_loader *l, const char *path);
/* All files of a directory, in the order of their names, hidden ones left out; one that can't be read is
 * skipped. errors: TLSC_E_FILE, TLSC_E_NO_MEMORY. */
tlsc_err tlsc_load_directory(const tlsc_loader *l, const char *path);

#endif
