// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// OpenAI's wire: endpoints, the head of a request, errors, server-sent events. No I/O.
@NullMarked
package io.uplion.openai;

import org.jspecify.annotations.NullMarked;
