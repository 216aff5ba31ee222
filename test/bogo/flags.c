/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/flags.c: every flag that the runner of the pinned BoringSSL knows, a row each. */
#include "flags.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "outcome.h"

enum kind {
    KIND_SET,             /* a bool of struct settings becomes true */
    KIND_NUMBER,          /* an int64_t of it takes the value */
    KIND_LIST,            /* a number_list of it grows by the value */
    KIND_TEXT,            /* a const char * of it takes the value */
    KIND_POLICY,          /* one takes the flag's own name, without its dash */
    KIND_BYTES,           /* a tlsc_bytes of it takes what the value is the base64 of */
    KIND_ADD_CREDENTIAL,  /* the next KIND_CREDENTIAL_... belong to a new one */
    KIND_ADD_RAW_KEY,
    KIND_CREDENTIAL_SET, /* the same for a struct credential_flags */
    KIND_CREDENTIAL_TEXT,
    KIND_CREDENTIAL_LIST,
    KIND_CREDENTIAL_BYTES,
    KIND_HARMLESS, /* changes nothing, and `why` */
    KIND_LATER,    /* not implemented yet: `why` names the feature */
    KIND_REFUSED   /* refused on principle: `why` names the feature */
};

struct flag {
    const char *name;
    enum kind kind;
    bool takes_value;
    size_t at; /* of the field, in struct settings or struct credential_flags */
    const char *why;
};

#define SET(name, field) { name, KIND_SET, false, offsetof(struct settings, field), NULL }
#define NUMBER(name, field) { name, KIND_NUMBER, true, offsetof(struct settings, field), NULL }
#define LIST(name, field) { name, KIND_LIST, true, offsetof(struct settings, field), NULL }
#define TEXT(name, field) { name, KIND_TEXT, true, offsetof(struct settings, field), NULL }
#define POLICY(name) { name, KIND_POLICY, false, offsetof(struct settings, policy), NULL }
#define BYTES(name, field) { name, KIND_BYTES, true, offsetof(struct settings, field), NULL }
#define CREDENTIAL_SET(name, field) \
    { name, KIND_CREDENTIAL_SET, false, offsetof(struct credential_flags, field), NULL }
#define CREDENTIAL_BYTES(name, field) \
    { name, KIND_CREDENTIAL_BYTES, true, offsetof(struct credential_flags, field), NULL }
#define CREDENTIAL_TEXT(name, field) \
    { name, KIND_CREDENTIAL_TEXT, true, offsetof(struct credential_flags, field), NULL }
#define CREDENTIAL_LIST(name, field) \
    { name, KIND_CREDENTIAL_LIST, true, offsetof(struct credential_flags, field), NULL }
/* without and with a value */
#define HARMLESS(name, why) { name, KIND_HARMLESS, false, 0, why }
#define HARMLESS_V(name, why) { name, KIND_HARMLESS, true, 0, why }
#define LATER(name, why) { name, KIND_LATER, false, 0, why }
#define LATER_V(name, why) { name, KIND_LATER, true, 0, why }
#define REFUSED(name, why) { name, KIND_REFUSED, false, 0, why }
#define REFUSED_V(name, why) { name, KIND_REFUSED, true, 0, why }

#define ECH "ECH"
#define KEY_USAGE "keyUsage looked at without consequence"
#define NO_RENEGOTIATION "as none is ever made, nobody asks whether it would be a secure one"

#define ACROSS_NAMES "resumption across names"
#define ALPS "ALPS"
#define CHANNEL_ID "Channel ID"
#define DELEGATED "delegated credentials"
#define DTLS "DTLS"
#define EXTERNAL_PSK "PSK suites and external PSKs"
#define FALSE_START "False Start"
#define NPN "NPN"
#define PADDING "server padding"
#define PAKE "PAKE"
#define QUIC "QUIC"
#define RENEGOTIATION "renegotiation"
#define SPLIT "split handshakes and hints"
#define TRUST_ANCHORS "trust anchor ids"

