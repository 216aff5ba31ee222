/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_build.h: tlscore's configuration from a server's directives and credentials. */
#ifndef TLSX_BUILD_H
#define TLSX_BUILD_H

#include "tlsx.h"

/* Makes `conf->config` and `conf->policy`, again if they are there. What is wrong is logged.
 * Returns the number of errors. `main_conf` keeps the ticket keys. */
int tlsx_build(apr_pool_t *pconf, const tlsx_server *main_conf, tlsx_server *conf);

/* TLSSessionTicketLifetime, or its default. */
int tlsx_ticket_lifetime_s(const tlsx_server *main_conf);

/* True if a connection made for one may carry requests for the other: nothing that the handshake
 * settled would have been settled otherwise. */
bool tlsx_same_policy(const tlsx_server *a, const tlsx_server *b);

#endif
