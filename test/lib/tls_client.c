/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/tls_client.c: a client on BoringSSL's libssl over two memory BIOs. */
#include "tls_client.h"

#include "boring_compress.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct tls_client {
    SSL_CTX *ctx;
    SSL *ssl;
    BIO *in;  /* from the server */
    BIO *out; /* for the server */
    SSL_SESSION *newest;
    unsigned tickets;
    int alert;
    char error[256];
    EVP_PKEY *key; /* signs */
    bool spoil_signature;
    int ca_names; /* in the CertificateRequest; -1: there was none */
};

struct tls_client_session {
    SSL_SESSION *s;
};

static int on_session(SSL *ssl, SSL_SESSION *session)
{
    tls_client *c = (tls_client *)SSL_get_app_data(ssl);
    SSL_SESSION_free(c->newest);
    c->newest = session;
    c->tickets++;
    return 1;
}

static void on_info(const SSL *ssl, int type, int value)
{
    tls_client *c = (tls_client *)SSL_get_app_data(ssl);
    if (type == SSL_CB_READ_ALERT && value >> 8 == SSL3_AL_FATAL) {
        c->alert = value & 0xff;
    }
}

static enum ssl_verify_result_t accept_any(SSL *ssl, uint8_t *alert)
{
    (void)ssl;
    (void)alert;
    return ssl_verify_ok;
}

static bool set_alpn(SSL *ssl, const char *names)
{
    uint8_t list[256];
    size_t n = 0;
    while (*names != 0) {
        size_t len = strcspn(names, ",");
        list[n++] = (uint8_t)len;
        memcpy(list + n, names, len);
        n += len;
        names += len + (names[len] == ',');
    }
    return SSL_set_alpn_protos(ssl, list, (unsigned)n) == 0;
}

/* ---- its own certificate ---- */

static FILE *open_pem(const char *name, const char *what)
{
    char path[512];
    const char *top = getenv("TLSX_SRCDIR");
    (void)snprintf(path, sizeof(path), "%s/test/vectors/certs/%s.%s.pem", top == NULL ? "." : top,
                   name, what);
    return fopen(path, "r");
}

static EVP_PKEY *read_key(const char *name)
{
    FILE *f = open_pem(name, "key");
    EVP_PKEY *key = f == NULL ? NULL : PEM_read_PrivateKey(f, NULL, NULL, NULL);
    if (f != NULL) {
        (void)fclose(f);
    }
    return key;
}

static X509 *read_certificate(const char *name)
{
    FILE *f = open_pem(name, "crt");
    X509 *x = f == NULL ? NULL : PEM_read_X509(f, NULL, NULL, NULL);
    if (f != NULL) {
        (void)fclose(f);
    }
    return x;
}

static enum ssl_private_key_result_t sign(SSL *ssl, uint8_t *out, size_t *out_len, size_t max_out,
                                          uint16_t scheme, const uint8_t *in, size_t in_len)
{
    tls_client *c = (tls_client *)SSL_get_app_data(ssl);
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    EVP_PKEY_CTX *pctx;
    *out_len = max_out;
    bool ok = ctx != NULL &&
              EVP_DigestSignInit(ctx, &pctx, SSL_get_signature_algorithm_digest(scheme), NULL,
                                 c->key) == 1;
    if (ok && SSL_is_signature_algorithm_rsa_pss(scheme)) {
        ok = EVP_PKEY_CTX_set_rsa_padding(pctx, RSA_PKCS1_PSS_PADDING) == 1 &&
             EVP_PKEY_CTX_set_rsa_pss_saltlen(pctx, -1) == 1;
    }
    ok = ok && EVP_DigestSign(ctx, out, out_len, in, in_len) == 1;
    EVP_MD_CTX_free(ctx);
    if (ok && c->spoil_signature) {
        out[*out_len - 1] ^= 1;
    }
    return ok ? ssl_private_key_success : ssl_private_key_failure;
}

static enum ssl_private_key_result_t never(SSL *ssl, uint8_t *out, size_t *out_len, size_t max_out)
{
    (void)ssl;
    (void)out;
    (void)out_len;
    (void)max_out;
    return ssl_private_key_failure;
}

