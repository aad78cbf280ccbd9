// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// How an answer in one piece, and an error, goes out.
@NullMarked
package io.uplion.gateway.answer;

import org.jspecify.annotations.NullMarked;
