/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_ca.c: files and directories of certificate authorities. */
#include "tlsx_ca.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <apr_strings.h>

#include "tlsx_log.h"

/* What hints may come to in a CertificateRequest. Java takes handshake messages of 32 KiB, others
 * of 64 and more, and a client does as well without hints: it has one certificate, as a rule. */
enum { HINTS_MAX = 16384 };

/* What is being loaded, for messages. */
typedef struct ca_load {
    apr_pool_t *pool;
    server_rec *s;
    const tlsx_ca_path *ca;
} ca_load;

/* ---- messages ---- */

static const char *place_text(const ca_load *load)
{
    return apr_psprintf(load->pool, "%s, for %s", tlsx_origin_text(load->pool, &load->ca->at),
                        tlsx_server_name(load->pool, load->s));
}

static void report_path(const ca_load *load, int err)
{
    const char *remedy = err == EACCES || err == EPERM
                             ? "let the user that starts httpd (usually root) read it, and enter "
                               "every folder above it"
                             : "check the path; it is taken from ServerRoot unless it starts with "
                               "a slash";

    ap_log_error(APLOG_MARK, APLOG_EMERG, 0, load->s,
                 "TLSX0050: %s: cannot read %s: %s. What to do: %s.", place_text(load),
                 load->ca->path, strerror(err), remedy);
}

static void report_none(const ca_load *load, size_t skipped)
{
    const char *of_them = skipped > 0
                              ? apr_psprintf(load->pool, " that can be used (of %lu; see above)",
                                             (unsigned long)skipped)
                              : "";

    ap_log_error(APLOG_MARK, APLOG_EMERG, 0, load->s,
                 "TLSX0051: %s: there is no certificate%s in %s. What to do: put the certificates "
                 "of the authorities there whose clients may come in, in PEM: each between "
                 "-----BEGIN CERTIFICATE----- and -----END CERTIFICATE-----. DER is turned into "
                 "that by: openssl x509 -inform DER -in <DER file>",
                 place_text(load), of_them, load->ca->path);
}

/* A tlsc_trust_on_skip. */
static void report_entry(void *ctx, const tlsc_trust_skip *skip)
{
    const ca_load *load = ctx;
    const char *at = skip->where.line ? apr_psprintf(load->pool, " (line %u, PEM block %u)",
                                                     skip->where.line, skip->where.block)
                                      : "";

    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, load->s,
                 "TLSX0052: %s: passed over in %s%s: %s [%s]. Clients whose certificates come from "
                 "there are not let in.",
                 place_text(load), skip->file ? skip->file : load->ca->path, at,
                 tlsc_err_text(skip->error), tlsc_err_name(skip->error));
}

/* ---- reading ---- */

/* Returns an errno: tlscore has but one for all that may be wrong with a file. */
static int look_at(const char *path, bool *is_directory)
{
    struct stat st;
    int err = 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

    if (fd < 0) {
        return errno;
    }
    if (fstat(fd, &st) < 0) {
        err = errno;
    } else if (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode)) {
        err = EINVAL;
    } else {
        *is_directory = S_ISDIR(st.st_mode);
    }
    close(fd);
    return err;
}

static tlsc_err add_path(tlsc_trust_builder *builder, const ca_load *load, bool is_directory)
{
    return is_directory ? tlsc_trust_add_directory(builder, load->ca->path)
                        : tlsc_trust_add_file(builder, load->ca->path);
}

/* Where nothing was added, all of it may be there from another line already. */
static bool holds_any(const ca_load *load, bool is_directory)
{
    tlsc_trust_builder *alone = tlsc_trust_builder_new(tlsc_provider_default(), NULL, NULL);
    bool any =
        alone && add_path(alone, load, is_directory) == TLSC_OK && tlsc_trust_num_added(alone) > 0;

    tlsc_trust_builder_free(alone);
    return any;
}

/* Returns the number of errors. */
static int add(tlsc_trust_builder *builder, const ca_load *load)
{
    size_t added = tlsc_trust_num_added(builder), skipped = tlsc_trust_num_skipped(builder);
    bool is_directory = false;
    int err = look_at(load->ca->path, &is_directory);
    tlsc_err rc = err ? TLSC_E_FILE : add_path(builder, load, is_directory);

    if (rc != TLSC_OK) {
        report_path(load, err ? err : (rc == TLSC_E_NO_MEMORY ? ENOMEM : EIO));
        return 1;
    }
    if (tlsc_trust_num_added(builder) == added && !holds_any(load, is_directory)) {
        report_none(load, tlsc_trust_num_skipped(builder) - skipped);
        return 1;
    }
    return 0;
}

