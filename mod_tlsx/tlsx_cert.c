/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_cert.c: certificate and key files. A private key is never put into an APR pool, which
 * nobody wipes: files are read into memory that is wiped and freed here. */
#include "tlsx_cert.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <apr_hash.h>
#include <apr_strings.h>

#include "tlsx_log.h"

enum {
    MAX_FILE = 1 << 20, /* bytes; a chain is a few KB: what is bigger is another file */
    SOON_DAYS = 14      /* an expiry this near is warned of */
};

/* What is being loaded, for messages. */
typedef struct cert_load {
    apr_pool_t *pool; /* for texts and the registry; never for file contents */
    server_rec *s;
    const tlsx_cert_files *files;
} cert_load;

/* A file's contents. */
typedef struct secret_file {
    uint8_t *p; /* malloc'd */
    size_t n;
} secret_file;

static void secret_file_clear(secret_file *file)
{
    if (file->p) {
        explicit_bzero(file->p, file->n);
    }
    free(file->p);
    file->p = NULL;
    file->n = 0;
}

/* ---- messages ---- */

static const char *remedy_for_errno(int err)
{
    switch (err) {
    case EACCES:
    case EPERM:
        return "httpd reads it as the user that starts it, before it drops its rights: let that "
               "user (usually root) read the file and enter every folder above it";
    case ENOENT:
    case ENOTDIR:
        return "check the path; it is taken from ServerRoot unless it starts with a slash";
    case EISDIR:
        return "name the file, not its folder";
    case EFBIG:
        return "this is no certificate or key file";
    default:
        return "check the file";
    }
}

static void report_file(const cert_load *load, const char *what, const char *path, int err)
{
    const char *why = err == EFBIG ? "it is over 1 MiB long" : strerror(err);

    ap_log_error(APLOG_MARK, APLOG_EMERG, 0, load->s,
                 "TLSX0020: %s, for %s: cannot read the %s file %s: %s. What to do: %s.",
                 tlsx_origin_text(load->pool, &load->files->at),
                 tlsx_server_name(load->pool, load->s), what, path, why, remedy_for_errno(err));
}

static const char *remedy_for(const cert_load *load, tlsc_err err)
{
    switch (err) {
    case TLSC_E_KEY_MISMATCH:
        return "name the key that this certificate was made for, or the certificate made for this "
               "key: TLSCertificate <certificate file> <key file>";
    case TLSC_E_NO_PEM_KEY:
        return load->files->key ? "this file holds no -----BEGIN PRIVATE KEY----- block: name the "
                                  "key's file as the second argument"
                                : "name the key's file as the second argument, or put the key into "
                                  "the certificate's file";
    case TLSC_E_NO_PEM_CERTIFICATE:
        return "the first argument is the PEM file with the certificate and what leads from it to "
               "the root";
    case TLSC_E_ENCRYPTED_KEY:
        return "passphrases are not asked for yet; store the key without one, readable by root "
               "alone: openssl pkey -in <key file> -out <new key file>";
    case TLSC_E_UNSUPPORTED_KEY:
        return "keys may be RSA (2048 bits or more), ECDSA P-256, P-384 or P-521, "
               "Ed25519, or ML-DSA";
    case TLSC_E_CHAIN_TOO_LONG:
        return "leave out the root and whatever does not belong to the chain";
    default:
        return "check the file with: openssl x509 -noout -text -in <certificate file>";
    }
}

static void report_contents(const cert_load *load, tlsc_err err, const tlsc_cert_where *where)
{
    const tlsx_cert_files *files = load->files;
    const char *key = files->key ? files->key : files->cert;
    bool in_key =
        err == TLSC_E_NO_PEM_KEY || err == TLSC_E_ENCRYPTED_KEY || err == TLSC_E_BAD_PRIVATE_KEY;
    const char *place = where->line ? apr_psprintf(load->pool, " (line %u, PEM block %u)",
                                                   where->line, where->block)
                                    : "";

    ap_log_error(APLOG_MARK, APLOG_EMERG, 0, load->s,
                 "TLSX0021: %s, for %s: %s: %s%s [%s]. What to do: %s.",
                 tlsx_origin_text(load->pool, &files->at), tlsx_server_name(load->pool, load->s),
                 err == TLSC_E_KEY_MISMATCH
                     ? apr_psprintf(load->pool, "certificate %s and key %s", files->cert, key)
                     : (in_key ? key : files->cert),
                 tlsc_err_text(err), place, tlsc_err_name(err), remedy_for(load, err));
}

static const char *date_text(apr_pool_t *pool, int64_t when_s)
{
    char *text = apr_palloc(pool, APR_RFC822_DATE_LEN);

    apr_rfc822_date(text, apr_time_from_sec(when_s));
    return text;
}

