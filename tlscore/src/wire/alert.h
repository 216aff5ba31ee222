/* SPDX-License-Identifier: Apache-2.0 */
/* wire/alert.h: the alert message. */
#ifndef TLSC_WIRE_ALERT_H
#define TLSC_WIRE_ALERT_H

#include "tlscore/base.h"

enum {
    TLSC_ALERT_LEVEL_WARNING = 1,
    TLSC_ALERT_LEVEL_FATAL = 2
};

/* struct { AlertLevel level; AlertDescription description; } Alert;   RFC 8446 6 */
typedef struct tlsc_alert_msg {
    uint8_t level;
    uint8_t description;
} tlsc_alert_msg;

/* errors: TLSC_E_BAD_ALERT. Whether the level is right for its description is the caller's matter. */
tlsc_err tlsc_alert_parse(tlsc_alert_msg *out, tlsc_bytes body);
void tlsc_alert_write(uint8_t out[2], const tlsc_alert_msg *alert);

#endif
