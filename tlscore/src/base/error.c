/* SPDX-License-Identifier: Apache-2.0 */
/* base/error.c: what errors.def says, as functions. */
#include "tlscore/base.h"

#include "base/try.h"

#ifndef TLSC_VERSION
#define TLSC_VERSION "0.0.0"
#endif

typedef struct error_row {
    const char *name;
    const char *text;
    const char *reference;
    tlsc_blame blame;
    tlsc_alert alert;
} error_row;

static const error_row rows[TLSC_ERR_COUNT] = {
    [TLSC_OK] = { "OK", "no error", "", TLSC_BLAME_NONE, TLSC_ALERT_NONE },
#define TLSC_ERROR(name, blame, alert, text, reference) \
    [TLSC_E_##name] = { #name, text, reference, TLSC_BLAME_##blame, TLSC_ALERT_##alert },
#include "tlscore/errors.def"
#undef TLSC_ERROR
};

static const error_row unknown = {
    "UNKNOWN", "unknown error", "", TLSC_BLAME_INTERNAL, TLSC_ALERT_internal_error
};

static const error_row *row_of(tlsc_err e)
{
    return (size_t)e < TLSC_COUNT(rows) ? &rows[e] : &unknown;
}

const char *tlsc_version(void)
{
    return TLSC_VERSION;
}

const char *tlsc_err_name(tlsc_err e)
{
    return row_of(e)->name;
}

const char *tlsc_err_text(tlsc_err e)
{
    return row_of(e)->text;
}

const char *tlsc_err_reference(tlsc_err e)
{
    return row_of(e)->reference;
}

tlsc_blame tlsc_err_blame(tlsc_err e)
{
    return row_of(e)->blame;
}

tlsc_alert tlsc_err_alert(tlsc_err e)
{
    return row_of(e)->alert;
}

const char *tlsc_alert_name(unsigned alert)
{
    switch (alert) {
#define NAME(a) case TLSC_ALERT_##a: return #a
        NAME(close_notify);
        NAME(unexpected_message);
        NAME(bad_record_mac);
        NAME(record_overflow);
        NAME(handshake_failure);
        NAME(bad_certificate);
        NAME(unsupported_certificate);
        NAME(certificate_revoked);
        NAME(certificate_expired);
        NAME(certificate_unknown);
        NAME(illegal_parameter);
        NAME(unknown_ca);
        NAME(access_denied);
        NAME(decode_error);
        NAME(decrypt_error);
        NAME(protocol_version);
        NAME(insufficient_security);
        NAME(internal_error);
        NAME(inappropriate_fallback);
        NAME(user_canceled);
        NAME(no_renegotiation);
        NAME(missing_extension);
        NAME(unsupported_extension);
        NAME(unrecognized_name);
        NAME(bad_certificate_status_response);
        NAME(unknown_psk_identity);
        NAME(certificate_required);
        NAME(no_application_protocol);
        NAME(ech_required);
#undef NAME
    default: return "unknown alert";
    }
}
