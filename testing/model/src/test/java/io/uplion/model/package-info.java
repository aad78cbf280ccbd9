// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Runs the model checker over `docs/concepts/model/uplion.pml`.
@NullMarked
package io.uplion.model;

import org.jspecify.annotations.NullMarked;
