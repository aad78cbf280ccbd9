// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The data directory: who owns it, what is in it, the first start.
@NullMarked
package io.uplion.standalone.data;

import org.jspecify.annotations.NullMarked;
