# SPDX-License-Identifier: Apache-2.0
"""What the programs of test/bench share: servers, load client, rows, report."""
