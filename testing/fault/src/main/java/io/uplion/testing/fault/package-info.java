// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// A network that fails on request, between processes that know nothing of it. Start at
/// [io.uplion.testing.fault.FaultProxy].
@NullMarked
package io.uplion.testing.fault;

import org.jspecify.annotations.NullMarked;
