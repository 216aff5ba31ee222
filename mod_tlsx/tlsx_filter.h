/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_filter.h: the two connection filters. In httpd's order they stand above those that see the
 * bare network (mod_remoteip's PROXY header, mod_reqtimeout) and below all that knows HTTP. */
#ifndef TLSX_FILTER_H
#define TLSX_FILTER_H

#include "tlsx.h"

void tlsx_filter_register(void);
/* Puts both into the connection's chains. */
void tlsx_filter_insert(tlsx_conn *cc);

/* The filters themselves, tlsx_filter_in.c and tlsx_filter_out.c. */
apr_status_t tlsx_filter_in(ap_filter_t *f, apr_bucket_brigade *bb, ap_input_mode_t mode,
                            apr_read_type_e block, apr_off_t readbytes);
apr_status_t tlsx_filter_out(ap_filter_t *f, apr_bucket_brigade *bb);

/* Sends the control records that wait (handshake, KeyUpdate, alert, close_notify). `flush`: and has
 * the network filters write them at once. */
apr_status_t tlsx_out_control(tlsx_conn *cc, bool flush);

#endif
