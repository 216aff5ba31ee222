/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_port.h: which addresses and ports speak TLS. Each does as a whole, or not at all. */
#ifndef TLSX_PORT_H
#define TLSX_PORT_H

#include "tlsx.h"

/* True if the connection came to a port that is ours. httpd has set its port's default server. */
bool tlsx_port_is_tls(const conn_rec *c);

/* Works out `serves` for every server and checks that virtual hosts of one address and port agree
 * whether it is TLS. Logs what is wrong. Returns the number of errors. */
int tlsx_port_check(apr_pool_t *ptemp, server_rec *servers);

#endif