/* One row in the order of the alphabet. */
static const struct flag table[] = {
    LIST("-accepted-peer-cert-types", accepted_peer_types),
    TEXT("-advertise-alpn", advertise_alpn),
    REFUSED("-advertise-empty-npn", NPN),
    REFUSED_V("-advertise-npn", NPN),
    REFUSED("-allow-false-start-without-alpn", FALSE_START),
    REFUSED("-allow-hint-mismatch", SPLIT),
    LATER("-allow-unknown-alpn-protos", "an application protocol that was not offered"),
    REFUSED_V("-alps-use-new-codepoint", ALPS),
    REFUSED_V("-application-settings", ALPS),
    SET("-async", async),
    LIST("-available-client-cert-types", available_client_types),
    REFUSED_V("-available-trust-anchors", TRUST_ANCHORS),
    REFUSED("-cbc-record-splitting", "CBC"),
    CREDENTIAL_TEXT("-cert-file", cert_file),
    SET("-check-close-notify", check_close_notify),
    TEXT("-cipher", suites12),
    SET("-cnsa-202407", cnsa_202407),
    POLICY("-cnsa1-202603"),
    POLICY("-cnsa2-202603"),
    LIST("-curves", groups),
    LIST("-curves-flags", groups_flags),
    SET("-decline-alpn", decline_alpn),
    SET("-decline-ocsp-callback", decline_ocsp_callback),
    REFUSED("-defer-alps", ALPS),
    REFUSED_V("-delegated-credential", DELEGATED),
    REFUSED("-dtls", DTLS),
    NUMBER("-early-write-after-message", early_write_after_message),
    LATER_V("-ech-config-list", ECH),
    LATER_V("-ech-is-retry-config", ECH),
    LATER_V("-ech-server-config", ECH),
    LATER_V("-ech-server-key", ECH),
    REFUSED("-enable-channel-id", CHANNEL_ID),
    SET("-enable-early-data", enable_early_data),
    LATER("-enable-ech-grease", ECH),
    SET("-enable-grease", enable_grease),
    SET("-enable-ocsp-stapling", enable_ocsp),
    SET("-enable-signed-cert-timestamps", enable_scts),
    SET("-expect-accept-early-data", expect_accept_early_data),
    TEXT("-expect-advertised-alpn", expect_advertised_alpn),
    TEXT("-expect-alpn", expect_alpn),
    BYTES("-expect-certificate-types", expect_certificate_types),
    REFUSED_V("-expect-channel-id", CHANNEL_ID),
    NUMBER("-expect-cipher", expect_suite),
    NUMBER("-expect-cipher-aes", expect_suite_aes),
    NUMBER("-expect-cipher-no-aes", expect_suite_no_aes),
    TEXT("-expect-client-ca-list", expect_client_ca_list),
    NUMBER("-expect-curve-id", expect_group),
    TEXT("-expect-early-data-reason", expect_early_data_reason),
    LATER("-expect-ech-accept", ECH),
    LATER_V("-expect-ech-name-override", ECH),
    LATER_V("-expect-ech-retry-configs", ECH),
    SET("-expect-extended-master-secret", expect_extended_master_secret),
    SET("-expect-hrr", expect_hrr),
    LATER("-expect-key-usage-invalid", KEY_USAGE),
    LATER_V("-expect-msg-callback", "a callback for each message"),
    REFUSED_V("-expect-next-proto", NPN),
    LATER("-expect-no-ech-name-override", ECH),
    LATER("-expect-no-ech-retry-configs", ECH),
    SET("-expect-no-hrr", expect_no_hrr),
    REFUSED("-expect-no-next-proto", NPN),
    SET("-expect-no-offer-early-data", expect_no_offer_early_data),
    SET("-expect-no-peer-cert", expect_no_peer_cert),
    REFUSED("-expect-no-peer-match-trust-anchor", TRUST_ANCHORS),
    HARMLESS("-expect-no-secure-renegotiation", NO_RENEGOTIATION),
    SET("-expect-no-server-name", expect_no_server_name),
    SET("-expect-no-session", expect_no_session),
    SET("-expect-no-session-id", expect_no_session_id),
    REFUSED("-expect-not-resumable-across-names", ACROSS_NAMES),
    BYTES("-expect-ocsp-response", expect_ocsp),
    REFUSED_V("-expect-peer-application-settings", ALPS),
    REFUSED_V("-expect-peer-available-trust-anchors", TRUST_ANCHORS),
    TEXT("-expect-peer-cert-file", expect_peer_cert_file),
    NUMBER("-expect-peer-certificate-type", expect_peer_certificate_type),
    REFUSED("-expect-peer-match-trust-anchor", TRUST_ANCHORS),
    BYTES("-expect-peer-rpk-sha256", expect_peer_rpk_sha256),
    NUMBER("-expect-peer-signature-algorithm", expect_peer_scheme),
    LIST("-expect-peer-verify-pref", expect_peer_schemes),
    REFUSED_V("-expect-quic-transport-params", QUIC),
    SET("-expect-reject-early-data", expect_reject_early_data),
    REFUSED("-expect-resumable-across-names", ACROSS_NAMES),
    HARMLESS("-expect-secure-renegotiation", NO_RENEGOTIATION),
    NUMBER("-expect-selected-credential", expect_selected_credential),
    TEXT("-expect-server-name", expect_server_name),
    REFUSED("-expect-server-sent-requested-padding", PADDING),
    SET("-expect-session-id", expect_session_id),
    SET("-expect-session-miss", expect_session_miss),
    REFUSED("-expect-sha256-client-cert", "SHA-256 of client certificates in their place"),
    BYTES("-expect-signed-cert-timestamps", expect_scts),
    NUMBER("-expect-ticket-age-skew", expect_ticket_age_skew),
    SET("-expect-ticket-renewal", expect_ticket_renewal),
    SET("-expect-ticket-supports-early-data", expect_ticket_supports_early_data),
    NUMBER("-expect-total-renegotiations", expect_total_renegotiations),
    SET("-expect-verify-result", expect_verify_result),
    NUMBER("-expect-version", expect_version),
    TEXT("-export-context", export_context),
    NUMBER("-export-keying-material", export_length),
    TEXT("-export-label", export_label),
    SET("-export-traffic-secrets", export_traffic_secrets),
    SET("-fail-cert-callback", fail_cert_callback),
    SET("-fail-ddos-callback", fail_ddos_callback),
    SET("-fail-early-callback", fail_early_callback),
    LATER("-fail-early-callback-ech-rewind", ECH),
    SET("-fail-ocsp-callback", fail_ocsp_callback),
    SET("-fallback-scsv", fallback_scsv),
    REFUSED("-false-start", FALSE_START),
    POLICY("-fips-202205"),
    HARMLESS("-forbid-renegotiation-after-handshake", "none is ever made"),
    REFUSED("-fuzzer-mode", "a mode without cryptography"),
    REFUSED("-handoff", SPLIT),
    REFUSED("-handshake-hints", SPLIT),
    SET("-handshake-never-done", handshake_never_done),
    SET("-handshake-twice", handshake_twice),
    REFUSED_V("-handshaker-path", SPLIT),
    REFUSED("-handshaker-resume", SPLIT),
    TEXT("-host-name", host_name),
    HARMLESS("-ignore-rsa-key-usage", "keyUsage is always looked at"),
    SET("-implicit-handshake", implicit_handshake),
    REFUSED_V("-initial-timeout-duration-ms", DTLS),
    SET("-install-cert-compression-algs", install_compressions),
    HARMLESS("-install-ddos-callback", "the pause for a configuration is such a callback"),
    NUMBER("-install-one-cert-compression-alg", install_one_compression),
    SET("-ipv6", ipv6),
    SET("-is-handshaker-supported", is_handshaker_supported),
    REFUSED("-jdk11-workaround", "JDK 11 workarounds"),
    CREDENTIAL_TEXT("-key-file", key_file),
    LIST("-key-shares", key_shares),
    SET("-key-update", key_update),
    SET("-key-update-before-read", key_update_before_read),
    NUMBER("-max-cert-list", max_cert_list),
    NUMBER("-max-send-fragment", max_send_fragment),
    NUMBER("-max-version", max_version),
    NUMBER("-min-version", min_version),
    REFUSED_V("-mtu", DTLS),
    CREDENTIAL_SET("-must-match-issuer", must_match_issuer),
    REFUSED("-new-delegated-credential", DELEGATED),
    REFUSED("-new-psk-credential", EXTERNAL_PSK),
    { "-new-rpk-credential", KIND_ADD_RAW_KEY, false, 0, NULL },
    REFUSED("-new-spake2plusv1-credential", PAKE),
    { "-new-x509-credential", KIND_ADD_CREDENTIAL, false, 0, NULL },
    SET("-no-key-shares", no_key_shares),
    SET("-no-op-extra-handshake", no_op_extra_handshake),
    SET("-no-server-name-ack", no_server_name_ack),
    SET("-no-ticket", no_ticket),
    SET("-no-tls1", no_tls1),
    SET("-no-tls11", no_tls11),
    SET("-no-tls12", no_tls12),
    SET("-no-tls13", no_tls13),
    CREDENTIAL_BYTES("-ocsp-response", ocsp),
    REFUSED_V("-pake-client-id", PAKE),
    REFUSED_V("-pake-context", PAKE),
    REFUSED_V("-pake-password", PAKE),
    REFUSED_V("-pake-server-id", PAKE),
    HARMLESS("-partial-write", "what is written is taken whole"),
    REFUSED("-peek-then-read", "peeking"),
    SET("-permute-extensions", permute_extensions),
    NUMBER("-port", port),
    REFUSED_V("-private-key-delay-ms", DTLS),
    REFUSED_V("-psk", EXTERNAL_PSK),
    REFUSED_V("-psk-identity", EXTERNAL_PSK),
    REFUSED_V("-psk-importer-context", EXTERNAL_PSK),
    REFUSED_V("-psk-importer-identity", EXTERNAL_PSK),
    REFUSED_V("-psk-importer-key", EXTERNAL_PSK),
    REFUSED("-psk-importer-sha256", EXTERNAL_PSK),
    REFUSED("-psk-importer-sha384", EXTERNAL_PSK),
    REFUSED("-quic", QUIC),
    REFUSED_V("-quic-early-data-context", QUIC),
    REFUSED_V("-quic-transport-params", QUIC),
    REFUSED_V("-quic-use-legacy-codepoint", QUIC),
    NUMBER("-read-size", read_size),
    SET("-read-with-unfinished-write", read_with_unfinished_write),
    SET("-reject-alpn", reject_alpn),
    SET("-renegotiate-explicit", renegotiate),
    SET("-renegotiate-freely", renegotiate),
    SET("-renegotiate-ignore", renegotiate_ignore),
    SET("-renegotiate-once", renegotiate),
    SET("-renew-ticket", renew_ticket),
    NUMBER("-repeat-shim-initial-write", repeat_shim_initial_write),
    REFUSED_V("-request-server-padding", PADDING),
    REFUSED_V("-requested-trust-anchors", TRUST_ANCHORS),
    SET("-require-any-client-certificate", require_client_certificate),
    NUMBER("-resume-count", resume_count),
    REFUSED("-resumption-across-names-enabled", ACROSS_NAMES),
    NUMBER("-resumption-delay", resumption_delay),
    REFUSED("-retain-only-sha256-client-cert", "SHA-256 of client certificates in their place"),
    SET("-reverify-on-resume", reverify_on_resume),
    TEXT("-select-alpn", select_alpn),
    SET("-select-empty-alpn", select_empty_alpn),
    REFUSED("-select-empty-next-proto", NPN),
    REFUSED_V("-select-next-proto", NPN),
    SET("-send-alert", send_alert),
    REFUSED_V("-send-channel-id", CHANNEL_ID),
    SET("-server", server),
    SET("-server-preference", server_preference),
    REFUSED_V("-server-supported-groups-hint", "key-share hints"),
    REFUSED("-server-supports-padding", PADDING),
    SET("-set-ocsp-in-callback", set_ocsp_in_callback),
    NUMBER("-shim-id", shim_id),
    TEXT("-shim-initial-write", shim_initial_write),
    SET("-shim-shuts-down", shim_shuts_down),
    SET("-shim-writes-first", shim_writes_first),
    CREDENTIAL_BYTES("-signed-cert-timestamps", scts),
    CREDENTIAL_LIST("-signing-prefs", signing_prefs),
    SET("-skip-ticket", skip_ticket),
    REFUSED_V("-srtp-profiles", "SRTP"),
    REFUSED_V("-ticket-key", "tickets in BoringSSL's format, which the runner rewrites"),
    REFUSED("-tls-unique", "tls-unique"),
    REFUSED_V("-trust-anchor-id", TRUST_ANCHORS),
    HARMLESS_V("-trust-cert", "the shim judges certificates, by other flags"),
    TEXT("-use-client-ca-list", client_ca_list),
    SET("-use-custom-verify-callback", use_custom_verify_callback),
    SET("-use-early-callback", use_early_callback),
    SET("-use-export-context", use_export_context),
    REFUSED("-use-exporter-between-reads", RENEGOTIATION),
    SET("-use-ocsp-callback", use_ocsp_callback),
    SET("-use-old-client-cert-callback", use_old_client_cert_callback),
    SET("-use-ticket-aead-callback", use_ticket_aead_callback),
    HARMLESS("-use-ticket-callback", "tickets are sealed by a ticketer of the shim's anyway"),
    SET("-verify-fail", verify_fail),
    SET("-verify-peer", verify_peer),
    LIST("-verify-prefs", verify_prefs),
    SET("-wait-for-debugger", wait_for_debugger),
    POLICY("-wpa-202304"),
    SET("-write-different-record-sizes", write_different_record_sizes),
    LATER_V("-write-settings", "transcripts for fuzzers"),
    REFUSED("-wrong-pake-role", PAKE),
};

