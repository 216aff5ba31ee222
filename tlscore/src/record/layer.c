/* SPDX-License-Identifier: Apache-2.0 */
/* record/layer.c: control records on their way out. */
#include "record/layer.h"

#include <string.h>

#include "base/bytes.h"
#include "base/try.h"
#include "tlscore/conn.h"
#include "wire/alert.h"
#include "wire/enums.h"

/* A flight with a long chain; nothing of a peer's grows it. */
enum { OUT_MAX = 1 << 20 };

void tlsc_rl_init(tlsc_record_layer *rl, uint16_t max_fragment)
{
    memset(rl, 0, sizeof(*rl));
    rl->out = tlsc_buf_of(OUT_MAX);
    rl->max_fragment = max_fragment;
}

void tlsc_rl_clear(tlsc_record_layer *rl)
{
    tlsc_protect_clear(&rl->rd);
    tlsc_protect_clear(&rl->wr);
    tlsc_buf_clear(&rl->out);
}

void tlsc_rl_plan_padding(const tlsc_record_layer *rl, tlsc_plan *plan)
{
    bool pads = rl->wr.suite != NULL && rl->wr.suite->version == TLSC_TLS13;
    plan->pad_block = pads ? rl->pad_block : 0;
    plan->pad_min = pads ? rl->pad_min : 0;
    plan->pad_max = pads ? rl->max_fragment : 0;
}

/* One record, protected by `p`; none behind close_notify, RFC 8446 6.1. */
static tlsc_err put_record(tlsc_record_layer *rl, tlsc_protect *p, uint8_t type, tlsc_bytes content)
{
    tlsc_plan plan = { .front = 0 };
    if (rl->ended) {
        return TLSC_OK;
    }
    if (p == &rl->wr) {
        tlsc_rl_plan_padding(rl, &plan);
    }
    size_t padding = tlsc_plan_padding(&plan, content.n);
    size_t head = tlsc_protect_head(p);
    size_t size = head + content.n + padding + tlsc_protect_tail(p);
    TRY(tlsc_buf_reserve(&rl->out, size));
    uint8_t *data = rl->out.p + rl->out.n + head;
    tlsc_bytes_copy(data, content);
    TRY(tlsc_protect_seal_padded(p, type, data, content.n, padding));
    if (rl->initial && p->suite == NULL) {
        rl->out.p[rl->out.n + 2] = 1; /* 03 01 */
    }
    rl->out.n += size;
    return TLSC_OK;
}

tlsc_err tlsc_rl_put(tlsc_record_layer *rl, uint8_t type, tlsc_bytes content)
{
    size_t at = 0;
    do {
        size_t n = content.n - at < rl->max_fragment ? content.n - at : rl->max_fragment;
        tlsc_bytes part = n == 0 ? content : tlsc_bytes_of(content.p + at, n);
        TRY(put_record(rl, &rl->wr, type, part));
        at += n;
    } while (at < content.n);
    return TLSC_OK;
}

tlsc_err tlsc_rl_put_ccs(tlsc_record_layer *rl)
{
    static const uint8_t one = 1;
    tlsc_protect none = { 0 };
    return put_record(rl, &none, TLSC_CT_CHANGE_CIPHER_SPEC, tlsc_bytes_of(&one, 1));
}

tlsc_err tlsc_rl_put_alert(tlsc_record_layer *rl, tlsc_alert alert)
{
    bool is_warning = alert == TLSC_ALERT_close_notify || alert == TLSC_ALERT_user_canceled;
    tlsc_alert_msg msg = { is_warning ? TLSC_ALERT_LEVEL_WARNING : TLSC_ALERT_LEVEL_FATAL,
                           (uint8_t)alert };
    uint8_t body[2];
    tlsc_alert_write(body, &msg);
    return tlsc_rl_put(rl, TLSC_CT_ALERT, tlsc_bytes_of(body, sizeof(body)));
}
