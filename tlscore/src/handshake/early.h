/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/early.h: early data on the server's side: whether it is taken, RFC 8446 4.2.10 and 8. */
#ifndef TLSC_HANDSHAKE_EARLY_H
#define TLSC_HANDSHAKE_EARLY_H

#include "handshake/hs.h"

/* Bytes of early data that new sessions of this configuration allow: none where nobody could tell a
 * replay, or where client certificates are asked for. */
uint32_t tlsc_early_limit(const tlsc_config *config, const tlsc_conn_options *options);

/* Decides about early data under the session that is resumed, whose binder matched: sets
 * outcome->early_data, and for what is accepted hs->reads_early and hs->early_left. The replay guard is
 * asked last, and so hears of nothing that is refused for another reason. */
void tlsc_early_judge(tlsc_hs *hs, const tlsc_session *session);

/* Refuses what was offered with a ClientHello that a HelloRetryRequest answers; its records are passed
 * over. */
void tlsc_early_refuse_to_retry(tlsc_hs *hs);
/* What became of early data where there was nothing to judge: no session, whatever else there was. */
void tlsc_early_refuse_unless_resumed(tlsc_hs *hs);

#endif
