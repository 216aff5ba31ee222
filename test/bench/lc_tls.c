/* SPDX-License-Identifier: Apache-2.0 */
/* The load client's TLS side: what it offers, its tickets, and what was negotiated. */
#include "lc_tls.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pool.h>
#include <openssl/x509.h>

void lc_tls_die(const struct lc_conn *c, const char *what, int ret)
{
    int reason = c->ssl != NULL ? SSL_get_error(c->ssl, ret) : SSL_ERROR_SSL;
    uint32_t code = ERR_get_error();
    char text[256] = "no reason given";

    if (code != 0) {
        ERR_error_string_n(code, text, sizeof(text));
    } else if (reason == SSL_ERROR_SYSCALL) {
        snprintf(text, sizeof(text), "%s", ret == 0 ? "the server closed" : strerror(errno));
    }
    lc_die("%s: %s (after %lu operations)", what, text, c->cfg->stats.operations);
}

/* libssl calls this once for each NewSessionTicket; in TLS 1.2 for each new session, which is in a
 * ticket as well, since one was asked for. Returning 1 takes the session over. */
static int on_ticket(SSL *ssl, SSL_SESSION *session)
{
    struct lc_conn *c = SSL_get_app_data(ssl);

    c->tickets++;
    if (!c->cfg->resumes) {
        return 0;
    }
    SSL_SESSION_free(c->session);
    c->session = session;
    return 1;
}

/* libssl has no setter for TLS 1.3 suites. It offers AES-128-GCM first; one of its policies puts
 * AES-256-GCM first. A server that picks something else is found by lc_tls_check. */
static void offer_suite13(SSL_CTX *ctx, const char *suite)
{
    if (suite != NULL && strcmp(suite, "TLS_AES_256_GCM_SHA384") == 0 &&
        !SSL_CTX_set_compliance_policy(ctx, ssl_compliance_policy_cnsa_202407)) {
        lc_die("libssl cannot offer %s first", suite);
    }
}

static void offer_suite12(SSL_CTX *ctx, const char *suite)
{
    if (suite != NULL && !SSL_CTX_set_strict_cipher_list(ctx, suite)) {
        lc_die("libssl does not know the suite %s", suite);
    }
}

/* In TLS 1.2 the list has to have the curve of the server's certificate, too. */
static void offer_group(SSL_CTX *ctx, uint16_t version, const char *group)
{
    char list[64];

    if (group == NULL) {
        return;
    }
    snprintf(list, sizeof(list), "%s%s", group,
             version == TLS1_2_VERSION && strcmp(group, "P-256") != 0 ? ":P-256" : "");
    if (!SSL_CTX_set1_groups_list(ctx, list)) {
        lc_die("libssl does not know the group %s", group);
    }
}

SSL_CTX *lc_tls_ctx_new(uint16_t version, const char *group, const char *suite, const char *ca_file)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());

    if (ctx == NULL || !SSL_CTX_set_min_proto_version(ctx, version) ||
        !SSL_CTX_set_max_proto_version(ctx, version)) {
        lc_die("no memory for the TLS context");
    }
    if (version == TLS1_3_VERSION) {
        offer_suite13(ctx, suite);
    } else {
        offer_suite12(ctx, suite);
    }
    offer_group(ctx, version, group);
    if (ca_file != NULL) {
        if (!SSL_CTX_load_verify_locations(ctx, ca_file, NULL)) {
            lc_die("no CA certificate in %s", ca_file);
        }
        SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
    }
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(ctx, on_ticket);
    return ctx;
}

void lc_tls_start(struct lc_conn *c)
{
    BIO *bio = lc_wire_bio_new(&c->wire);

    c->ssl = SSL_new(c->cfg->tls);
    if (c->ssl == NULL || bio == NULL || !SSL_set_app_data(c->ssl, c) ||
        !SSL_set_tlsext_host_name(c->ssl, c->cfg->name) || !SSL_set1_host(c->ssl, c->cfg->name)) {
        lc_die("no memory for a TLS connection");
    }
    SSL_set_bio(c->ssl, bio, bio);
    SSL_set_connect_state(c->ssl);
    if (c->session != NULL && !SSL_set_session(c->ssl, c->session)) {
        lc_tls_die(c, "SSL_set_session", 0);
    }
}

static void describe_certificate(const SSL *ssl, char *out, size_t out_len)
{
    const STACK_OF(CRYPTO_BUFFER) *chain = SSL_get0_peer_certificates(ssl);
    X509 *leaf = SSL_get_peer_certificate(ssl);
    EVP_PKEY *key = leaf != NULL ? X509_get0_pubkey(leaf) : NULL;
    const char *kind;
    size_t bytes = 0;

    if (chain == NULL || key == NULL) {
        lc_die("the server showed no certificate");
    }
    for (size_t i = 0; i < sk_CRYPTO_BUFFER_num(chain); i++) {
        bytes += CRYPTO_BUFFER_len(sk_CRYPTO_BUFFER_value(chain, i));
    }
    kind = EVP_PKEY_id(key) == EVP_PKEY_EC    ? "ECDSA P-"
           : EVP_PKEY_id(key) == EVP_PKEY_RSA ? "RSA-"
                                              : "other, bits: ";
    snprintf(out, out_len, "%s%d, %zu in chain, %zu bytes", kind, EVP_PKEY_bits(key),
             sk_CRYPTO_BUFFER_num(chain), bytes);
    X509_free(leaf);
}

static void look(const struct lc_conn *c, struct lc_seen *seen)
{
    *seen = (struct lc_seen){
        .version = (uint16_t)SSL_version(c->ssl),
        .suite = SSL_CIPHER_get_protocol_id(SSL_get_current_cipher(c->ssl)),
        .group = SSL_get_group_id(c->ssl),
        .signature = SSL_get_peer_signature_algorithm(c->ssl),
        .flight_bytes = c->wire.in.bytes,
    };
    describe_certificate(c->ssl, seen->certificate, sizeof(seen->certificate));
}

static void check_expected(const struct lc_config *cfg, const struct lc_conn *c)
{
    const char *suite = SSL_CIPHER_standard_name(SSL_get_current_cipher(c->ssl));
    const char *group = SSL_get_group_name(SSL_get_group_id(c->ssl));

    if (cfg->expect_suite != NULL && strcmp(cfg->expect_suite, suite) != 0) {
        lc_die("the server chose %s, not %s", suite, cfg->expect_suite);
    }
    if (cfg->expect_group != NULL && (group == NULL || strcmp(cfg->expect_group, group) != 0)) {
        lc_die("the server chose group %s, not %s", group, cfg->expect_group);
    }
}

void lc_tls_check(struct lc_conn *c)
{
    struct lc_config *cfg = c->cfg;
    bool resumed = SSL_session_reused(c->ssl);

    cfg->stats.handshakes++;
    cfg->stats.resumed += resumed;
    if (cfg->must_resume && !resumed) {
        lc_die("a handshake was not resumed (after %lu operations)", cfg->stats.operations);
    }
    if (!cfg->has_seen) { /* the first one of a run is always a full handshake */
        look(c, &cfg->seen);
        check_expected(cfg, c);
        cfg->has_seen = true;
    } else if (SSL_version(c->ssl) != cfg->seen.version ||
               SSL_CIPHER_get_protocol_id(SSL_get_current_cipher(c->ssl)) != cfg->seen.suite ||
               SSL_get_group_id(c->ssl) != cfg->seen.group) {
        lc_die("a connection negotiated differently (after %lu operations)", cfg->stats.operations);
    }
}
