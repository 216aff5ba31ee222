/* SPDX-License-Identifier: Apache-2.0 */
/* tlscore/base.h: bytes, errors and alerts, the vocabulary of every other header. */
#ifndef TLSCORE_BASE_H
#define TLSCORE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define TLSC_API __attribute__((visibility("default")))
#else
#define TLSC_API
#endif

/* Makes a *type* must-use where the language can say so (C23, C++17); see tlsc_err. */
#if (defined(__STDC_VERSION__) && __STDC_VERSION__ > 201710L) || \
    (defined(__cplusplus) && __cplusplus >= 201703L)
#define TLSC_MUST_USE [[nodiscard]]
#else
#define TLSC_MUST_USE
#endif

/* The library's version, as configure knows it: "1.2.3". Static storage. */
TLSC_API const char *tlsc_version(void);

/* What the library, with the libcrypto inside of it, took from the heap, over all threads. Set `size`. */
typedef struct tlsc_memory {
    size_t size;
    uint64_t allocations; /* since the process started */
    uint64_t live;        /* blocks not yet freed */
    uint64_t live_bytes;  /* in them, as asked for */
} tlsc_memory;
/* errors: none; of another `size` nothing is filled in. */
TLSC_API void tlsc_memory_now(tlsc_memory *out);

/* A view of `n` bytes at `p`. Borrowed: whoever lends it says how long it holds. `p` may be NULL
 * when `n` is 0. */
typedef struct tlsc_bytes {
    const uint8_t *p;
    size_t n;
} tlsc_bytes;

/* The protocol versions that tlscore knows, with their code points on the wire. */
enum {
    TLSC_TLS12 = 0x0303,
    TLSC_TLS13 = 0x0304
};

/* Who is to blame for an error, which decides how loudly it is logged. */
typedef enum tlsc_blame {
    TLSC_BLAME_NONE,         /* no error */
    TLSC_BLAME_PEER,         /* the peer broke the protocol */
    TLSC_BLAME_INCOMPATIBLE, /* both are right, but have nothing in common */
    TLSC_BLAME_CERT,         /* a certificate or key is not acceptable */
    TLSC_BLAME_CRYPTO,       /* a cryptographic operation failed */
    TLSC_BLAME_USAGE,        /* the caller broke this interface's contract */
    TLSC_BLAME_SYSTEM,       /* memory, random, files */
    TLSC_BLAME_INTERNAL      /* a bug in tlscore */
} tlsc_blame;

/* Alert descriptions, RFC 8446 6. TLSC_ALERT_NONE is no code point: no alert is sent. */
typedef enum tlsc_alert {
    TLSC_ALERT_close_notify = 0,
    TLSC_ALERT_unexpected_message = 10,
    TLSC_ALERT_bad_record_mac = 20,
    TLSC_ALERT_record_overflow = 22,
    TLSC_ALERT_handshake_failure = 40,
    TLSC_ALERT_bad_certificate = 42,
    TLSC_ALERT_unsupported_certificate = 43,
    TLSC_ALERT_certificate_revoked = 44,
    TLSC_ALERT_certificate_expired = 45,
    TLSC_ALERT_certificate_unknown = 46,
    TLSC_ALERT_illegal_parameter = 47,
    TLSC_ALERT_unknown_ca = 48,
    TLSC_ALERT_access_denied = 49,
    TLSC_ALERT_decode_error = 50,
    TLSC_ALERT_decrypt_error = 51,
    TLSC_ALERT_protocol_version = 70,
    TLSC_ALERT_insufficient_security = 71,
    TLSC_ALERT_internal_error = 80,
    TLSC_ALERT_inappropriate_fallback = 86,
    TLSC_ALERT_user_canceled = 90,
    TLSC_ALERT_no_renegotiation = 100,
    TLSC_ALERT_missing_extension = 109,
    TLSC_ALERT_unsupported_extension = 110,
    TLSC_ALERT_unrecognized_name = 112,
    TLSC_ALERT_bad_certificate_status_response = 113,
    TLSC_ALERT_unknown_psk_identity = 115,
    TLSC_ALERT_certificate_required = 116,
    TLSC_ALERT_no_application_protocol = 120,
    TLSC_ALERT_ech_required = 121,
    TLSC_ALERT_NONE = 255
} tlsc_alert;

/* Every way to fail has a name of its own; tlscore/errors.def is the list, docs/ERRORS.md the page
 * made from it. TLSC_OK is 0. On an error, outputs are zero or unchanged unless said otherwise. */
typedef enum TLSC_MUST_USE tlsc_err {
    TLSC_OK = 0,
#define TLSC_ERROR(name, blame, alert, text, reference) TLSC_E_##name,
#include "tlscore/errors.def"
#undef TLSC_ERROR
    TLSC_ERR_COUNT
} tlsc_err;

/* The error's name without its prefix ("BAD_FINISHED"), "OK" for TLSC_OK, "UNKNOWN" for a number
 * that is none. Static storage, as in the next three. */
TLSC_API const char *tlsc_err_name(tlsc_err e);
/* One sentence for a log line, without a final dot. */
TLSC_API const char *tlsc_err_text(tlsc_err e);
/* The rule that was broken ("RFC 8446 4.4.4"), or "". */
TLSC_API const char *tlsc_err_reference(tlsc_err e);
/* TLSC_BLAME_NONE for TLSC_OK. */
TLSC_API tlsc_blame tlsc_err_blame(tlsc_err e);
/* The alert that the peer is sent for it, or TLSC_ALERT_NONE. */
TLSC_API tlsc_alert tlsc_err_alert(tlsc_err e);
/* "handshake_failure", or "unknown alert". Static storage. */
TLSC_API const char *tlsc_alert_name(unsigned alert);

#ifdef __cplusplus
}
#endif
#endif
