/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/flags.h: what the runner asks for on the command line. */
#ifndef BOGO_FLAGS_H
#define BOGO_FLAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tlscore.h"

enum {
    FLAGS_MAX_CREDENTIALS = 8,
    FLAGS_MAX_LIST = 32
};

/* The versions that the runner's flags tell apart. */
enum {
    VERSION_TLS10 = 0x0301,
    VERSION_TLS11 = 0x0302,
    VERSION_TLS12 = 0x0303,
    VERSION_TLS13 = 0x0304
};

/* Code points, in the order of their flags. */
struct number_list {
    uint16_t v[FLAGS_MAX_LIST];
    size_t n;
};

struct credential_flags {
    const char *cert_file;
    const char *key_file;
    struct number_list signing_prefs;
    tlsc_bytes ocsp; /* empty: none */
    tlsc_bytes scts;
    bool raw_key;
    bool must_match_issuer;
};

/* No number was given. */
#define FLAGS_NONE INT64_MIN

/* What one connection shall do and find. Texts are borrowed from argv; NULL, FLAGS_NONE and empty
 * bytes say that the flag was absent. */
struct settings {
    /* the run as a whole; the initial connection's settings count */
    int64_t port;
    int64_t shim_id;
    int64_t resume_count;
    bool ipv6;
    bool is_handshaker_supported;
    bool wait_for_debugger;

    /* the configuration */
    bool server;
    bool no_tls1;
    bool no_tls11;
    bool no_tls12;
    bool no_tls13;
    bool no_ticket;
    bool skip_ticket;
    bool server_preference;
    int64_t min_version;
    int64_t max_version;
    int64_t max_send_fragment;
    const char *policy; /* tlscore's name is the flag's */
    bool cnsa_202407;
    bool enable_grease;
    bool permute_extensions;
    const char *suites12; /* OpenSSL's list of TLS 1.2's suites */
    struct number_list groups;
    struct number_list groups_flags;
    /* [0] is the default credential, used last; the others were added by -new-...-credential */
    struct credential_flags credentials[FLAGS_MAX_CREDENTIALS];
    size_t num_added;
    const char *select_alpn;
    bool select_empty_alpn;
    bool decline_alpn;
    bool reject_alpn;
    const char *advertise_alpn;
    const char *host_name;
    struct number_list key_shares;
    bool no_key_shares;
    bool fallback_scsv;
    bool renegotiate; /* if the runner asks for it */
    bool renegotiate_ignore;
    bool no_server_name_ack;
    struct number_list verify_prefs;
    struct number_list accepted_peer_types;
    struct number_list available_client_types;
    bool enable_early_data;
    bool enable_ocsp;
    bool enable_scts;
    bool require_client_certificate;
    bool verify_peer;
    bool reverify_on_resume;
    const char *client_ca_list; /* DER Names in hex, separated by commas, or <NULL>, or <EMPTY> */
    int64_t max_cert_list;
    bool install_compressions;
    int64_t install_one_compression;

    /* how it is driven */
    bool async;
    bool implicit_handshake;
    bool use_early_callback;
    bool fail_early_callback;
    bool fail_cert_callback;
    bool fail_ddos_callback;
    bool handshake_twice;
    bool no_op_extra_handshake;
    bool renew_ticket;
    bool use_custom_verify_callback;
    bool verify_fail;
    bool use_old_client_cert_callback;
    bool use_ticket_aead_callback;
    bool use_ocsp_callback;
    bool set_ocsp_in_callback;
    bool decline_ocsp_callback;
    bool fail_ocsp_callback;
    int64_t resumption_delay;
    int64_t early_write_after_message; /* a handshake type */

    /* what is exchanged */
    bool shim_writes_first;
    bool shim_shuts_down;
    bool check_close_notify;
    bool send_alert;
    bool key_update;
    bool key_update_before_read;
    bool read_with_unfinished_write;
    bool write_different_record_sizes;
    const char *shim_initial_write;
    int64_t repeat_shim_initial_write;
    int64_t read_size;
    int64_t export_length; /* bytes of keying material to be sent */
    const char *export_label;
    const char *export_context;
    bool use_export_context;
    bool export_traffic_secrets; /* the key log has them */

    /* what is expected */
    bool expect_session_miss;
    bool expect_extended_master_secret;
    bool expect_hrr;
    bool expect_no_hrr;
    bool expect_no_server_name;
    bool handshake_never_done;
    const char *expect_server_name;
    const char *expect_advertised_alpn;
    const char *expect_early_data_reason;
    int64_t expect_version;
    int64_t expect_suite;
    int64_t expect_suite_aes;
    int64_t expect_suite_no_aes;
    int64_t expect_group;
    int64_t expect_selected_credential;
    struct number_list expect_peer_schemes;
    const char *expect_alpn;
    const char *expect_client_ca_list; /* as client_ca_list */
    const char *expect_peer_cert_file;
    tlsc_bytes expect_ocsp;
    tlsc_bytes expect_scts;
    tlsc_bytes expect_peer_rpk_sha256;
    tlsc_bytes expect_certificate_types; /* ClientCertificateType of TLS 1.2 */
    int64_t expect_ticket_age_skew;      /* s */
    int64_t expect_total_renegotiations;
    int64_t expect_peer_certificate_type;
    int64_t expect_peer_scheme;
    bool expect_verify_result;
    bool expect_no_peer_cert;
    bool expect_no_session;
    bool expect_session_id;
    bool expect_no_session_id;
    bool expect_ticket_renewal;
    bool expect_ticket_supports_early_data;
    bool expect_accept_early_data;
    bool expect_reject_early_data;
    bool expect_no_offer_early_data;
};

struct flags {
    struct settings initial;
    struct settings resume;
    struct settings retry; /* what is left of a client's connection whose early data was refused */
    /* the first thing asked for that is refused, and the first that isn't there yet; NULL: none */
    const char *refused;
    const char *later;
};

/* Reads the command line by the table in flags.c. A flag that the table doesn't know, or a bad
 * value, ends the run. */
void flags_parse(struct flags *out, int argc, char **argv);
void flags_clear(struct flags *flags);

/* May the shim speak this version? The flags alone tell the runner which ones it does, and
 * BoringSSL's shim speaks all from TLS 1.0. */
bool flags_allow_version(const struct settings *s, uint16_t version);

#endif
