/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_init.h: from directives to what a child needs. */
#ifndef TLSX_INIT_H
#define TLSX_INIT_H

#include "tlsx.h"

/* In the form of the hooks they serve. `httpd -t` runs check_config and no further, so all that can
 * be told from the configuration and its files alone is told there. */
int tlsx_check_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *s);
int tlsx_post_config(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp, server_rec *s);
void tlsx_child_init(apr_pool_t *pchild, server_rec *s);
int tlsx_monitor(apr_pool_t *pool, server_rec *s);

#endif
