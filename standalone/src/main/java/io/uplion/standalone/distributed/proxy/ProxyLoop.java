// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.proxy;

import io.vertx.core.http.HttpClient;
import java.util.Set;

/// What the exchanges of one event loop share.
///
/// @param running those that may have to be cut off
record ProxyLoop(HttpClient http, Set<Exchange> running) {}
