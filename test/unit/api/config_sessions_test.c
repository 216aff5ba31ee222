/* SPDX-License-Identifier: Apache-2.0 */
/* api/config_sessions_test.c: tickets, stores, early data; a setter that fails changes nothing. */
#include "builder.h"

#include <string.h>

/* ---- tickets ---- */

static tlsc_err no_keys(void *ctx, tlsc_ticket_keys *out)
{
    (void)ctx;
    (void)out;
    return TLSC_E_NO_TICKET_KEY;
}

static void ticketers_out_of_bounds_are_refused(void **state)
{
    (void)state;
    static const uint8_t identity[32] = { 7 };
    static const tlsc_ticketer good = { sizeof(good), NULL, no_keys, 604800 };
    tlsc_config_builder *b = new_builder();
    tlsc_ticketer t = good;
    t.size--;
    assert_err(tlsc_config_set_ticketer(b, &t, identity, 1), TLSC_E_BAD_CONFIG);
    t = good;
    t.read_keys = NULL;
    assert_err(tlsc_config_set_ticketer(b, &t, identity, 1), TLSC_E_BAD_CONFIG);
    t = good;
    t.lifetime_s = 0;
    assert_err(tlsc_config_set_ticketer(b, &t, identity, 1), TLSC_E_BAD_CONFIG);
    t.lifetime_s = 604801; /* RFC 8446 4.6.1: seven days */
    assert_err(tlsc_config_set_ticketer(b, &t, identity, 1), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_ticketer(b, &good, identity, 9), TLSC_E_BAD_CONFIG);
    const tlsc_config *config = built(b);
    assert_false(config->has_ticketer);
    tlsc_config_free(config);
    assert_ok(tlsc_config_set_ticketer(b, &good, identity, 0));
    assert_ok(tlsc_config_set_ticketer(b, &good, identity, 8));
    config = built(b);
    assert_true(config->has_ticketer);
    assert_int_equal(config->num_tickets, 8);
    assert_memory_equal(config->identity, identity, 32);
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
}

static void tickets_are_a_servers(void **state)
{
    (void)state;
    static const uint8_t identity[32];
    static const tlsc_ticketer ticketer = { sizeof(ticketer), NULL, no_keys, 1 };
    tlsc_config_builder *b = new_client_builder();
    assert_err(tlsc_config_set_ticketer(b, &ticketer, identity, 1), TLSC_E_BAD_CONFIG);
    assert_err(tlsc_config_set_max_tickets(b, 1), TLSC_E_BAD_CONFIG);
    tlsc_config_builder_free(b);
}

/* RFC 9149: a client may ask for other numbers, within bounds that are the server's. */
static void the_most_tickets_are_as_many_as_usual_unless_said(void **state)
{
    (void)state;
    static const uint8_t identity[32];
    static const tlsc_ticketer ticketer = { sizeof(ticketer), NULL, no_keys, 1 };
    tlsc_config_builder *b = new_builder();
    assert_ok(tlsc_config_set_ticketer(b, &ticketer, identity, 3));
    const tlsc_config *config = built(b);
    assert_int_equal(config->max_tickets, 3);
    tlsc_config_free(config);
    assert_err(tlsc_config_set_max_tickets(b, 9), TLSC_E_BAD_CONFIG);
    assert_ok(tlsc_config_set_max_tickets(b, 8));
    config = built(b);
    assert_int_equal(config->num_tickets, 3);
    assert_int_equal(config->max_tickets, 8);
    tlsc_config_free(config);
    assert_ok(tlsc_config_set_max_tickets(b, 0));
    config = built(b);
    assert_int_equal(config->max_tickets, 0);
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
}

static void a_client_may_ask_for_tickets(void **state)
{
    (void)state;
    tlsc_config_builder *b = new_client_builder();
    const tlsc_config *config = built(b);
    assert_false(config->request_tickets);
    assert_true(config->want_sessions);
    tlsc_config_free(config);
    assert_ok(tlsc_config_request_tickets(b, 0, 255));
    tlsc_config_want_sessions(b, false);
    config = built(b);
    assert_true(config->request_tickets);
    assert_int_equal(config->tickets_after_full, 0);
    assert_int_equal(config->tickets_after_resumed, 255);
    assert_false(config->want_sessions);
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
    b = new_builder();
    assert_err(tlsc_config_request_tickets(b, 1, 1), TLSC_E_BAD_CONFIG);
    tlsc_config_want_sessions(b, true);
    config = built(b);
    assert_false(config->request_tickets);
    assert_false(config->want_sessions); /* a client's word */
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
}

