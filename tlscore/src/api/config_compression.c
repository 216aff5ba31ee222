/* SPDX-License-Identifier: Apache-2.0 */
/* api/config_compression.c: what certificates are compressed with. */
#include "api/builder.h"

/* CertificateCompressionAlgorithm algorithms<2..2^8-2>;   RFC 8879 3 */
_Static_assert(2 * TLSC_BUILDER_LIST_MAX <= 254, "the list fits into its extension");

static bool has_id(const tlsc_compression *const *list, size_t num, uint16_t id)
{
    for (size_t i = 0; i < num; i++) {
        if (list[i]->id == id) {
            return true;
        }
    }
    return false;
}

static bool is_good(const tlsc_compression *const *list, size_t num)
{
    if (num > TLSC_BUILDER_LIST_MAX) {
        return false;
    }
    for (size_t i = 0; i < num; i++) {
        if (list[i] == NULL || list[i]->compress == NULL || list[i]->decompress == NULL ||
            has_id(list, i, list[i]->id)) {
            return false;
        }
    }
    return true;
}

static void take(tlsc_config_builder *b, const tlsc_compression *const *list, size_t num)
{
    for (size_t i = 0; i < num; i++) {
        b->compressions[i] = list[i];
        b->compression_ids[2 * i] = (uint8_t)(list[i]->id >> 8);
        b->compression_ids[2 * i + 1] = (uint8_t)list[i]->id;
    }
    b->config.num_compressions = num;
}

tlsc_err tlsc_config_set_certificate_compression(tlsc_config_builder *b,
                                                 const tlsc_compression *const *algorithms,
                                                 size_t num)
{
    if (!is_good(algorithms, num)) {
        return TLSC_E_BAD_CONFIG;
    }
    take(b, algorithms, num);
    return TLSC_OK;
}

void tlsc_builder_default_compression(tlsc_config_builder *b)
{
    size_t num;
    const tlsc_compression *const *all = tlsc_compressions(&num);
    take(b, all, num);
}
