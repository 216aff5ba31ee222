/* SPDX-License-Identifier: Apache-2.0 */
/* keys/schedule13.h: TLS 1.3's key schedule.
 *
 *              0
 *              |
 *              v
 *    PSK -> Extract = early secret ----- binder_key(""): "res binder"
 *              |                   |----- client_early(CH): "c e traffic"
 *              |                    \---- early_exporter(CH): "e exp master"
 *              |
 *              v  "derived"
 *  (EC)DHE -> Extract = handshake secret --- client_handshake(CH..SH): "c hs traffic"
 *              |                        \--- server_handshake(CH..SH): "s hs traffic"
 *              v  "derived"
 *      0 -> Extract = master secret ------- client_traffic(CH..server Finished): "c ap traffic"
 *                                   |------ server_traffic(CH..server Finished): "s ap traffic"
 *                                   |------ exporter(CH..server Finished): "exp master"
 *                                    \----- resumption(CH..client Finished): "res master"
 *
 * RFC 8446 7.1. */
#ifndef TLSC_KEYS_SCHEDULE13_H
#define TLSC_KEYS_SCHEDULE13_H

#include "base/secret.h"
#include "keys/hmac.h"

/* The three stages of the drawing, one after the other; `secret` is the stage's, and `keyed` is HMAC under
 * it, since a stage has up to five uses for it. */
typedef struct tlsc_schedule13 {
    const tlsc_hash *hash;
    tlsc_secret secret;
    tlsc_hmac keyed;
} tlsc_schedule13;

/* A secret of the right column. */
typedef enum tlsc_label13 {
    TLSC_LABEL_RESUMPTION_BINDER,
    TLSC_LABEL_CLIENT_EARLY,
    TLSC_LABEL_EARLY_EXPORTER,
    TLSC_LABEL_CLIENT_HANDSHAKE,
    TLSC_LABEL_SERVER_HANDSHAKE,
    TLSC_LABEL_CLIENT_TRAFFIC,
    TLSC_LABEL_SERVER_TRAFFIC,
    TLSC_LABEL_EXPORTER,
    TLSC_LABEL_RESUMPTION
} tlsc_label13;

/* Each stage is entered from the one before. in: the PSK, empty if there is none; the key
 * exchange's secret. errors: TLSC_E_CRYPTO, TLSC_E_NO_MEMORY, as all here. */
tlsc_err tlsc_schedule13_early(tlsc_schedule13 *s, const tlsc_hash *hash, tlsc_bytes psk);
tlsc_err tlsc_schedule13_handshake(tlsc_schedule13 *s, tlsc_bytes shared);
tlsc_err tlsc_schedule13_master(tlsc_schedule13 *s);
void tlsc_schedule13_clear(tlsc_schedule13 *s);

/* Derive-Secret at the present stage. in: the transcript's hash, hash->len bytes; for the binder key
 * it isn't used and may be NULL. out: cleared by its owner. */
tlsc_err tlsc_schedule13_derive(const tlsc_schedule13 *s, tlsc_label13 label,
                                const uint8_t *transcript_hash, tlsc_secret *out);

/* HKDF-Expand-Label: `n` bytes to `out`, at most 255 * hash->len. `label` is without "tls13 ", and has at
 * most 249 bytes. errors: TLSC_E_USAGE, too.
 * On an error `out` is zero. RFC 8446 7.1. */
tlsc_err tlsc_expand_label(const tlsc_hash *hash, tlsc_bytes secret, const char *label,
                           tlsc_bytes context, uint8_t *out, size_t n);

/* A direction's key and IV from its traffic secret. out: suite->aead->key_len bytes, 12 bytes; both
 * are zero on an error, and the caller's to wipe. RFC 8446 7.3. */
tlsc_err tlsc_traffic_keys13(const tlsc_suite *suite, const tlsc_secret *secret,
                             uint8_t key[TLSC_AEAD_KEY_MAX], uint8_t iv[TLSC_AEAD_NONCE_LEN]);
/* application_traffic_secret_N+1, in place. RFC 8446 7.2. */
tlsc_err tlsc_traffic_next13(const tlsc_hash *hash, tlsc_secret *secret);
/* TLS-Exporter: `n` bytes to `out`, from an exporter secret. errors: TLSC_E_USAGE for a label over 249 bytes
 * or more than 255 * hash->len bytes. RFC 8446 7.5 */
tlsc_err tlsc_export13(const tlsc_hash *hash, const tlsc_secret *secret, const char *label,
                       tlsc_bytes context, uint8_t *out, size_t n);
/* The PSK of a ticket. out: cleared by its owner. RFC 8446 4.6.1. */
tlsc_err tlsc_ticket_psk13(const tlsc_hash *hash, const tlsc_secret *resumption, tlsc_bytes nonce,
                           tlsc_secret *out);

/* The verify_data of a Finished message or a binder. in: the traffic secret (or binder key) of who
 * sends it, the transcript's hash. out: hash->len bytes. RFC 8446 4.4.4. */
tlsc_err tlsc_finished13(const tlsc_hash *hash, const tlsc_secret *base,
                         const uint8_t *transcript_hash, uint8_t *out);

#endif
