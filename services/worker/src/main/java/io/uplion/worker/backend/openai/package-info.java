// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Any server that speaks OpenAI's wire.
@NullMarked
package io.uplion.worker.backend.openai;

import org.jspecify.annotations.NullMarked;
