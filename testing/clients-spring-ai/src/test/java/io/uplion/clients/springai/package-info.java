// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The OpenAI client of Spring AI, with the release of the SDK that it brings.
@NullMarked
package io.uplion.clients.springai;

import org.jspecify.annotations.NullMarked;
