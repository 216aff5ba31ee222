/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_process.c: what outlives a configuration. */
#include "tlsx_process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/uio.h>

#include "tlsx_log.h"
#include "tlsx_sessions.h"
#include "tlsx_tickets.h"

static const char retained_key[] = "mod_tlsx-process";

tlsx_process *tlsx_process_get(void)
{
    tlsx_process *process = ap_retained_data_get(retained_key);

    if (!process) {
        process = ap_retained_data_create(retained_key, sizeof(*process));
        process->segment = NULL;
        process->key_log_fd = -1;
    }
    return process;
}

static void *find(const tlsx_shm *segment, const tlsx_shm_part *part)
{
    return tlsx_shm_find(segment, part->kind, part->version, part->size);
}

bool tlsx_process_open_segment(server_rec *s, struct tlsx_ring **ring,
                               struct tlsx_sessions **sessions)
{
    tlsx_process *process = tlsx_process_get();
    const tlsx_shm_part parts[] = {
        {TLSX_SHM_TICKETS, TLSX_RING_VERSION, tlsx_ring_size()},
        {TLSX_SHM_SESSIONS, TLSX_SESSIONS_VERSION, tlsx_sessions_size()},
    };
    apr_status_t rv = tlsx_shm_open(s->process->pool, parts, 2, &process->segment);

    if (rv != APR_SUCCESS) {
        ap_log_error(
            APLOG_MARK, APLOG_EMERG, rv, s,
            "TLSX0030: cannot make %lu bytes of shared memory for ticket keys and sessions. What "
            "to do: free some memory",
            (unsigned long)(parts[0].size + parts[1].size));
        return false;
    }
    *ring = find(process->segment, &parts[0]);
    *sessions = find(process->segment, &parts[1]);
    return *ring && *sessions;
}

void tlsx_process_open_key_log(server_rec *s)
{
    tlsx_process *process = tlsx_process_get();
    const char *path = getenv("SSLKEYLOGFILE");

    if (!path || !*path) {
        return;
    }
    if (process->key_log_fd < 0) {
        process->key_log_fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    }
    if (process->key_log_fd < 0) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, APR_FROM_OS_ERROR(errno), s,
                     "TLSX0031: SSLKEYLOGFILE: cannot open %s; no session secrets are logged",
                     path);
        return;
    }
    ap_log_error(APLOG_MARK, APLOG_WARNING, 0, s,
                 "TLSX0032: SSLKEYLOGFILE is set: the secrets of every TLS session are written to "
                 "%s. Whoever reads that file reads the traffic; unset it outside of debugging",
                 path);
}

/* One write for a line: with O_APPEND, lines of several children don't mix. */
void tlsx_process_log_key(void *ctx, const char *line, size_t n)
{
    const tlsx_process *process = ctx;
    char end[1] = {'\n'};
    struct iovec parts[2];
    ssize_t written;

    parts[0].iov_base = (void *)(uintptr_t)line;
    parts[0].iov_len = n;
    parts[1].iov_base = end;
    parts[1].iov_len = 1;
    do {
        written = writev(process->key_log_fd, parts, 2);
    } while (written < 0 && errno == EINTR);
}

int64_t tlsx_process_now_ms(void *ctx)
{
    (void)ctx;
    return (int64_t)apr_time_as_msec(apr_time_now());
}
