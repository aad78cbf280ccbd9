// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The Pulsar that tests start, where the machine has one.
@NullMarked
package io.uplion.testing.pulsar;

import org.jspecify.annotations.NullMarked;
