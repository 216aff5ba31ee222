/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/wire.h: the two ways to drive a tlsc_conn: through tlsc_stream, with its own buffers,
 * and by tlsc_conn_open and tlsc_conn_seal on buffers of ours, as mod_tlsx does. Tests with -async
 * take the former, the others the latter. */
#ifndef BOGO_WIRE_H
#define BOGO_WIRE_H

#include "tlscore.h"

struct wire_ops;

struct wire {
    const struct wire_ops *ops;
    tlsc_conn *conn;
    void *state; /* the way's own */
};

/* The functions keep to the contract of tlsc_stream's of the same name.
 * open: takes over `w->conn`, unless it fails.
 * is_dead: after a failure, true if the connection stays failed. */
struct wire_ops {
    tlsc_err (*open)(struct wire *w);
    tlsc_err (*feed)(struct wire *w, const uint8_t *data, size_t n);
    tlsc_err (*step)(struct wire *w);
    size_t (*read)(struct wire *w, uint8_t *out, size_t cap);
    tlsc_err (*write)(struct wire *w, const uint8_t *data, size_t n);
    tlsc_err (*output)(struct wire *w, tlsc_bytes *out);
    void (*sent)(struct wire *w, size_t n);
    bool (*is_dead)(struct wire *w);
    void (*close)(struct wire *w);
};

extern const struct wire_ops wire_by_stream;
extern const struct wire_ops wire_by_hand;

#endif
