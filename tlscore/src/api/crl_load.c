/* SPDX-License-Identifier: Apache-2.0 */
/* api/crl_load.c: CRLs from PEM texts, files and directories. */
#include "api/load.h"
#include "x509/crl_store.h"

enum { FILE_MAX = 256 << 20 };

static tlsc_err add(void *builder, tlsc_bytes der)
{
    return tlsc_crl_add_der((tlsc_crl_builder *)builder, der);
}

static tlsc_loader loader_of(tlsc_crl_builder *b)
{
    return (tlsc_loader){
        .builder = b,
        .add = add,
        .kinds = { TLSC_PEM_CRL, TLSC_PEM_CRL },
        .der_files = true,
        .file_max = FILE_MAX,
        .entry_max = FILE_MAX,
        .on_skip = b->on_skip,
        .ctx = b->ctx,
        .num_skipped = &b->num_skipped,
    };
}

tlsc_err tlsc_crl_add_pem(tlsc_crl_builder *b, tlsc_bytes text, const char *file)
{
    tlsc_loader l = loader_of(b);
    return tlsc_load_pem(&l, text, file);
}

tlsc_err tlsc_crl_add_file(tlsc_crl_builder *b, const char *path)
{
    tlsc_loader l = loader_of(b);
    return tlsc_load_file(&l, path);
}

tlsc_err tlsc_crl_add_directory(tlsc_crl_builder *b, const char *path)
{
    tlsc_loader l = loader_of(b);
    return tlsc_load_directory(&l, path);
}
