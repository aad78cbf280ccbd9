// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The official OpenAI SDK for Java.
@NullMarked
package io.uplion.clients.openai;

import org.jspecify.annotations.NullMarked;
