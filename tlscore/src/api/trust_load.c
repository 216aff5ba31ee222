/* SPDX-License-Identifier: Apache-2.0 */
/* api/trust_load.c: anchors from PEM texts, files, directories and the system. */
#include <stdlib.h>
#include <string.h>

#include "api/load.h"
#include "base/bytes.h"
#include "base/try.h"
#include "x509/trust_store.h"

enum {
    FILE_MAX = 64 << 20,
    CERTIFICATE_MAX = 1 << 20,
    PATH_MAX_BYTES = 4096
};

static tlsc_err add(void *builder, tlsc_bytes der)
{
    return tlsc_trust_add_der((tlsc_trust_builder *)builder, der);
}

static tlsc_loader loader_of(tlsc_trust_builder *b)
{
    return (tlsc_loader){
        .builder = b,
        .add = add,
        .kinds = { TLSC_PEM_CERTIFICATE, TLSC_PEM_TRUSTED_CERTIFICATE },
        .file_max = FILE_MAX,
        .entry_max = CERTIFICATE_MAX,
        .on_skip = b->on_skip,
        .ctx = b->ctx,
        .num_skipped = &b->num_skipped,
    };
}

tlsc_err tlsc_trust_add_pem(tlsc_trust_builder *b, tlsc_bytes text, const char *file)
{
    tlsc_loader l = loader_of(b);
    return tlsc_load_pem(&l, text, file);
}

tlsc_err tlsc_trust_add_file(tlsc_trust_builder *b, const char *path)
{
    tlsc_loader l = loader_of(b);
    return tlsc_load_file(&l, path);
}

tlsc_err tlsc_trust_add_directory(tlsc_trust_builder *b, const char *path)
{
    tlsc_loader l = loader_of(b);
    return tlsc_load_directory(&l, path);
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
                tlsc_loader l = loader_of(b);
                tlsc_load_skip(&l, path, (tlsc_cert_where){ 0 }, rc);
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
