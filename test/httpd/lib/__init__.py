# SPDX-License-Identifier: Apache-2.0
"""What the tests of mod_tlsx share: certificates, servers, pages, clients."""
