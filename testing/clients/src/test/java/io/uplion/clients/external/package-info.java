// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Clients in other languages: their test runners run here, and each of their cases is a case here.
@NullMarked
package io.uplion.clients.external;

import org.jspecify.annotations.NullMarked;
