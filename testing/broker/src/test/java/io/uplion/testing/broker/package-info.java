// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The queue's adapters against a real broker.
@NullMarked
package io.uplion.testing.broker;

import org.jspecify.annotations.NullMarked;