static enum ssl_private_key_result_t never_decrypt(SSL *ssl, uint8_t *out, size_t *out_len,
                                                   size_t max_out, const uint8_t *in,
                                                   size_t in_len)
{
    (void)in;
    (void)in_len;
    return never(ssl, out, out_len, max_out);
}

static const SSL_PRIVATE_KEY_METHOD by_hand = { sign, never_decrypt, never };

static int on_certificate_request(SSL *ssl, void *ctx)
{
    (void)ctx;
    const STACK_OF(CRYPTO_BUFFER) *names = SSL_get0_server_requested_CAs(ssl);
    ((tls_client *)SSL_get_app_data(ssl))->ca_names =
        names == NULL ? 0 : (int)sk_CRYPTO_BUFFER_num(names);
    return 1;
}

static bool set_raw_key(tls_client *c, const char *name)
{
    static const uint8_t kinds[] = { TLSEXT_cert_type_rpk };
    EVP_PKEY *public_key = read_key(name);
    SSL_CREDENTIAL *credential =
        public_key == NULL ? NULL : SSL_CREDENTIAL_new_raw_public_key_custom(public_key, &by_hand);
    bool ok = credential != NULL && SSL_add1_credential(c->ssl, credential) &&
              SSL_set1_available_client_cert_types(c->ssl, kinds, sizeof(kinds));
    SSL_CREDENTIAL_free(credential);
    EVP_PKEY_free(public_key);
    return ok;
}

static bool set_certificate(tls_client *c, const tls_client_options *o)
{
    X509 *leaf = read_certificate(o->cert);
    bool ok = leaf != NULL && SSL_use_certificate(c->ssl, leaf) == 1;
    X509_free(leaf);
    for (size_t i = 0; ok && i < sizeof(o->chain) / sizeof(o->chain[0]) && o->chain[i] != NULL;
         i++) {
        X509 *x = read_certificate(o->chain[i]);
        ok = x != NULL && SSL_add1_chain_cert(c->ssl, x) == 1;
        X509_free(x);
    }
    SSL_set_private_key_method(c->ssl, &by_hand);
    return ok;
}

static bool set_own(tls_client *c, const tls_client_options *o)
{
    SSL_set_cert_cb(c->ssl, on_certificate_request, NULL);
    if (o->cert == NULL) {
        return true;
    }
    c->key = read_key(o->sign_with != NULL ? o->sign_with : o->cert);
    c->spoil_signature = o->spoil_signature;
    return c->key != NULL && (o->raw_key ? set_raw_key(c, o->cert) : set_certificate(c, o));
}

static bool set_up_context(tls_client *c, const tls_client_options *o)
{
    c->ctx = SSL_CTX_new(TLS_method());
    if (c->ctx == NULL || !boring_compress_add(c->ctx, o->compressions)) {
        return false;
    }
    SSL_CTX_set_session_cache_mode(c->ctx, SSL_SESS_CACHE_CLIENT);
    SSL_CTX_sess_set_new_cb(c->ctx, on_session);
    SSL_CTX_set_info_callback(c->ctx, on_info);
    SSL_CTX_set_early_data_enabled(c->ctx, o->early_data);
    if (o->ca_file != NULL) {
        SSL_CTX_set_verify(c->ctx, SSL_VERIFY_PEER, NULL);
        return SSL_CTX_load_verify_locations(c->ctx, o->ca_file, NULL) == 1;
    }
    SSL_CTX_set_custom_verify(c->ctx, SSL_VERIFY_PEER, accept_any);
    return true;
}

