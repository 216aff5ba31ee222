/* SPDX-License-Identifier: Apache-2.0 */
/* api/config_compression_test.c: what certificates are compressed with. */
#include "builder.h"

static tlsc_err no_compress(tlsc_bytes in, uint8_t *out, size_t room, size_t *n)
{
    (void)in, (void)out, (void)room, (void)n;
    return TLSC_E_TOO_SMALL;
}

static tlsc_err no_decompress(tlsc_bytes in, uint8_t *out, size_t n)
{
    (void)in, (void)out, (void)n;
    return TLSC_E_BAD_COMPRESSED_CERTIFICATE;
}

static const tlsc_compression one = { 0xff01, "one", no_compress, no_decompress };
static const tlsc_compression two = { 0x0002, "two", no_compress, no_decompress };

static void expect(const tlsc_config_builder *b, const tlsc_compression *const *list, size_t num)
{
    const tlsc_config *config = built(b);
    assert_int_equal(config->num_compressions, num);
    assert_int_equal(config->compression_ids.n, 2 * num);
    for (size_t i = 0; i < num; i++) {
        assert_ptr_equal(config->compressions[i], list[i]);
        assert_int_equal(config->compression_ids.p[2 * i] << 8 | config->compression_ids.p[2 * i + 1],
                         list[i]->id);
    }
    tlsc_config_free(config);
}

static void what_the_build_has_is_on_in_both_roles(void **state)
{
    (void)state;
    size_t num;
    const tlsc_compression *const *all = tlsc_compressions(&num);
    tlsc_config_builder *server = new_builder();
    tlsc_config_builder *client = new_client_builder();
    expect(server, all, num);
    expect(client, all, num);
    tlsc_config_builder_free(server);
    tlsc_config_builder_free(client);
}

static void the_list_is_copied_in_its_order(void **state)
{
    (void)state;
    tlsc_config_builder *b = new_builder();
    const tlsc_compression *list[] = { &one, &two };
    const tlsc_compression *const kept[] = { &one, &two };
    assert_ok(tlsc_config_set_certificate_compression(b, list, 2));
    list[0] = NULL;
    expect(b, kept, 2);
    assert_ok(tlsc_config_set_certificate_compression(b, &kept[1], 1));
    expect(b, &kept[1], 1);
    assert_ok(tlsc_config_set_certificate_compression(b, NULL, 0));
    expect(b, NULL, 0);
    tlsc_config_builder_free(b);
}

static void what_cannot_be_is_refused_and_changes_nothing(void **state)
{
    (void)state;
    static const tlsc_compression again = { 0xff01, "again", no_compress, no_decompress };
    static const tlsc_compression mute = { 3, "mute", NULL, no_decompress };
    static const tlsc_compression deaf = { 3, "deaf", no_compress, NULL };
    static tlsc_compression many[65];
    const tlsc_compression *lists[][2] = { { &one, &again }, { &one, &one }, { &one, NULL },
                                           { &one, &mute },  { &one, &deaf } };
    const tlsc_compression *const kept[] = { &two };
    const tlsc_compression *all[65];
    tlsc_config_builder *b = new_builder();
    assert_ok(tlsc_config_set_certificate_compression(b, kept, 1));
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        assert_err(tlsc_config_set_certificate_compression(b, lists[i], 2), TLSC_E_BAD_CONFIG);
    }
    for (uint16_t i = 0; i < 65; i++) {
        many[i] = (tlsc_compression){ i, "one of many", no_compress, no_decompress };
        all[i] = &many[i];
    }
    assert_err(tlsc_config_set_certificate_compression(b, all, 65), TLSC_E_BAD_CONFIG);
    expect(b, kept, 1);
    assert_ok(tlsc_config_set_certificate_compression(b, all, 64));
    tlsc_config_builder_free(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_build_has_is_on_in_both_roles),
        cmocka_unit_test(the_list_is_copied_in_its_order),
        cmocka_unit_test(what_cannot_be_is_refused_and_changes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
