/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/flags.c: every flag that the runner of the pinned BoringSSL knows, a row each. */
#include "flags.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "outcome.h"

enum kind {
    KIND_SET,             /* a bool of struct settings becomes true */
    KIND_NUMBER,          /* an int64_t of it takes the value */
    KIND_LIST,            /* a number_list of it grows by the value */
    KIND_TEXT,            /* a const char * of it takes the value */
    KIND_CREDENTIAL_TEXT, /* the same two for the credential added last */
    KIND_CREDENTIAL_LIST,
    KIND_ADD_CREDENTIAL,
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

#define CLIENT "the client role"
#define CLIENT_CERTIFICATES "client certificates"
#define COMPRESSION "certificate compression"
#define EARLY_DATA "early data"
#define ECH "ECH"
#define EXPORTER "keying material and secrets exported"
#define POLICIES "compliance policies"
#define RAW_KEYS "raw public keys"
#define SESSION_IDS "sessions by id"
#define STAPLES "OCSP staples and SCTs"

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
    LATER_V("-accepted-peer-cert-types", RAW_KEYS),
    LATER_V("-advertise-alpn", CLIENT),
    REFUSED("-advertise-empty-npn", NPN),
    REFUSED_V("-advertise-npn", NPN),
    REFUSED("-allow-false-start-without-alpn", FALSE_START),
    REFUSED("-allow-hint-mismatch", SPLIT),
    LATER("-allow-unknown-alpn-protos", CLIENT),
    REFUSED_V("-alps-use-new-codepoint", ALPS),
    REFUSED_V("-application-settings", ALPS),
    SET("-async", async),
    LATER_V("-available-client-cert-types", RAW_KEYS),
    REFUSED_V("-available-trust-anchors", TRUST_ANCHORS),
    REFUSED("-cbc-record-splitting", "CBC"),
    CREDENTIAL_TEXT("-cert-file", cert_file),
    SET("-check-close-notify", check_close_notify),
    TEXT("-cipher", suites12),
    LATER("-cnsa-202407", POLICIES),
    LATER("-cnsa1-202603", POLICIES),
    LATER("-cnsa2-202603", POLICIES),
    LIST("-curves", groups),
    LATER_V("-curves-flags", "groups of equal preference"),
    SET("-decline-alpn", decline_alpn),
    LATER("-decline-ocsp-callback", STAPLES),
    REFUSED("-defer-alps", ALPS),
    REFUSED_V("-delegated-credential", DELEGATED),
    REFUSED("-dtls", DTLS),
    LATER_V("-early-write-after-message", EARLY_DATA),
    LATER_V("-ech-config-list", ECH),
    LATER_V("-ech-is-retry-config", ECH),
    LATER_V("-ech-server-config", ECH),
    LATER_V("-ech-server-key", ECH),
    REFUSED("-enable-channel-id", CHANNEL_ID),
    LATER("-enable-early-data", EARLY_DATA),
    LATER("-enable-ech-grease", ECH),
    LATER("-enable-grease", CLIENT),
    LATER("-enable-ocsp-stapling", STAPLES),
    LATER("-enable-signed-cert-timestamps", STAPLES),
    LATER("-expect-accept-early-data", EARLY_DATA),
    TEXT("-expect-advertised-alpn", expect_advertised_alpn),
    LATER_V("-expect-alpn", CLIENT),
    LATER_V("-expect-certificate-types", CLIENT_CERTIFICATES),
    REFUSED_V("-expect-channel-id", CHANNEL_ID),
    NUMBER("-expect-cipher", expect_suite),
    NUMBER("-expect-cipher-aes", expect_suite_aes),
    NUMBER("-expect-cipher-no-aes", expect_suite_no_aes),
    LATER_V("-expect-client-ca-list", CLIENT_CERTIFICATES),
    NUMBER("-expect-curve-id", expect_group),
    TEXT("-expect-early-data-reason", expect_early_data_reason),
    LATER("-expect-ech-accept", ECH),
    LATER_V("-expect-ech-name-override", ECH),
    LATER_V("-expect-ech-retry-configs", ECH),
    SET("-expect-extended-master-secret", expect_extended_master_secret),
    SET("-expect-hrr", expect_hrr),
    LATER("-expect-key-usage-invalid", CLIENT),
    LATER_V("-expect-msg-callback", "a callback for each message"),
    REFUSED_V("-expect-next-proto", NPN),
    LATER("-expect-no-ech-name-override", ECH),
    LATER("-expect-no-ech-retry-configs", ECH),
    SET("-expect-no-hrr", expect_no_hrr),
    REFUSED("-expect-no-next-proto", NPN),
    LATER("-expect-no-offer-early-data", EARLY_DATA),
    LATER("-expect-no-peer-cert", CLIENT_CERTIFICATES),
    REFUSED("-expect-no-peer-match-trust-anchor", TRUST_ANCHORS),
    LATER("-expect-no-secure-renegotiation", CLIENT),
    SET("-expect-no-server-name", expect_no_server_name),
    LATER("-expect-no-session", CLIENT),
    HARMLESS("-expect-no-session-id", "there is no session cache that it could be in"),
    REFUSED("-expect-not-resumable-across-names", ACROSS_NAMES),
    LATER_V("-expect-ocsp-response", STAPLES),
    REFUSED_V("-expect-peer-application-settings", ALPS),
    REFUSED_V("-expect-peer-available-trust-anchors", TRUST_ANCHORS),
    LATER_V("-expect-peer-cert-file", CLIENT_CERTIFICATES),
    LATER_V("-expect-peer-certificate-type", RAW_KEYS),
    REFUSED("-expect-peer-match-trust-anchor", TRUST_ANCHORS),
    LATER_V("-expect-peer-rpk-sha256", RAW_KEYS),
    LATER_V("-expect-peer-signature-algorithm", CLIENT_CERTIFICATES),
    LIST("-expect-peer-verify-pref", expect_peer_schemes),
    REFUSED_V("-expect-quic-transport-params", QUIC),
    HARMLESS("-expect-reject-early-data", "all early data is refused, which the runner sees"),
    REFUSED("-expect-resumable-across-names", ACROSS_NAMES),
    LATER("-expect-secure-renegotiation", CLIENT),
    NUMBER("-expect-selected-credential", expect_selected_credential),
    TEXT("-expect-server-name", expect_server_name),
    REFUSED("-expect-server-sent-requested-padding", PADDING),
    LATER("-expect-session-id", SESSION_IDS),
    SET("-expect-session-miss", expect_session_miss),
    REFUSED("-expect-sha256-client-cert", "SHA-256 of client certificates in their place"),
    LATER_V("-expect-signed-cert-timestamps", STAPLES),
    LATER_V("-expect-ticket-age-skew", EARLY_DATA),
    LATER("-expect-ticket-renewal", CLIENT),
    LATER("-expect-ticket-supports-early-data", EARLY_DATA),
    REFUSED_V("-expect-total-renegotiations", RENEGOTIATION),
    HARMLESS("-expect-verify-result", "no certificate is asked for: there is nothing to verify"),
    NUMBER("-expect-version", expect_version),
    LATER_V("-export-context", EXPORTER),
    LATER_V("-export-keying-material", EXPORTER),
    LATER_V("-export-label", EXPORTER),
    LATER("-export-traffic-secrets", EXPORTER),
    SET("-fail-cert-callback", fail_cert_callback),
    SET("-fail-ddos-callback", fail_ddos_callback),
    SET("-fail-early-callback", fail_early_callback),
    LATER("-fail-early-callback-ech-rewind", ECH),
    LATER("-fail-ocsp-callback", STAPLES),
    LATER("-fallback-scsv", CLIENT),
    REFUSED("-false-start", FALSE_START),
    LATER("-fips-202205", POLICIES),
    REFUSED("-forbid-renegotiation-after-handshake", RENEGOTIATION),
    REFUSED("-fuzzer-mode", "a mode without cryptography"),
    REFUSED("-handoff", SPLIT),
    REFUSED("-handshake-hints", SPLIT),
    SET("-handshake-never-done", handshake_never_done),
    SET("-handshake-twice", handshake_twice),
    REFUSED_V("-handshaker-path", SPLIT),
    REFUSED("-handshaker-resume", SPLIT),
    LATER_V("-host-name", CLIENT),
    LATER("-ignore-rsa-key-usage", CLIENT),
    SET("-implicit-handshake", implicit_handshake),
    REFUSED_V("-initial-timeout-duration-ms", DTLS),
    LATER("-install-cert-compression-algs", COMPRESSION),
    HARMLESS("-install-ddos-callback", "the pause for a configuration is such a callback"),
    LATER_V("-install-one-cert-compression-alg", COMPRESSION),
    SET("-ipv6", ipv6),
    SET("-is-handshaker-supported", is_handshaker_supported),
    REFUSED("-jdk11-workaround", "JDK 11 workarounds"),
    CREDENTIAL_TEXT("-key-file", key_file),
    LATER_V("-key-shares", CLIENT),
    SET("-key-update", key_update),
    SET("-key-update-before-read", key_update_before_read),
    LATER_V("-max-cert-list", CLIENT_CERTIFICATES),
    NUMBER("-max-send-fragment", max_send_fragment),
    NUMBER("-max-version", max_version),
    NUMBER("-min-version", min_version),
    REFUSED_V("-mtu", DTLS),
    LATER("-must-match-issuer", "credentials chosen by CA hints"),
    REFUSED("-new-delegated-credential", DELEGATED),
    REFUSED("-new-psk-credential", EXTERNAL_PSK),
    LATER("-new-rpk-credential", RAW_KEYS),
    REFUSED("-new-spake2plusv1-credential", PAKE),
    { "-new-x509-credential", KIND_ADD_CREDENTIAL, false, 0, NULL },
    LATER("-no-key-shares", CLIENT),
    SET("-no-op-extra-handshake", no_op_extra_handshake),
    LATER("-no-server-name-ack", "a server name used without saying so"),
    SET("-no-ticket", no_ticket),
    SET("-no-tls1", no_tls1),
    SET("-no-tls11", no_tls11),
    SET("-no-tls12", no_tls12),
    SET("-no-tls13", no_tls13),
    LATER_V("-ocsp-response", STAPLES),
    REFUSED_V("-pake-client-id", PAKE),
    REFUSED_V("-pake-context", PAKE),
    REFUSED_V("-pake-password", PAKE),
    REFUSED_V("-pake-server-id", PAKE),
    HARMLESS("-partial-write", "what is written is taken whole"),
    REFUSED("-peek-then-read", "peeking"),
    LATER("-permute-extensions", CLIENT),
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
    REFUSED("-renegotiate-explicit", RENEGOTIATION),
    REFUSED("-renegotiate-freely", RENEGOTIATION),
    REFUSED("-renegotiate-ignore", RENEGOTIATION),
    REFUSED("-renegotiate-once", RENEGOTIATION),
    SET("-renew-ticket", renew_ticket),
    NUMBER("-repeat-shim-initial-write", repeat_shim_initial_write),
    REFUSED_V("-request-server-padding", PADDING),
    REFUSED_V("-requested-trust-anchors", TRUST_ANCHORS),
    LATER("-require-any-client-certificate", CLIENT_CERTIFICATES),
    NUMBER("-resume-count", resume_count),
    REFUSED("-resumption-across-names-enabled", ACROSS_NAMES),
    NUMBER("-resumption-delay", resumption_delay),
    REFUSED("-retain-only-sha256-client-cert", "SHA-256 of client certificates in their place"),
    LATER("-reverify-on-resume", CLIENT_CERTIFICATES),
    TEXT("-select-alpn", select_alpn),
    SET("-select-empty-alpn", select_empty_alpn),
    REFUSED("-select-empty-next-proto", NPN),
    REFUSED_V("-select-next-proto", NPN),
    LATER("-send-alert", "an alert of the caller's choice"),
    REFUSED_V("-send-channel-id", CHANNEL_ID),
    SET("-server", server),
    SET("-server-preference", server_preference),
    REFUSED_V("-server-supported-groups-hint", "key-share hints"),
    REFUSED("-server-supports-padding", PADDING),
    LATER("-set-ocsp-in-callback", STAPLES),
    NUMBER("-shim-id", shim_id),
    TEXT("-shim-initial-write", shim_initial_write),
    SET("-shim-shuts-down", shim_shuts_down),
    SET("-shim-writes-first", shim_writes_first),
    LATER_V("-signed-cert-timestamps", STAPLES),
    CREDENTIAL_LIST("-signing-prefs", signing_prefs),
    SET("-skip-ticket", skip_ticket),
    REFUSED_V("-srtp-profiles", "SRTP"),
    REFUSED_V("-ticket-key", "tickets in BoringSSL's format, which the runner rewrites"),
    REFUSED("-tls-unique", "tls-unique"),
    REFUSED_V("-trust-anchor-id", TRUST_ANCHORS),
    HARMLESS_V("-trust-cert", "no certificate is asked for: there is nothing to verify"),
    LATER_V("-use-client-ca-list", CLIENT_CERTIFICATES),
    LATER("-use-custom-verify-callback", CLIENT_CERTIFICATES),
    SET("-use-early-callback", use_early_callback),
    LATER("-use-export-context", EXPORTER),
    LATER("-use-exporter-between-reads", EXPORTER),
    LATER("-use-ocsp-callback", STAPLES),
    LATER("-use-old-client-cert-callback", CLIENT_CERTIFICATES),
    HARMLESS("-use-ticket-aead-callback", "tickets are sealed by a ticketer of the shim's anyway"),
    HARMLESS("-use-ticket-callback", "tickets are sealed by a ticketer of the shim's anyway"),
    LATER("-verify-fail", CLIENT_CERTIFICATES),
    LATER("-verify-peer", CLIENT_CERTIFICATES),
    HARMLESS_V("-verify-prefs", "no certificate is asked for: there is nothing to verify"),
    SET("-wait-for-debugger", wait_for_debugger),
    LATER("-wpa-202304", POLICIES),
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

static void apply(struct settings *s, const struct flag *flag, const char *value)
{
    char *field = (char *)s + flag->at;
    char *credential_field = (char *)&s->credentials[s->num_added] + flag->at;

    switch (flag->kind) {
    case KIND_SET:
        *(bool *)(void *)field = true;
        break;
    case KIND_NUMBER:
        *(int64_t *)(void *)field = number_of(flag, value);
        break;
    case KIND_LIST:
        append((struct number_list *)(void *)field, flag, value);
        break;
    case KIND_TEXT:
        *(const char **)(void *)field = value;
        break;
    case KIND_CREDENTIAL_TEXT:
        *(const char **)(void *)credential_field = value;
        break;
    case KIND_CREDENTIAL_LIST:
        append((struct number_list *)(void *)credential_field, flag, value);
        break;
    case KIND_ADD_CREDENTIAL:
        if (++s->num_added == FLAGS_MAX_CREDENTIALS) {
            outcome_broken("more than %d credentials", FLAGS_MAX_CREDENTIALS - 1);
        }
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
        .expect_version = FLAGS_NONE,
        .expect_suite = FLAGS_NONE,
        .expect_suite_aes = FLAGS_NONE,
        .expect_suite_no_aes = FLAGS_NONE,
        .expect_group = FLAGS_NONE,
        .expect_selected_credential = FLAGS_NONE,
    };
}

bool flags_allow_version(const struct settings *s, uint16_t version)
{
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

    for (int i = 1; i < argc; i++) {
        const char *name = argv[i];
        bool for_handshaker = cut_prefix(&name, "-on-handshaker");
        if (!for_handshaker) {
            cut_prefix(&name, "-on-shim");
        }
        bool initial = cut_prefix(&name, "-on-initial");
        bool resume = !initial && cut_prefix(&name, "-on-resume");
        /* after refused 0-RTT, which is a client's matter */
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
    }
}
