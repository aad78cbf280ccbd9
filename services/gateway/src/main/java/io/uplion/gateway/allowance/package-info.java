// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// What a task may use: asked for before it is queued, kept while it runs, corrected at its end.
@NullMarked
package io.uplion.gateway.allowance;

import org.jspecify.annotations.NullMarked;
