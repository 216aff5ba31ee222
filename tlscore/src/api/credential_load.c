/* SPDX-License-Identifier: Apache-2.0 */
/* api/credential_load.c: credentials from files. */
#include "api/load.h"
#include "base/mem.h"
#include "tlscore/cert.h"

enum { FILE_MAX_BYTES = 16 << 20 };

tlsc_err tlsc_credential_from_files(const tlsc_provider *provider, const char *chain_path,
                                    const char *key_path, tlsc_credential **out,
                                    tlsc_cert_where *where)
{
    tlsc_bytes chain = { NULL, 0 }, key = { NULL, 0 };
    *out = NULL;
    if (where != NULL) {
        *where = (tlsc_cert_where){ 0 };
    }
    tlsc_err rc = tlsc_load_read(chain_path, FILE_MAX_BYTES, &chain);
    if (rc == TLSC_OK && key_path != NULL) {
        rc = tlsc_load_read(key_path, FILE_MAX_BYTES, &key);
    }
    if (rc == TLSC_OK) {
        /* an empty key file is no reason to look for the key elsewhere */
        bool lost = key_path != NULL && key.n == 0;
        rc = lost ? TLSC_E_NO_PEM_KEY :
                    tlsc_credential_from_pem(provider, chain, key, out, where);
    }
    tlsc_mem_free((void *)(uintptr_t)key.p);
    tlsc_mem_free((void *)(uintptr_t)chain.p);
    return rc;
}
