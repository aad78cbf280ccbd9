// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Clients that speak HTTP/2.
@NullMarked
package io.uplion.e2e.http2;

import org.jspecify.annotations.NullMarked;
