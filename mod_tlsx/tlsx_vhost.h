/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_vhost.h: the handshake's pause for a configuration: which virtual host the client asks for,
 * which application protocol, which certificate. */
#ifndef TLSX_VHOST_H
#define TLSX_VHOST_H

#include "tlsx.h"

/* Answers TLSC_WAIT_CONFIG from the ClientHello. out: as tlsc_conn_answer_config's. errors: any;
 * the connection has then failed, and the reason is logged where tlscore doesn't know it. */
tlsc_err tlsx_vhost_answer(tlsx_conn *cc, tlsc_opened *out);

#endif
