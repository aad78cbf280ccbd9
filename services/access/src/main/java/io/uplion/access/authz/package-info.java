// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors

/// `access` as Envoy asks it: external authorization over gRPC. Gateways without a mesh ask the
/// same way.
@NullMarked
package io.uplion.access.authz;

import org.jspecify.annotations.NullMarked;
