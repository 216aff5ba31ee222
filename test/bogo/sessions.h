/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/sessions.h: what one connection of a run leaves for the next: ticket keys, a store,
 * early data seen; and a clock that stands still. */
#ifndef BOGO_SESSIONS_H
#define BOGO_SESSIONS_H

#include "flags.h"
#include "tlscore.h"

enum {
    SESSIONS_TICKET_LIFETIME_S = 2 * 24 * 3600, /* BoringSSL's for TLS 1.3, which tests go by */
    SESSIONS_MAX_EARLY_DATA = 14336             /* likewise */
};

/* Wall time in ms, which stands still except for sessions_sleep, as in BoringSSL's shim. */
int64_t sessions_now_ms(void *unused);
void sessions_sleep(int64_t ms);

/* Puts tickets, session ids and early data into a server's configuration as the flags want them.
 * `s` is borrowed for its life. errors: those of the functions that it calls. */
tlsc_err sessions_serve(tlsc_config_builder *b, const tlsc_provider *provider,
                        const struct settings *s);

/* How many sessions servers have put into the store so far. */
size_t sessions_num_stored(void);

/* Answers to pauses. */
tlsc_err sessions_answer_ticket(tlsc_conn *c, tlsc_opened *out);
tlsc_err sessions_answer_sealed(tlsc_conn *c, const struct settings *s, tlsc_opened *out);
tlsc_err sessions_answer_session(tlsc_conn *c, tlsc_opened *out);

void sessions_clear(void);

#endif
