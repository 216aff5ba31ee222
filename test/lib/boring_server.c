/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/boring_server.c: a server on BoringSSL's libssl over two memory BIOs. */
#include "boring_server.h"

#include "boring_compress.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct boring_site {
    SSL_CTX *ctx;
    const char *alpn;
};

struct boring_server {
    SSL *ssl;
    BIO *in;  /* from the client */
    BIO *out; /* for the client */
    int alert;
    char error[256];
};

/* ---- the site ---- */

static void on_info(const SSL *ssl, int type, int value)
{
    boring_server *s = (boring_server *)SSL_get_app_data(ssl);
    if (s != NULL && type == SSL_CB_READ_ALERT && value >> 8 == SSL3_AL_FATAL) {
        s->alert = value & 0xff;
    }
}

static enum ssl_verify_result_t accept_any(SSL *ssl, uint8_t *alert)
{
    (void)ssl;
    (void)alert;
    return ssl_verify_ok;
}

static int choose_alpn(SSL *ssl, const uint8_t **out, uint8_t *out_len, const uint8_t *in,
                       unsigned in_len, void *arg)
{
    const char *wanted = ((const boring_site *)arg)->alpn;
    (void)ssl;
    for (unsigned at = 0; at < in_len; at += 1u + in[at]) {
        if (in[at] == strlen(wanted) && memcmp(in + at + 1, wanted, in[at]) == 0) {
            *out = in + at + 1;
            *out_len = in[at];
            return SSL_TLSEXT_ERR_OK;
        }
    }
    return SSL_TLSEXT_ERR_NOACK;
}

static bool load_raw_key(SSL_CTX *ctx, const char *path)
{
    FILE *f = fopen(path, "r");
    EVP_PKEY *key = f == NULL ? NULL : PEM_read_PrivateKey(f, NULL, NULL, NULL);
    SSL_CREDENTIAL *raw = key == NULL ? NULL : SSL_CREDENTIAL_new_raw_public_key(key);
    bool ok = raw != NULL && SSL_CTX_add1_credential(ctx, raw) == 1;
    SSL_CREDENTIAL_free(raw);
    EVP_PKEY_free(key);
    if (f != NULL) {
        (void)fclose(f);
    }
    return ok;
}

static bool load_credential(SSL_CTX *ctx, const boring_site_options *o)
{
    char chain[1024];
    char key[1024];
    const char *name = o->cert == NULL ? "p256" : o->cert;
    const char *root = getenv("TLSX_SRCDIR");
    const char *top = root == NULL ? "." : root;
    (void)snprintf(chain, sizeof(chain), "%s/test/vectors/certs/%s.crt.pem", top, name);
    (void)snprintf(key, sizeof(key), "%s/test/vectors/certs/%s.key.pem", top, name);
    if (o->raw_key) {
        return load_raw_key(ctx, key);
    }
    return SSL_CTX_use_certificate_chain_file(ctx, chain) == 1 &&
           SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) == 1;
}

static const uint16_t all_schemes[] = {
    SSL_SIGN_ED25519,
    SSL_SIGN_ECDSA_SECP256R1_SHA256,
    SSL_SIGN_ECDSA_SECP384R1_SHA384,
    SSL_SIGN_ECDSA_SECP521R1_SHA512,
    SSL_SIGN_RSA_PSS_RSAE_SHA256,
    SSL_SIGN_RSA_PSS_RSAE_SHA384,
    SSL_SIGN_RSA_PSS_RSAE_SHA512,
    SSL_SIGN_RSA_PKCS1_SHA256,
};
enum { NUM_SCHEMES = sizeof(all_schemes) / sizeof(all_schemes[0]) };

static bool set_up_algorithms(SSL_CTX *ctx, const boring_site_options *o)
{
    bool ok = SSL_CTX_set_min_proto_version(
                  ctx, o->min_version == 0 ? TLS1_2_VERSION : o->min_version) &&
              SSL_CTX_set_max_proto_version(
                  ctx, o->max_version == 0 ? TLS1_3_VERSION : o->max_version);
    ok = ok && (o->suites == NULL || SSL_CTX_set_strict_cipher_list(ctx, o->suites));
    ok = ok && (o->groups == NULL || SSL_CTX_set1_groups_list(ctx, o->groups));
    /* which says what both may sign with: for the server's own it is taken back */
    ok = ok && (o->ask_schemes == NULL || SSL_CTX_set1_sigalgs_list(ctx, o->ask_schemes));
    if (o->scheme != 0) {
        return ok && SSL_CTX_set_signing_algorithm_prefs(ctx, &o->scheme, 1);
    }
    return ok && SSL_CTX_set_signing_algorithm_prefs(ctx, all_schemes, NUM_SCHEMES);
}

static bool set_up_peer(SSL_CTX *ctx, const boring_site_options *o)
{
    if (!o->ask && !o->require) {
        return true;
    }
    int mode = SSL_VERIFY_PEER | (o->require ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0);
    SSL_CTX_set_custom_verify(ctx, mode, accept_any);
    if (o->ca_file != NULL) {
        SSL_CTX_set_client_CA_list(ctx, SSL_load_client_CA_file(o->ca_file));
    }
    return true;
}

static bool set_up_sessions(SSL_CTX *ctx, const boring_site_options *o)
{
    if (o->no_tickets) {
        SSL_CTX_set_options(ctx, SSL_OP_NO_TICKET);
    }
    if (o->lifetime_s != 0) {
        (void)SSL_CTX_set_timeout(ctx, o->lifetime_s);
    }
    SSL_CTX_set_early_data_enabled(ctx, o->early_data);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_SERVER);
    return SSL_CTX_set_session_id_context(ctx, (const uint8_t *)"test", 4) == 1;
}