/* ---- stores ---- */

static tlsc_err put(void *ctx, tlsc_bytes key, tlsc_bytes value, uint32_t lifetime_s)
{
    (void)ctx;
    (void)key;
    (void)value;
    (void)lifetime_s;
    return TLSC_OK;
}

static tlsc_err get(void *ctx, tlsc_bytes key, uint8_t *out, size_t cap, size_t *n, bool *later)
{
    (void)ctx;
    (void)key;
    (void)out;
    (void)cap;
    *n = 0;
    *later = false;
    return TLSC_OK;
}

static const tlsc_store some_store = { sizeof(some_store), NULL, true, put, get, get };

static void a_store_is_whole(void **state)
{
    (void)state;
    static const uint8_t identity[32];
    static const tlsc_ticketer ticketer = { sizeof(ticketer), NULL, no_keys, 1 };
    tlsc_config_builder *b = new_builder();
    tlsc_store s = some_store;
    s.size--;
    assert_err(tlsc_config_set_store(b, &s, false), TLSC_E_BAD_CONFIG);
    s = some_store;
    s.put = NULL;
    assert_err(tlsc_config_set_store(b, &s, false), TLSC_E_BAD_CONFIG);
    s = some_store;
    s.get = NULL;
    assert_err(tlsc_config_set_store(b, &s, false), TLSC_E_BAD_CONFIG);
    s = some_store;
    s.take = NULL;
    assert_err(tlsc_config_set_store(b, &s, false), TLSC_E_BAD_CONFIG);
    const tlsc_config *config = built(b);
    assert_false(config->has_store);
    tlsc_config_free(config);
    /* a ticketer's keys seal what is stored */
    assert_ok(tlsc_config_set_store(b, &some_store, false));
    assert_err(tlsc_config_build(b, &config), TLSC_E_BAD_CONFIG);
    assert_ok(tlsc_config_set_ticketer(b, &ticketer, identity, 1));
    config = built(b);
    assert_true(config->has_store);
    assert_true(config->store_tickets);
    assert_true(config->store.atomic_take);
    assert_true(config->store.put == put);
    tlsc_config_free(config);
    assert_ok(tlsc_config_set_store(b, &some_store, true));
    config = built(b);
    assert_false(config->store_tickets);
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
    b = new_client_builder();
    assert_err(tlsc_config_set_store(b, &some_store, false), TLSC_E_BAD_CONFIG);
    tlsc_config_builder_free(b);
}

/* ---- early data ---- */

static tlsc_err is_first(void *ctx, const uint8_t id[32], int64_t until_ms, bool *first)
{
    (void)ctx;
    (void)id;
    (void)until_ms;
    *first = true;
    return TLSC_OK;
}

static void early_data_needs_somebody_who_tells_a_replay(void **state)
{
    (void)state;
    static const tlsc_replay_guard guard = { sizeof(guard), NULL, is_first };
    static const uint8_t identity[32];
    static const tlsc_ticketer ticketer = { sizeof(ticketer), NULL, no_keys, 1 };
    const tlsc_config *config;
    tlsc_config_builder *b = new_builder();
    assert_ok(tlsc_config_set_ticketer(b, &ticketer, identity, 1));
    tlsc_replay_guard g = guard;
    g.size--;
    assert_err(tlsc_config_accept_early_data(b, 1, &g), TLSC_E_BAD_CONFIG);
    g = guard;
    g.is_first = NULL;
    assert_err(tlsc_config_accept_early_data(b, 1, &g), TLSC_E_BAD_CONFIG);
    config = built(b);
    assert_int_equal(config->max_early_data, 0);
    tlsc_config_free(config);
    assert_ok(tlsc_config_accept_early_data(b, 16384, NULL));
    assert_err(tlsc_config_build(b, &config), TLSC_E_BAD_CONFIG);
    assert_ok(tlsc_config_set_store(b, &some_store, false));
    config = built(b);
    assert_int_equal(config->max_early_data, 16384);
    assert_false(config->has_replay_guard);
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
    b = new_builder();
    assert_ok(tlsc_config_accept_early_data(b, UINT32_MAX, &guard));
    tlsc_config_half_rtt_data(b, true);
    config = built(b);
    assert_int_equal(config->max_early_data, UINT32_MAX);
    assert_true(config->has_replay_guard);
    assert_true(config->replay_guard.is_first == is_first);
    assert_true(config->half_rtt_data);
    tlsc_config_free(config);
    /* zero switches it off */
    assert_ok(tlsc_config_accept_early_data(b, 0, NULL));
    config = built(b);
    assert_int_equal(config->max_early_data, 0);
    assert_false(config->has_replay_guard);
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
}