static bool set_up_connection(tls_client *c, const tls_client_options *o)
{
    c->ssl = SSL_new(c->ctx);
    c->in = BIO_new(BIO_s_mem());
    c->out = BIO_new(BIO_s_mem());
    if (c->ssl == NULL || c->in == NULL || c->out == NULL) {
        return false;
    }
    BIO_set_mem_eof_return(c->in, -1);
    SSL_set_bio(c->ssl, c->in, c->out);
    SSL_set_connect_state(c->ssl);
    SSL_set_app_data(c->ssl, c);
    bool ok = SSL_set_min_proto_version(c->ssl, o->max_tls12 ? TLS1_2_VERSION : TLS1_3_VERSION) &&
              SSL_set_max_proto_version(c->ssl, o->max_tls12 ? TLS1_2_VERSION : TLS1_3_VERSION);
    ok = ok && (!o->prefer_aes256 ||
                SSL_set_compliance_policy(c->ssl, ssl_compliance_policy_cnsa_202407));
    if (o->no_tickets) {
        (void)SSL_set_options(c->ssl, SSL_OP_NO_TICKET);
    }
    ok = ok && (o->server_name == NULL || SSL_set_tlsext_host_name(c->ssl, o->server_name));
    ok = ok && (o->groups == NULL || SSL_set1_groups_list(c->ssl, o->groups));
    ok = ok && (o->schemes == NULL || SSL_set1_sigalgs_list(c->ssl, o->schemes));
    ok = ok && (o->alpn == NULL || set_alpn(c->ssl, o->alpn));
    ok = ok && set_own(c, o);
    if (o->ocsp) {
        SSL_enable_ocsp_stapling(c->ssl);
    }
    if (o->scts) {
        SSL_enable_signed_cert_timestamps(c->ssl);
    }
    ok = ok && (o->server_types == NULL ||
                SSL_set1_accepted_peer_cert_types(c->ssl, o->server_types, o->num_server_types));
    ok = ok && (o->session == NULL || SSL_set_session(c->ssl, o->session->s));
    return ok;
}

tls_client *tls_client_new(const tls_client_options *options)
{
    tls_client *c = (tls_client *)calloc(1, sizeof(*c));
    if (c == NULL) {
        return NULL;
    }
    c->alert = -1;
    c->ca_names = -1;
    if (!set_up_context(c, options) || !set_up_connection(c, options)) {
        tls_client_free(c);
        return NULL;
    }
    return c;
}

void tls_client_free(tls_client *c)
{
    if (c == NULL) {
        return;
    }
    SSL_free(c->ssl);
    EVP_PKEY_free(c->key);
    SSL_SESSION_free(c->newest);
    SSL_CTX_free(c->ctx);
    free(c);
}

tls_client_state tls_client_handshake(tls_client *c)
{
    int rc = SSL_do_handshake(c->ssl);
    if (rc == 1) {
        if (SSL_in_early_data(c->ssl)) {
            return TLS_CLIENT_WANTS;
        }
        return TLS_CLIENT_DONE;
    }
    int why = SSL_get_error(c->ssl, rc);
    if (why == SSL_ERROR_EARLY_DATA_REJECTED) {
        SSL_reset_early_data_reject(c->ssl);
        return tls_client_handshake(c);
    }
    return why == SSL_ERROR_WANT_READ ? TLS_CLIENT_WANTS : TLS_CLIENT_FAILED;
}

size_t tls_client_take(tls_client *c, uint8_t *out, size_t cap)
{
    int n = BIO_read(c->out, out, (int)cap);
    return n > 0 ? (size_t)n : 0;
}

void tls_client_give(tls_client *c, const uint8_t *data, size_t n)
{
    if (n > 0) {
        (void)BIO_write(c->in, data, (int)n);
    }
}

int tls_client_read(tls_client *c, uint8_t *out, size_t cap)
{
    int n = SSL_read(c->ssl, out, (int)cap);
    if (n > 0) {
        return n;
    }
    int why = SSL_get_error(c->ssl, n);
    if (why == SSL_ERROR_WANT_READ) {
        return 0;
    }
    return why == SSL_ERROR_ZERO_RETURN ? -2 : -1;
}

bool tls_client_write(tls_client *c, const uint8_t *data, size_t n)
{
    return SSL_write(c->ssl, data, (int)n) == (int)n;
}

bool tls_client_key_update(tls_client *c, bool request_peer)
{
    return SSL_key_update(c->ssl, request_peer ? SSL_KEY_UPDATE_REQUESTED
                                               : SSL_KEY_UPDATE_NOT_REQUESTED) == 1;
}

