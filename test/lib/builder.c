/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/builder.c: builders that build. */
#include "builder.h"

#include "pem_file.h"

static tlsc_err reject(void *ctx, const tlsc_verify_request *request, tlsc_verdict *out)
{
    (void)ctx;
    (void)request;
    out->kind = TLSC_VERDICT_REJECT;
    return TLSC_OK;
}

const tlsc_verifier some_verifier = { sizeof(some_verifier), NULL, reject };

const tlsc_provider *provider(void)
{
    return tlsc_provider_default();
}

tlsc_credential *new_credential(void)
{
    static const uint16_t scheme = TLSC_SIG_ECDSA_P256_SHA256;
    tlsc_credential *credential;
    tlsc_buf der = test_der("p256.crt.pem");
    tlsc_bytes leaf = tlsc_buf_bytes(&der);
    assert_ok(tlsc_credential_external(provider(), &leaf, 1, &scheme, 1, &credential));
    tlsc_buf_clear(&der);
    return credential;
}

tlsc_config_builder *new_builder(void)
{
    tlsc_config_builder *b = tlsc_config_builder_new(provider());
    assert_non_null(b);
    tlsc_credential *credential = new_credential();
    assert_ok(tlsc_config_add_credential(b, credential));
    tlsc_credential_free(credential);
    return b;
}

const tlsc_config *built(const tlsc_config_builder *b)
{
    const tlsc_config *config = NULL;
    assert_ok(tlsc_config_build(b, &config));
    assert_non_null(config);
    return config;
}

tlsc_config_builder *new_client_builder(void)
{
    tlsc_config_builder *b = tlsc_config_builder_new_client(provider());
    assert_non_null(b);
    assert_ok(tlsc_config_set_verifier(b, &some_verifier));
    return b;
}
