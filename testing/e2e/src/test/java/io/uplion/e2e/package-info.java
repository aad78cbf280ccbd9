// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The whole platform under trouble: bad input, bad upstreams, clients that leave.
@NullMarked
package io.uplion.e2e;

import org.jspecify.annotations.NullMarked;
