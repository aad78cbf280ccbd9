// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The edge of one process: a direct call.
@NullMarked
package io.uplion.standalone.edge;

import org.jspecify.annotations.NullMarked;
