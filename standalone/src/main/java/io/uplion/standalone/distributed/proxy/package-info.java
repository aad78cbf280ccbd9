// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// One address in front of several gateways. The door is [ReverseProxy].
///
/// Everything about one request happens on one event loop. What is written to one side is paused at
/// the other when it is not taken, so the proxy holds no more than the buffers of its connections.
@NullMarked
package io.uplion.standalone.distributed.proxy;

import org.jspecify.annotations.NullMarked;