static const tlsc_trust_store *load_store(apr_pool_t *pool, server_rec *s,
                                          const apr_array_header_t *cas)
{
    ca_load load = {pool, s, NULL};
    tlsc_trust_builder *builder =
        tlsc_trust_builder_new(tlsc_provider_default(), report_entry, &load);
    const tlsc_trust_store *store = NULL;
    int errors = 0;

    for (int i = 0; builder && i < cas->nelts; i++) {
        load.ca = &APR_ARRAY_IDX(cas, i, tlsx_ca_path);
        errors += add(builder, &load);
    }
    if (errors == 0 && (!builder || tlsc_trust_build(builder, &store) != TLSC_OK)) {
        ap_log_error(APLOG_MARK, APLOG_EMERG, 0, s,
                     "TLSX0053: out of memory for the certificates that TLSClientCA names");
        store = NULL;
    }
    tlsc_trust_builder_free(builder);
    return store;
}

/* ---- what is made of it ---- */

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, TLSX_DIGEST_LEN);
}

/* The order in which certificates were read doesn't count, nor do the names of their files. */
static void digest_store(apr_pool_t *pool, tlsx_ca *ca)
{
    size_t num = tlsc_trust_store_len(ca->store);
    uint8_t *each = apr_palloc(pool, (num ? num : 1) * TLSX_DIGEST_LEN);
    tlsx_digest all = tlsx_digest_start("mod_tlsx client CAs 1");

    for (size_t i = 0; i < num; i++) {
        tlsc_bytes der = tlsc_trust_store_certificate(ca->store, i);
        tlsx_digest one = tlsx_digest_start("mod_tlsx certificate 1");
        tlsx_digest_add(&one, der.p, der.n);
        tlsx_digest_end(&one, each + i * TLSX_DIGEST_LEN);
    }
    qsort(each, num, TLSX_DIGEST_LEN, by_bytes);
    tlsx_digest_add(&all, each, num * TLSX_DIGEST_LEN);
    tlsx_digest_end(&all, ca->digest);
}

static void report_no_hints(const ca_load *load, size_t num, size_t bytes)
{
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, load->s,
                 "TLSX0054: %s: the names of these %lu authorities come to %lu bytes, more than "
                 "the %d that clients are sent as a hint at which certificate to show: they get "
                 "no hint. Who has several certificates may show a wrong one.",
                 place_text(load), (unsigned long)num, (unsigned long)bytes, HINTS_MAX);
}

/* Certificates of one authority stand side by side, as a rule. */
static bool is_last(const tlsx_ca *ca, tlsc_bytes name)
{
    const tlsc_bytes *last = ca->num_names > 0 ? &ca->names[ca->num_names - 1] : NULL;

    return last && last->n == name.n && !memcmp(last->p, name.p, name.n);
}

/* The subjects of the certificates. One without a subject is no hint. RFC 8446 4.2.4 */
static void collect_names(const ca_load *load, tlsx_ca *ca)
{
    size_t num = tlsc_trust_store_len(ca->store), bytes = 0;

    ca->names = apr_palloc(load->pool, (num ? num : 1) * sizeof(*ca->names));
    for (size_t i = 0; i < num; i++) {
        tlsc_x509 x = {.size = sizeof(x)};
        if (tlsc_x509_parse(&x, tlsc_trust_store_certificate(ca->store, i)) == TLSC_OK &&
            tlsc_x509_name_len(x.subject) > 0 && !is_last(ca, x.subject)) {
            ca->names[ca->num_names++] = x.subject;
            bytes += 2 + x.subject.n;
        }
    }
    if (bytes > HINTS_MAX) {
        report_no_hints(load, num, bytes);
        ca->num_names = 0;
    }
}

static apr_status_t release(void *store)
{
    tlsc_trust_store_free(store);
    return APR_SUCCESS;
}

/* Within one pass, the same paths hold the same. */
static const char *key_of(apr_pool_t *pool, const apr_array_header_t *cas)
{
    const char *key = "";

    for (int i = 0; i < cas->nelts; i++) {
        key = apr_pstrcat(pool, key, APR_ARRAY_IDX(cas, i, tlsx_ca_path).path, "\n", NULL);
    }
    return key;
}

const tlsx_ca *tlsx_ca_load(apr_hash_t *registry, apr_pool_t *pconf, server_rec *s,
                            const apr_array_header_t *cas)
{
    const char *key = key_of(pconf, cas);
    tlsx_ca *ca = apr_hash_get(registry, key, APR_HASH_KEY_STRING);
    ca_load load = {pconf, s, &APR_ARRAY_IDX(cas, 0, tlsx_ca_path)};
    const tlsc_trust_store *store;

    if (ca) {
        return ca;
    }
    store = load_store(pconf, s, cas);
    if (!store) {
        return NULL;
    }
    apr_pool_cleanup_register(pconf, (void *)(uintptr_t)store, release, apr_pool_cleanup_null);
    ca = apr_pcalloc(pconf, sizeof(*ca));
    ca->store = store;
    digest_store(pconf, ca);
    collect_names(&load, ca);
    ap_log_error(APLOG_MARK, APLOG_DEBUG, 0, s,
                 "TLSX0056: %s: %lu certificates of authorities, %lu names as hints",
                 place_text(&load), (unsigned long)tlsc_trust_store_len(store),
                 (unsigned long)ca->num_names);
    apr_hash_set(registry, key, APR_HASH_KEY_STRING, ca);
    return ca;
}
