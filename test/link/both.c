/* SPDX-License-Identifier: Apache-2.0 */
/* test/link/both.c: one program with libtlscore.a and OpenSSL in it, as a user would link them, and
 * both shake hands: OpenSSL's client with a tlscore server, then OpenSSL with itself. Made twice,
 * with OpenSSL's shared and with its static libraries. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "tlscore.h"

/* OpenSSL's macros take it as no const */
static char host[] = "both.tlsx.test";

static void require(int good, const char *what)
{
    if (!good) {
        fprintf(stderr, "failed: %s\n", what);
        exit(1);
    }
}

static void require_ok(tlsc_err e, const char *what)
{
    if (e != TLSC_OK) {
        fprintf(stderr, "%s: %s\n", what, tlsc_err_text(e));
    }
    require(e == TLSC_OK, what);
}

/* A certificate for the host, signed by its own key. */
static X509 *make_certificate(EVP_PKEY *key)
{
    X509 *cert = X509_new();
    require(cert != NULL && X509_set_version(cert, X509_VERSION_3), "a certificate");
    ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
    X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
    X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
    X509_set_pubkey(cert, key);
    X509_NAME *name = X509_get_subject_name(cert);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, (unsigned char *)host, -1, -1, 0);
    X509_set_issuer_name(cert, name);
    X509_EXTENSION *san = X509V3_EXT_conf_nid(NULL, NULL, NID_subject_alt_name,
                                              "DNS:both.tlsx.test");
    require(san != NULL && X509_add_ext(cert, san, -1), "its name");
    X509_EXTENSION_free(san);
    require(X509_sign(cert, key, EVP_sha256()) > 0, "its signature");
    return cert;
}

static SSL_CTX *make_client(X509 *trusted)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
    require(ctx != NULL, "a client of OpenSSL");
    SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION);
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
    require(X509_STORE_add_cert(SSL_CTX_get_cert_store(ctx), trusted), "its trust");
    return ctx;
}

