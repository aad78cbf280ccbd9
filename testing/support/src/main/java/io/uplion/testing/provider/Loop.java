// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import io.vertx.core.Context;

/// The event loop a request lives on.
record Loop(Context context, TickWheel wheel) {}
