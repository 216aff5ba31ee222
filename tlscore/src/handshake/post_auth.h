/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/post_auth.h: authentication after the handshake, RFC 8446 4.6.2.
 *
 *     server                                client
 *     CertificateRequest ->
 *                        <- Certificate, [CertificateVerify,] Finished
 *
 * It is an exchange of its own, with a tlsc_hs of its own that starts from the hash over the handshake;
 * application data, KeyUpdate and tickets go on beside it. */
#ifndef TLSC_HANDSHAKE_POST_AUTH_H
#define TLSC_HANDSHAKE_POST_AUTH_H

#include "handshake/hs.h"

/* Keeps what an exchange needs beyond the handshake's end, in the outcome: the state of the hash over
 * it. in: `offered`, the client's hello said post_handshake_auth. Nothing is kept unless the configuration
 * allows it too. errors: TLSC_E_NO_MEMORY. */
tlsc_err tlsc_post_auth_keep(tlsc_hs *hs, bool offered);
/* True if it was kept. */
bool tlsc_post_auth_allowed(const tlsc_outcome *o);

/* A new exchange, at the client's or the server's first state. errors: TLSC_E_NO_MEMORY. */
tlsc_err tlsc_post_auth_new(const tlsc_provider *provider, const tlsc_conn_options *options,
                            tlsc_record_layer *rl, tlsc_outcome *outcome, bool client,
                            tlsc_hs **out);
/* A server asks. errors: TLSC_E_RANDOM, TLSC_E_NO_MEMORY, TLSC_E_CRYPTO. */
tlsc_err tlsc_post_auth_ask(tlsc_hs *hs);
/* A client takes the question and goes on as far as it can. errors: TLSC_E_DECODE,
 * TLSC_E_WRONG_REQUEST_CONTEXT, any. */
tlsc_err tlsc_post_auth_answer(tlsc_hs *hs, const tlsc_msg *msg);
/* True for a server whose client hasn't begun to answer: other messages may come still. */
bool tlsc_post_auth_is_idle(const tlsc_hs *hs);

#endif
