/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_shm.h: the one segment of shared memory. Anonymous: children inherit it by fork, and it is
 * never on disk. It belongs to the process, not to a configuration, and outlives restarts. */
#ifndef TLSX_SHM_H
#define TLSX_SHM_H

#include <stdint.h>

#include <apr_errno.h>
#include <apr_pools.h>

/* What lives in it. Numbers are for good: a later module reads the segment of an earlier one. */
typedef enum tlsx_shm_kind {
    TLSX_SHM_TICKETS = 1, /* tlsx_tickets.h: the ring of ticket keys */
    TLSX_SHM_SESSIONS = 2 /* tlsx_sessions.h: sessions by their ids */
} tlsx_shm_kind;

/* One thing that a segment is to hold. Each starts on a page of its own. */
typedef struct tlsx_shm_part {
    uint32_t kind;
    uint32_t version; /* of its layout */
    uint64_t size;    /* bytes */
} tlsx_shm_part;

typedef struct tlsx_shm tlsx_shm;

/* Makes the segment, or finds the one that an earlier configuration made. If that doesn't fit the
 * parts wanted, a new one is made, and what has the same kind, version and size is copied; children
 * that still run keep the old one. in: `process_pool`, which lives as long as the process.
 * `*segment`: the old one or NULL. out: the one to use; new memory is zero. */
apr_status_t tlsx_shm_open(apr_pool_t *process_pool, const tlsx_shm_part *parts, unsigned num_parts,
                           tlsx_shm **segment);

/* A part's memory, or NULL if it isn't there in this version. */
void *tlsx_shm_find(const tlsx_shm *segment, uint32_t kind, uint32_t version, uint64_t size);

/* For children: takes the right to write to the header and to a part from this process, against
 * stray writes. A failure is no harm. */
void tlsx_shm_protect(const tlsx_shm *segment, uint32_t kind);

#endif
