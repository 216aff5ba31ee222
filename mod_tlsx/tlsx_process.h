/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_process.h: what outlives a configuration. httpd reads its configuration anew at each
 * restart, but the process, and what it has open, stays. */
#ifndef TLSX_PROCESS_H
#define TLSX_PROCESS_H

#include <stdbool.h>

#include <httpd.h>

#include "tlscore.h"
#include "tlsx_shm.h"

struct tlsx_ring;
struct tlsx_sessions;

typedef struct tlsx_process {
    tlsx_shm *segment; /* NULL: none yet */
    int key_log_fd;    /* SSLKEYLOGFILE, opened by the parent; -1: none */
} tlsx_process;

/* The record that httpd keeps for us; made on the first call. */
tlsx_process *tlsx_process_get(void);

/* Opens the segment and finds in it the ring of ticket keys and the sessions. False: no memory; it
 * is logged. */
bool tlsx_process_open_segment(server_rec *s, struct tlsx_ring **ring,
                               struct tlsx_sessions **sessions);

/* Opens the file that SSLKEYLOGFILE names, once, and says so in the log. */
void tlsx_process_open_key_log(server_rec *s);

/* A tlsc_key_log_fn; ctx: the tlsx_process. */
void tlsx_process_log_key(void *ctx, const char *line, size_t n);

/* A tlsc_conn_options.now_ms. */
int64_t tlsx_process_now_ms(void *ctx);

#endif