static bool set_up_staples(SSL_CTX *ctx, const boring_site_options *o)
{
    if (o->ocsp != NULL &&
        !SSL_CTX_set_ocsp_response(ctx, (const uint8_t *)o->ocsp, strlen(o->ocsp))) {
        return false;
    }
    return o->scts_n == 0 || SSL_CTX_set_signed_cert_timestamp_list(ctx, o->scts, o->scts_n);
}

boring_site *boring_site_new(const boring_site_options *o)
{
    boring_site *site = (boring_site *)calloc(1, sizeof(*site));
    if (site == NULL) {
        return NULL;
    }
    site->alpn = o->alpn;
    site->ctx = SSL_CTX_new(TLS_method());
    if (site->ctx == NULL || !load_credential(site->ctx, o) || !set_up_algorithms(site->ctx, o) ||
        !set_up_peer(site->ctx, o) || !set_up_sessions(site->ctx, o) ||
        !set_up_staples(site->ctx, o) || !boring_compress_add(site->ctx, o->compressions)) {
        boring_site_free(site);
        return NULL;
    }
    SSL_CTX_set_info_callback(site->ctx, on_info);
    if (o->alpn != NULL) {
        SSL_CTX_set_alpn_select_cb(site->ctx, choose_alpn, site);
    }
    return site;
}

void boring_site_free(boring_site *site)
{
    if (site != NULL) {
        SSL_CTX_free(site->ctx);
        free(site);
    }
}

/* ---- a connection ---- */

boring_server *boring_server_new(boring_site *site)
{
    boring_server *s = (boring_server *)calloc(1, sizeof(*s));
    if (s == NULL) {
        return NULL;
    }
    s->alert = -1;
    s->ssl = SSL_new(site->ctx);
    s->in = BIO_new(BIO_s_mem());
    s->out = BIO_new(BIO_s_mem());
    if (s->ssl == NULL || s->in == NULL || s->out == NULL) {
        boring_server_free(s);
        return NULL;
    }
    BIO_set_mem_eof_return(s->in, -1);
    SSL_set_bio(s->ssl, s->in, s->out);
    SSL_set_accept_state(s->ssl);
    SSL_set_app_data(s->ssl, s);
    return s;
}

void boring_server_free(boring_server *s)
{
    if (s != NULL) {
        SSL_free(s->ssl);
        free(s);
    }
}

boring_state boring_server_handshake(boring_server *s)
{
    int rc = SSL_do_handshake(s->ssl);
    if (rc == 1) {
        return SSL_in_early_data(s->ssl) ? BORING_WANTS : BORING_DONE;
    }
    return SSL_get_error(s->ssl, rc) == SSL_ERROR_WANT_READ ? BORING_WANTS : BORING_FAILED;
}

size_t boring_server_take(boring_server *s, uint8_t *out, size_t cap)
{
    int n = BIO_read(s->out, out, (int)cap);
    return n > 0 ? (size_t)n : 0;
}

void boring_server_give(boring_server *s, const uint8_t *data, size_t n)
{
    if (n > 0) {
        (void)BIO_write(s->in, data, (int)n);
    }
}

int boring_server_read(boring_server *s, uint8_t *out, size_t cap)
{
    int n = SSL_read(s->ssl, out, (int)cap);
    if (n > 0) {
        return n;
    }
    int why = SSL_get_error(s->ssl, n);
    if (why == SSL_ERROR_WANT_READ) {
        return 0;
    }
    return why == SSL_ERROR_ZERO_RETURN ? -2 : -1;
}

bool boring_server_write(boring_server *s, const uint8_t *data, size_t n)
{
    return SSL_write(s->ssl, data, (int)n) == (int)n;
}

bool boring_server_key_update(boring_server *s, bool request_peer)
{
    return SSL_key_update(s->ssl, request_peer ? SSL_KEY_UPDATE_REQUESTED
                                               : SSL_KEY_UPDATE_NOT_REQUESTED) == 1;
}

bool boring_server_export(boring_server *s, uint8_t *out, size_t n, const char *label,
                          const char *context)
{
    const void *bytes = context;
    return SSL_export_keying_material(s->ssl, out, n, label, strlen(label),
                                      (const uint8_t *)bytes,
                                      context != NULL ? strlen(context) : 0, context != NULL) == 1;
}

void boring_server_close(boring_server *s)
{
    (void)SSL_shutdown(s->ssl);
}

const char *boring_server_error(boring_server *s)
{
    ERR_error_string_n(ERR_peek_error(), s->error, sizeof(s->error));
    ERR_clear_error();
    return s->error;
}

int boring_server_alert(const boring_server *s)
{
    return s->alert;
}

bool boring_server_resumed(const boring_server *s)
{
    return SSL_session_reused(s->ssl) == 1;
}

uint16_t boring_server_version(const boring_server *s)
{
    return (uint16_t)SSL_version(s->ssl);
}

uint16_t boring_server_group(const boring_server *s)
{
    return SSL_get_group_id(s->ssl);
}

uint16_t boring_server_suite(const boring_server *s)
{
    return SSL_CIPHER_get_protocol_id(SSL_get_current_cipher(s->ssl));
}

uint16_t boring_server_peer_scheme(const boring_server *s)
{
    return SSL_get_peer_signature_algorithm(s->ssl);
}

size_t boring_server_peer_certificates(const boring_server *s)
{
    return sk_CRYPTO_BUFFER_num(SSL_get0_peer_certificates(s->ssl));
}

const char *boring_server_name(const boring_server *s)
{
    return SSL_get_servername(s->ssl, TLSEXT_NAMETYPE_host_name);
}