static void warn_of_dates(const cert_load *load, const tlsc_credential *credential)
{
    int64_t now = (int64_t)apr_time_sec(apr_time_now());
    int64_t from = 0, until = 0;
    const char *what = NULL;
    int64_t when;

    tlsc_credential_validity(credential, &from, &until);
    when = until;
    if (now > until) {
        what = "has expired: clients refuse it. Renew it; it was valid until";
    } else if (now < from) {
        what = "is not valid yet: clients refuse it. Is this machine's clock right? It starts on";
        when = from;
    } else if (until - now < SOON_DAYS * 86400) {
        what = "expires soon. Renew it before";
    }
    if (what) {
        ap_log_error(
            APLOG_MARK, APLOG_WARNING, 0, load->s, "TLSX0022: %s, for %s: the certificate %s %s %s",
            tlsx_origin_text(load->pool, &load->files->at), tlsx_server_name(load->pool, load->s),
            load->files->cert, what, date_text(load->pool, when));
    }
}

static void warn_of_readers(const cert_load *load, const char *path, const struct stat *st)
{
    if (st->st_mode & S_IROTH) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, load->s,
                     "TLSX0023: %s: every user of this machine may read the private key %s. What "
                     "to do: chmod o-r %s",
                     tlsx_origin_text(load->pool, &load->files->at), path, path);
    }
}

/* ---- reading ---- */

/* Reads `n` bytes of an open file; fewer if it has fewer. Returns an errno. */
static int read_all(int fd, secret_file *out, size_t n)
{
    out->p = malloc(n ? n : 1);
    if (!out->p) {
        return ENOMEM;
    }
    while (out->n < n) {
        ssize_t got = read(fd, out->p + out->n, n - out->n);
        if (got == 0) {
            break;
        }
        if (got > 0) {
            out->n += (size_t)got;
        } else if (errno != EINTR) {
            return errno;
        }
    }
    return 0;
}

static int check_kind(const struct stat *st)
{
    if (S_ISDIR(st->st_mode)) {
        return EISDIR;
    }
    return st->st_size > MAX_FILE ? EFBIG : 0;
}

/* Returns an errno; on an error `out` is empty. */
static int read_file(const char *path, secret_file *out)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    int err = fd < 0 ? errno : 0;

    out->p = NULL;
    out->n = 0;
    if (!err && fstat(fd, &st) < 0) {
        err = errno;
    }
    if (!err) {
        err = check_kind(&st);
    }
    if (!err) {
        err = read_all(fd, out, (size_t)st.st_size);
    }
    if (fd >= 0) {
        close(fd);
    }
    if (err) {
        secret_file_clear(out);
    }
    return err;
}

static tlsc_bytes bytes_of(const secret_file *file)
{
    tlsc_bytes b = {file->p, file->n};
    return b;
}

static tlsc_credential *load_files(const cert_load *load)
{
    secret_file cert = {NULL, 0}, key = {NULL, 0};
    tlsc_cert_where where = {0};
    tlsc_credential *credential = NULL;
    int err = read_file(load->files->cert, &cert);

    if (err) {
        report_file(load, "certificate", load->files->cert, err);
        return NULL;
    }
    if (load->files->key) {
        err = read_file(load->files->key, &key);
        if (err) {
            report_file(load, "key", load->files->key, err);
        }
    }
    if (!err) {
        tlsc_err bad = tlsc_credential_from_pem(tlsc_provider_default(), bytes_of(&cert),
                                                bytes_of(&key), &credential, &where);
        if (bad != TLSC_OK) {
            report_contents(load, bad, &where);
            credential = NULL;
        }
    }
    secret_file_clear(&cert);
    secret_file_clear(&key);
    return credential;
}

/* ---- the registry ---- */

static apr_status_t release(void *credential)
{
    tlsc_credential_free(credential);
    return APR_SUCCESS;
}

/* What makes two files the same: the path, and that nobody has written to it in between. */
static const char *file_key(apr_pool_t *pool, const char *path, struct stat *st)
{
    if (stat(path, st) < 0) {
        memset(st, 0, sizeof(*st));
    }
    return apr_psprintf(pool, "%s|%" APR_INT64_T_FMT ".%ld|%" APR_INT64_T_FMT, path,
                        (apr_int64_t)st->st_mtim.tv_sec, (long)st->st_mtim.tv_nsec,
                        (apr_int64_t)st->st_size);
}

tlsc_credential *tlsx_cert_load(apr_hash_t *registry, apr_pool_t *pconf, server_rec *s,
                                const tlsx_cert_files *files)
{
    cert_load load = {pconf, s, files};
    const char *key_path = files->key ? files->key : files->cert;
    struct stat cert_st, key_st;
    const char *id = apr_pstrcat(pconf, file_key(pconf, files->cert, &cert_st), "|",
                                 file_key(pconf, key_path, &key_st), NULL);
    tlsc_credential *credential = apr_hash_get(registry, id, APR_HASH_KEY_STRING);

    if (credential) {
        return credential;
    }
    credential = load_files(&load);
    if (!credential) {
        return NULL;
    }
    apr_hash_set(registry, id, APR_HASH_KEY_STRING, credential);
    apr_pool_cleanup_register(pconf, credential, release, apr_pool_cleanup_null);
    if (!files->managed) {
        warn_of_dates(&load, credential);
        warn_of_readers(&load, key_path, &key_st);
    }
    return credential;
}
