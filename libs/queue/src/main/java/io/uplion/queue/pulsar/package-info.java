// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The queue over Apache Pulsar.
@NullMarked
package io.uplion.queue.pulsar;

import org.jspecify.annotations.NullMarked;
