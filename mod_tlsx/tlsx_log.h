/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_log.h: what goes to the error log, each line with a number of its own in front
 * ("TLSX0100"), to look it up or grep for it. */
#ifndef TLSX_LOG_H
#define TLSX_LOG_H

#include "tlsx.h"

/* "TLSEngine on line 12 of /etc/apache2/tls.conf", from `pool`. */
const char *tlsx_origin_text(apr_pool_t *pool, const tlsx_origin *at);
/* "alpha.example:443 (line 30 of /etc/apache2/sites/alpha.conf)", from `pool`. */
const char *tlsx_server_text(apr_pool_t *pool, const server_rec *s);
/* "alpha.example:443", from `pool`. */
const char *tlsx_server_name(apr_pool_t *pool, const server_rec *s);

/* One line on why a handshake or a connection failed: the virtual host, the cause, what to do. Its
 * level goes by who is to blame; what any scanner can provoke is never above info. */
void tlsx_log_failure(const tlsx_conn *cc, tlsc_err err);

/* One line on a client that went away, or stayed silent, before its handshake was done. */
void tlsx_log_gone(const tlsx_conn *cc, apr_status_t rv);

#endif