static const struct flag *find(const char *name)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (strcmp(table[i].name, name) == 0) {
            return &table[i];
        }
    }
    outcome_broken("flags.c has no row for %s", name);
}

/* "-on-resume-curves" with "-on-resume" becomes "-curves". */
static bool cut_prefix(const char **name, const char *prefix)
{
    size_t n = strlen(prefix);

    if (strncmp(*name, prefix, n) != 0 || (*name)[n] != '-') {
        return false;
    }
    *name += n;
    return true;
}

static int64_t number_of(const struct flag *flag, const char *value)
{
    char *end = NULL;

    errno = 0;
    long long v = strtoll(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0') {
        outcome_broken("%s %s: not a number", flag->name, value);
    }
    return v;
}

static void append(struct number_list *list, const struct flag *flag, const char *value)
{
    int64_t v = number_of(flag, value);

    if (v < 0 || v > UINT16_MAX || list->n == FLAGS_MAX_LIST) {
        outcome_broken("%s %s: no code point, or too many", flag->name, value);
    }
    list->v[list->n++] = (uint16_t)v;
}

static void set_bytes(tlsc_bytes *field, const char *value)
{
    file_free(*field);
    *field = file_base64((tlsc_bytes){ (const uint8_t *)value, strlen(value) });
}

static void add_credential(struct settings *s, bool raw_key)
{
    if (++s->num_added == FLAGS_MAX_CREDENTIALS) {
        outcome_broken("more than %d credentials", FLAGS_MAX_CREDENTIALS - 1);
    }
    s->credentials[s->num_added].raw_key = raw_key;
}

