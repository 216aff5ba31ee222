/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_client.h: clients' certificates: who is asked for one, and what is said to it. */
#ifndef TLSX_CLIENT_H
#define TLSX_CLIENT_H

#include "tlsx.h"

/* Loads what TLSClientCA names into `conf->client_ca`. Returns the number of errors; they are
 * logged. */
int tlsx_client_load(apr_pool_t *pconf, apr_hash_t *registry, tlsx_server *conf);
/* Who asks for certificates must say whose. Returns the number of errors; they are logged. */
int tlsx_client_check(apr_pool_t *ptemp, const tlsx_server *conf);
/* Makes a configuration ask for them; for a server that has `client_ca`. */
tlsc_err tlsx_client_configure(tlsc_config_builder *builder, const tlsx_server *conf);

/* Answers TLSC_WAIT_VERIFY. out: as tlsc_conn_answer_verdict's. errors: the verdict's, any. */
tlsc_err tlsx_client_answer(tlsx_conn *cc, tlsc_opened *out);
/* Takes over who the client is, once the handshake is done. */
void tlsx_client_note(tlsx_conn *cc, const tlsc_info *info);

/* For the log: which certificate is at fault, and what to do about it; "" where `err` has nothing
 * to do with the client's certificates. */
const char *tlsx_client_remedy(const tlsx_conn *cc, tlsc_err err);

#endif