static SSL *connect_memory(SSL_CTX *ctx)
{
    SSL *ssl = SSL_new(ctx);
    require(ssl != NULL && SSL_set_tlsext_host_name(ssl, host) && SSL_set1_host(ssl, host),
            "a connection of OpenSSL");
    SSL_set_bio(ssl, BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_connect_state(ssl);
    return ssl;
}

/* ---- OpenSSL's client, tlscore's server ---- */

static tlsc_bytes pem_bytes(BIO *bio)
{
    char *p = NULL;
    long n = BIO_get_mem_data(bio, &p);
    return (tlsc_bytes){(const uint8_t *)p, (size_t)n};
}

static const tlsc_config *make_config(EVP_PKEY *key, X509 *cert)
{
    BIO *chain_pem = BIO_new(BIO_s_mem());
    BIO *key_pem = BIO_new(BIO_s_mem());
    require(PEM_write_bio_X509(chain_pem, cert), "the certificate as PEM");
    require(PEM_write_bio_PrivateKey(key_pem, key, NULL, NULL, 0, NULL, NULL), "the key as PEM");

    const tlsc_provider *provider = tlsc_provider_default();
    tlsc_credential *credential = NULL;
    const tlsc_config *config = NULL;
    require_ok(tlsc_credential_from_pem(provider, pem_bytes(chain_pem), pem_bytes(key_pem),
                                        &credential, NULL), "a credential");
    tlsc_config_builder *builder = tlsc_config_builder_new(provider);
    require(builder != NULL, "a builder");
    require_ok(tlsc_config_add_credential(builder, credential), "its credential");
    require_ok(tlsc_config_build(builder, &config), "a configuration");
    tlsc_config_builder_free(builder);
    tlsc_credential_free(credential);
    BIO_free(chain_pem);
    BIO_free(key_pem);
    return config;
}

/* Moves what either side has for the other; true if anything moved. */
static int shuttle(SSL *client, tlsc_stream *server, const tlsc_config *config)
{
    unsigned char buf[4096];
    int moved = 0;
    int n = BIO_read(SSL_get_wbio(client), buf, sizeof buf);
    if (n > 0) {
        moved = 1;
        require_ok(tlsc_stream_feed(server, buf, (size_t)n), "the server reads");
        if (tlsc_conn_wait(tlsc_stream_conn(server)) == TLSC_WAIT_CONFIG) {
            tlsc_opened opened;
            require_ok(tlsc_conn_answer_config(tlsc_stream_conn(server), config,
                                               (tlsc_bytes){NULL, 0}, NULL, &opened),
                       "the server takes its configuration");
            require_ok(tlsc_stream_step(server), "the server goes on");
        }
    }
    tlsc_bytes out;
    require_ok(tlsc_stream_output(server, &out), "the server writes");
    if (out.n > 0) {
        moved = 1;
        require(BIO_write(SSL_get_rbio(client), out.p, (int)out.n) == (int)out.n, "its bytes");
        tlsc_stream_sent(server, out.n);
    }
    return moved;
}

static void openssl_with_tlscore(SSL_CTX *ctx, const tlsc_config *config)
{
    tlsc_conn_options options = {.size = sizeof options};
    tlsc_conn *conn = NULL;
    tlsc_stream *server = NULL;
    require_ok(tlsc_conn_new_server(&options, &conn), "a server of tlscore");
    require_ok(tlsc_stream_new(conn, &server), "its stream");
    SSL *client = connect_memory(ctx);

    int rc = -1;
    do {
        rc = SSL_do_handshake(client);
    } while (shuttle(client, server, config) && rc != 1);
    require(rc == 1, "OpenSSL's handshake with tlscore");
    require(SSL_get_verify_result(client) == X509_V_OK, "its certificate");
    while (shuttle(client, server, config)) {
    }

    uint8_t got[16];
    require(SSL_write(client, "ping", 4) == 4 && shuttle(client, server, config), "data are sent");
    require(tlsc_stream_read(server, got, sizeof got) == 4 && memcmp(got, "ping", 4) == 0, "ping");
    require_ok(tlsc_stream_write(server, (const uint8_t *)"pong", 4), "data are answered");
    shuttle(client, server, config);
    require(SSL_read(client, got, sizeof got) == 4 && memcmp(got, "pong", 4) == 0, "pong");
    printf("ok: OpenSSL with tlscore, %s\n", SSL_get_cipher_name(client));
    SSL_free(client);
    tlsc_stream_free(server);
}

/* ---- OpenSSL's client, OpenSSL's server ---- */

static void openssl_with_openssl(SSL_CTX *ctx, EVP_PKEY *key, X509 *cert)
{
    SSL_CTX *server_ctx = SSL_CTX_new(TLS_server_method());
    require(server_ctx != NULL && SSL_CTX_use_certificate(server_ctx, cert) == 1 &&
                SSL_CTX_use_PrivateKey(server_ctx, key) == 1, "a server of OpenSSL");
    SSL *client = connect_memory(ctx);
    SSL *server = SSL_new(server_ctx);
    BIO_up_ref(SSL_get_rbio(client));
    BIO_up_ref(SSL_get_wbio(client));
    SSL_set_bio(server, SSL_get_wbio(client), SSL_get_rbio(client));
    SSL_set_accept_state(server);
    int done = 0;
    for (int i = 0; i < 10 && !done; i++) {
        int rc = SSL_do_handshake(client);
        done = SSL_do_handshake(server) == 1 && rc == 1;
    }
    require(done, "OpenSSL's handshake with itself");
    printf("ok: OpenSSL with itself, %s\n", SSL_get_cipher_name(client));
    SSL_free(client);
    SSL_free(server);
    SSL_CTX_free(server_ctx);
}

int main(void)
{
    EVP_PKEY *key = EVP_EC_gen("P-256");
    require(key != NULL, "a key");
    X509 *cert = make_certificate(key);
    SSL_CTX *ctx = make_client(cert);
    const tlsc_config *config = make_config(key, cert);

    openssl_with_tlscore(ctx, config);
    openssl_with_openssl(ctx, key, cert);
    openssl_with_tlscore(ctx, config);

    tlsc_config_free(config);
    SSL_CTX_free(ctx);
    X509_free(cert);
    EVP_PKEY_free(key);
    return 0;
}
