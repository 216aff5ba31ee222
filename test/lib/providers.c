/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/providers.c: the providers that tests run on. */
#include "providers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[TEST_PROVIDERS] = { "default", "sodium", "mixed" };
static const tlsc_provider *providers[TEST_PROVIDERS];
static const tlsc_provider *chosen;

/* The library's, by the linker's other name for it. */
const tlsc_provider *__real_tlsc_provider_default(void);

static const tlsc_provider *mix(const tlsc_provider *first, const tlsc_provider *base)
{
    const tlsc_mix_part parts[] = { { first, 0 }, { base, 0 } };
    const tlsc_mix mix = {
        .size = sizeof(mix),
        .base = base,
        .suites = parts,
        .num_suites = 2,
        .groups = parts,
        .num_groups = 2,
        .keys = first,
        .verify = first,
        .random = first,
        .tickets = first,
    };
    const tlsc_provider *mixed;
    return tlsc_provider_mix(&mix, &mixed) == TLSC_OK ? mixed : NULL;
}

/* Before main, so that no test finds an allocation of ours among its own. */
__attribute__((constructor)) static void choose(void)
{
    const char *name = getenv("TLSX_TEST_PROVIDER");
    providers[0] = __real_tlsc_provider_default();
    providers[1] = tlsc_provider_sodium();
    providers[2] = providers[1] == NULL ? NULL : mix(providers[1], providers[0]);
    for (size_t i = 0; i < TEST_PROVIDERS; i++) {
        if (providers[i] != NULL && strcmp(names[i], name == NULL ? "default" : name) == 0) {
            chosen = providers[i];
        }
    }
    if (chosen == NULL) {
        fprintf(stderr, "TLSX_TEST_PROVIDER=%s: there is no such provider\n", name);
        exit(99);
    }
}

__attribute__((destructor)) static void give_back(void)
{
    tlsc_provider_free(providers[2]);
}

const tlsc_provider *test_provider_at(size_t i)
{
    return i < TEST_PROVIDERS ? providers[i] : NULL;
}

const char *test_provider_name(size_t i)
{
    return names[i];
}

const tlsc_provider *__wrap_tlsc_provider_default(void)
{
    return chosen;
}