static void early_data_is_accepted_by_servers(void **state)
{
    (void)state;
    static const tlsc_replay_guard guard = { sizeof(guard), NULL, is_first };
    tlsc_config_builder *b = new_client_builder();
    assert_err(tlsc_config_accept_early_data(b, 1, &guard), TLSC_E_BAD_CONFIG);
    tlsc_config_half_rtt_data(b, true);
    const tlsc_config *config = built(b);
    assert_int_equal(config->max_early_data, 0);
    assert_false(config->half_rtt_data);
    tlsc_config_free(config);
    tlsc_config_builder_free(b);
}

/* A session must not outlive the verifier that judged its server. */
static void a_clients_sessions_belong_to_its_configuration(void **state)
{
    (void)state;
    static const uint8_t identity[32] = { 1, 2, 3 };
    static const uint8_t zeros[32];
    tlsc_config_builder *b = new_builder();
    assert_err(tlsc_config_set_identity(b, identity), TLSC_E_BAD_CONFIG);
    const tlsc_config *one = built(b);
    assert_memory_equal(one->identity, zeros, 32);
    tlsc_config_free(one);
    tlsc_config_builder_free(b);
    b = new_client_builder();
    one = built(b);
    const tlsc_config *other = built(b);
    assert_memory_not_equal(one->identity, zeros, 32);
    assert_memory_not_equal(one->identity, other->identity, 32);
    tlsc_config_free(one);
    tlsc_config_free(other);
    assert_ok(tlsc_config_set_identity(b, identity));
    one = built(b);
    assert_memory_equal(one->identity, identity, 32);
    tlsc_config_free(one);
    tlsc_config_builder_free(b);
}

static void a_chain_of_resumptions_lives_seven_days_unless_said_otherwise(void **state)
{
    (void)state;
    tlsc_config_builder *builders[] = { new_builder(), new_client_builder() };
    for (size_t i = 0; i < 2; i++) {
        const tlsc_config *c = built(builders[i]);
        assert_int_equal(c->resumption_life_s, 604800);
        tlsc_config_free(c);
        assert_err(tlsc_config_set_resumption_life(builders[i], 0), TLSC_E_BAD_CONFIG);
        assert_ok(tlsc_config_set_resumption_life(builders[i], 1));
        c = built(builders[i]);
        assert_int_equal(c->resumption_life_s, 1);
        tlsc_config_free(c);
        tlsc_config_builder_free(builders[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_chain_of_resumptions_lives_seven_days_unless_said_otherwise),
        cmocka_unit_test(ticketers_out_of_bounds_are_refused),
        cmocka_unit_test(tickets_are_a_servers),
        cmocka_unit_test(the_most_tickets_are_as_many_as_usual_unless_said),
        cmocka_unit_test(a_client_may_ask_for_tickets),
        cmocka_unit_test(a_store_is_whole),
        cmocka_unit_test(early_data_needs_somebody_who_tells_a_replay),
        cmocka_unit_test(early_data_is_accepted_by_servers),
        cmocka_unit_test(a_clients_sessions_belong_to_its_configuration),
    };
    return cmocka_run_group_tests_name("config_sessions", tests, NULL, NULL);
}
