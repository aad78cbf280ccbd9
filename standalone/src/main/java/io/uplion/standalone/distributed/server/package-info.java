// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The servers of a cluster on one machine: [PulsarServer] and [RedisServer], children of a
/// supervisor.
@NullMarked
package io.uplion.standalone.distributed.server;

import org.jspecify.annotations.NullMarked;