bool tls_client_export(tls_client *c, uint8_t *out, size_t n, const char *label,
                       const char *context)
{
    const void *bytes = context;
    return SSL_export_keying_material(c->ssl, out, n, label, strlen(label),
                                      (const uint8_t *)bytes,
                                      context != NULL ? strlen(context) : 0, context != NULL) == 1;
}

void tls_client_close(tls_client *c)
{
    (void)SSL_shutdown(c->ssl);
}

const char *tls_client_error(tls_client *c)
{
    ERR_error_string_n(ERR_peek_error(), c->error, sizeof(c->error));
    ERR_clear_error();
    return c->error;
}

int tls_client_alert(const tls_client *c)
{
    return c->alert;
}

bool tls_client_resumed(const tls_client *c)
{
    return SSL_session_reused(c->ssl) == 1;
}

uint16_t tls_client_group(const tls_client *c)
{
    return SSL_get_group_id(c->ssl);
}

uint16_t tls_client_suite(const tls_client *c)
{
    return SSL_CIPHER_get_protocol_id(SSL_get_current_cipher(c->ssl));
}

bool tls_client_hello_retry(const tls_client *c)
{
    return SSL_used_hello_retry_request(c->ssl) == 1;
}

bool tls_client_early_data_accepted(const tls_client *c)
{
    return SSL_early_data_accepted(c->ssl) == 1;
}

size_t tls_client_alpn(const tls_client *c, char *out, size_t cap)
{
    const uint8_t *p = NULL;
    unsigned n = 0;
    SSL_get0_alpn_selected(c->ssl, &p, &n);
    size_t take = n < cap ? n : cap - 1;
    if (take > 0) {
        memcpy(out, p, take);
    }
    out[take] = 0;
    return n;
}

size_t tls_client_ocsp(const tls_client *c, const uint8_t **out)
{
    size_t n = 0;
    SSL_get0_ocsp_response(c->ssl, out, &n);
    return n;
}

size_t tls_client_scts(const tls_client *c, const uint8_t **out)
{
    size_t n = 0;
    SSL_get0_signed_cert_timestamp_list(c->ssl, out, &n);
    return n;
}

int tls_client_server_type(const tls_client *c)
{
    return SSL_get_peer_cert_type(c->ssl);
}

size_t tls_client_raw_key(const tls_client *c, uint8_t *out, size_t cap)
{
    EVP_PKEY *key = SSL_get0_peer_rpk(c->ssl);
    int n = key == NULL ? 0 : i2d_PUBKEY(key, NULL);
    if (n <= 0 || (size_t)n > cap) {
        return 0;
    }
    return i2d_PUBKEY(key, &out) == n ? (size_t)n : 0;
}

int tls_client_ca_names(const tls_client *c)
{
    return c->ca_names;
}

unsigned tls_client_tickets(const tls_client *c)
{
    return c->tickets;
}

tls_client_session *tls_client_session_get(tls_client *c)
{
    if (c->newest == NULL) {
        return NULL;
    }
    tls_client_session *s = (tls_client_session *)calloc(1, sizeof(*s));
    if (s != NULL) {
        SSL_SESSION_up_ref(c->newest);
        s->s = c->newest;
    }
    return s;
}

void tls_client_session_free(tls_client_session *s)
{
    if (s != NULL) {
        SSL_SESSION_free(s->s);
        free(s);
    }
}

size_t tls_client_session_id(const tls_client_session *s, uint8_t out[32])
{
    unsigned n = 0;
    const uint8_t *id = SSL_SESSION_get_id(s->s, &n);
    memcpy(out, id, n <= 32 ? n : 0);
    return n;
}

uint32_t tls_client_session_lifetime(const tls_client_session *s)
{
    return (uint32_t)SSL_SESSION_get_ticket_lifetime_hint(s->s);
}

bool tls_client_session_early_data(const tls_client_session *s)
{
    return SSL_SESSION_early_data_capable(s->s) == 1;
}

const char *tls_client_early_data_reason(const tls_client *c)
{
    return SSL_early_data_reason_string(SSL_get_early_data_reason(c->ssl));
}

bool tls_client_in_early_data(const tls_client *c)
{
    return SSL_in_early_data(c->ssl) == 1;
}
