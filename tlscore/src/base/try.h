/* SPDX-License-Identifier: Apache-2.0 */
/* base/try.h: hands an error up where nothing is owned; with something owned, use goto done. */
#ifndef TLSC_BASE_TRY_H
#define TLSC_BASE_TRY_H

#include "tlscore/base.h"

#define TRY(expression)                         \
    do {                                        \
        tlsc_err try_result_ = (expression);    \
        if (try_result_ != TLSC_OK) {           \
            return try_result_;                 \
        }                                       \
    } while (0)

#define TLSC_COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