/* The field that the row is about. */
static void *field_of(struct settings *s, const struct flag *flag)
{
    bool of_credential = flag->kind >= KIND_CREDENTIAL_SET && flag->kind <= KIND_CREDENTIAL_BYTES;

    return of_credential ? (char *)&s->credentials[s->num_added] + flag->at : (char *)s + flag->at;
}

static void apply(struct settings *s, const struct flag *flag, const char *value)
{
    void *field = field_of(s, flag);

    switch (flag->kind) {
    case KIND_SET:
    case KIND_CREDENTIAL_SET:
        *(bool *)field = true;
        break;
    case KIND_NUMBER:
        *(int64_t *)field = number_of(flag, value);
        break;
    case KIND_LIST:
    case KIND_CREDENTIAL_LIST:
        append(field, flag, value);
        break;
    case KIND_TEXT:
    case KIND_CREDENTIAL_TEXT:
        *(const char **)field = value;
        break;
    case KIND_POLICY:
        *(const char **)field = flag->name + 1;
        break;
    case KIND_BYTES:
    case KIND_CREDENTIAL_BYTES:
        set_bytes(field, value);
        break;
    case KIND_ADD_CREDENTIAL:
    case KIND_ADD_RAW_KEY:
        add_credential(s, flag->kind == KIND_ADD_RAW_KEY);
        break;
    case KIND_HARMLESS:
    case KIND_LATER:
    case KIND_REFUSED:
        break;
    }
}

