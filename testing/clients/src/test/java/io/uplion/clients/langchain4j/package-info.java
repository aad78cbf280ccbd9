// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The OpenAI client of LangChain4j.
@NullMarked
package io.uplion.clients.langchain4j;

import org.jspecify.annotations.NullMarked;
