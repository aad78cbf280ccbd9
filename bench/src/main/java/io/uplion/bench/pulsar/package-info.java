// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Through the broker, beside the bare broker.
@NullMarked
package io.uplion.bench.pulsar;

import org.jspecify.annotations.NullMarked;