static void note_absent(struct flags *out, const struct flag *flag)
{
    if (flag->kind == KIND_REFUSED && out->refused == NULL) {
        out->refused = flag->why;
    }
    if (flag->kind == KIND_LATER && out->later == NULL) {
        out->later = flag->why;
    }
}

static void set_defaults(struct settings *s)
{
    *s = (struct settings){
        .min_version = FLAGS_NONE,
        .max_version = FLAGS_NONE,
        .max_send_fragment = FLAGS_NONE,
        .shim_initial_write = "hello",
        .repeat_shim_initial_write = 1,
        .read_size = FLAGS_NONE,
        .export_length = FLAGS_NONE,
        .export_label = "",
        .export_context = "",
        .expect_version = FLAGS_NONE,
        .expect_suite = FLAGS_NONE,
        .expect_suite_aes = FLAGS_NONE,
        .expect_suite_no_aes = FLAGS_NONE,
        .expect_group = FLAGS_NONE,
        .expect_selected_credential = FLAGS_NONE,
        .expect_peer_certificate_type = FLAGS_NONE,
        .expect_peer_scheme = FLAGS_NONE,
        .early_write_after_message = FLAGS_NONE,
        .max_cert_list = FLAGS_NONE,
        .install_one_compression = FLAGS_NONE,
        .expect_ticket_age_skew = FLAGS_NONE,
    };
}

