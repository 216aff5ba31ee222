/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/providers.h: the providers that tests run on.
 *
 * The programs of the unit tests are linked so that tlsc_provider_default, wherever it is called, gives
 * what the environment's TLSX_TEST_PROVIDER names: test/unit/on-mixed runs them all once more so. */
#ifndef TEST_LIB_PROVIDERS_H
#define TEST_LIB_PROVIDERS_H

#include "tlscore/provider.h"

enum { TEST_PROVIDERS = 3 };

/* "default", libcrypto's own; "sodium"; "mixed", which has from sodium what that can and the rest from the
 * default; NULL beyond the last. Static storage, as in the next one. */
const tlsc_provider *test_provider_at(size_t i);
const char *test_provider_name(size_t i);

/* What tlsc_provider_default is called by the linker. */
const tlsc_provider *__wrap_tlsc_provider_default(void);

#endif
