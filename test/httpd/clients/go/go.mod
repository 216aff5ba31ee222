// SPDX-License-Identifier: Apache-2.0

module client

go 1.25
