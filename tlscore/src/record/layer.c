/* SPDX-License-Identifier: Apache-2.0 */
/* record/layer.c: control records on their way out. */
#include "record/layer.h"

#include <string.h>

#include "base/bytes.h"
#include "base/try.h"
#include "tlscore/conn.h"
#include "wire/alert.h"
#include "wire/enums.h"
#include "wire/record_header.h"

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
    tlsc_protect13_clear(&rl->rd);
    tlsc_protect13_clear(&rl->wr);
    tlsc_buf_clear(&rl->out);
}

static tlsc_err put_plain(tlsc_record_layer *rl, uint8_t type, tlsc_bytes content)
{
    TRY(tlsc_buf_reserve(&rl->out, TLSC_RECORD_HEADER + content.n));
    tlsc_record_header h = { type, TLSC_TLS12, (uint16_t)content.n };
    tlsc_record_header_write(rl->out.p + rl->out.n, &h);
    rl->out.n += TLSC_RECORD_HEADER;
    return tlsc_buf_append(&rl->out, content);
}

static tlsc_err put_sealed(tlsc_record_layer *rl, uint8_t type, tlsc_bytes content)
{
    TRY(tlsc_buf_reserve(&rl->out, TLSC_SEAL13_HEAD + content.n + TLSC_SEAL13_TAIL));
    uint8_t *data = rl->out.p + rl->out.n + TLSC_SEAL13_HEAD;
    tlsc_bytes_copy(data, content);
    TRY(tlsc_protect13_seal(&rl->wr, type, data, content.n));
    rl->out.n += TLSC_SEAL13_HEAD + content.n + TLSC_SEAL13_TAIL;
    return TLSC_OK;
}

tlsc_err tlsc_rl_put(tlsc_record_layer *rl, uint8_t type, tlsc_bytes content)
{
    size_t at = 0;
    do {
        size_t n = content.n - at < rl->max_fragment ? content.n - at : rl->max_fragment;
        tlsc_bytes part = tlsc_bytes_of(content.p + at, n);
        TRY(rl->wr.suite == NULL ? put_plain(rl, type, part) : put_sealed(rl, type, part));
        at += n;
    } while (at < content.n);
    return TLSC_OK;
}

tlsc_err tlsc_rl_put_ccs(tlsc_record_layer *rl)
{
    static const uint8_t one = 1;
    return put_plain(rl, TLSC_CT_CHANGE_CIPHER_SPEC, tlsc_bytes_of(&one, 1));
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
