/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/config.c: the life of a frozen configuration; it is built in api/config_builder.c. */
#include "handshake/config.h"

#include "base/mem.h"

const tlsc_config *tlsc_config_ref(const tlsc_config *config)
{
    atomic_fetch_add_explicit(config->refs, 1, memory_order_relaxed);
    return config;
}

void tlsc_config_free(const tlsc_config *config)
{
    if (config == NULL ||
        atomic_fetch_sub_explicit(config->refs, 1, memory_order_acq_rel) != 1) {
        return;
    }
    for (size_t i = 0; i < config->num_credentials; i++) {
        tlsc_credential_free(config->credentials[i]);
    }
    tlsc_trust_free(config->trust);
    tlsc_mem_free(config->memory);
}