bool flags_allow_version(const struct settings *s, uint16_t version)
{
    if (s->policy != NULL && version < TLSC_TLS12) {
        return false; /* BoringSSL's policies have none of them */
    }
    if ((s->min_version != FLAGS_NONE && version < s->min_version) ||
        (s->max_version != FLAGS_NONE && version > s->max_version)) {
        return false;
    }
    switch (version) {
    case VERSION_TLS10:
        return !s->no_tls1;
    case VERSION_TLS11:
        return !s->no_tls11;
    case VERSION_TLS12:
        return !s->no_tls12;
    case VERSION_TLS13:
        return !s->no_tls13;
    default:
        return false;
    }
}

void flags_parse(struct flags *out, int argc, char **argv)
{
    *out = (struct flags){ .refused = NULL };
    set_defaults(&out->initial);
    set_defaults(&out->resume);
    set_defaults(&out->retry);

    for (int i = 1; i < argc; i++) {
        const char *name = argv[i];
        bool for_handshaker = cut_prefix(&name, "-on-handshaker");
        if (!for_handshaker) {
            cut_prefix(&name, "-on-shim");
        }
        bool initial = cut_prefix(&name, "-on-initial");
        bool resume = !initial && cut_prefix(&name, "-on-resume");
        bool retry = !initial && !resume && cut_prefix(&name, "-on-retry");

        const struct flag *flag = find(name);
        if (flag->takes_value && ++i == argc) {
            outcome_broken("%s wants a value", name);
        }
        const char *value = flag->takes_value ? argv[i] : NULL;
        if (for_handshaker) {
            continue;
        }
        note_absent(out, flag);
        if (!resume && !retry) {
            apply(&out->initial, flag, value);
        }
        if (!initial && !retry) {
            apply(&out->resume, flag, value);
        }
        if (!initial && !resume) {
            apply(&out->retry, flag, value);
        }
    }
}

static void settings_clear(struct settings *s)
{
    for (size_t i = 0; i <= s->num_added; i++) {
        file_free(s->credentials[i].ocsp);
        file_free(s->credentials[i].scts);
    }
    file_free(s->expect_ocsp);
    file_free(s->expect_scts);
    file_free(s->expect_peer_rpk_sha256);
    file_free(s->expect_certificate_types);
}

void flags_clear(struct flags *flags)
{
    settings_clear(&flags->initial);
    settings_clear(&flags->resume);
    settings_clear(&flags->retry);
}
