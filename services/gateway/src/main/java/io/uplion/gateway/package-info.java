// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The gateway: the OpenAI-compatible API, and the waiting clients behind it.
@NullMarked
package io.uplion.gateway;

import org.jspecify.annotations.NullMarked;
