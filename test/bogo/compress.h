/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/compress.h: the runner's own algorithms for certificates. */
#ifndef BOGO_COMPRESS_H
#define BOGO_COMPRESS_H

#include "flags.h"
#include "tlscore.h"

/* Enables those that the flags name, the runner's order of preference first; without a flag for it none,
 * as BoringSSL does, or with -async what tlscore was built with. errors: TLSC_E_BAD_CONFIG. */
tlsc_err compress_install(tlsc_config_builder *b, const struct settings *s);

#endif
