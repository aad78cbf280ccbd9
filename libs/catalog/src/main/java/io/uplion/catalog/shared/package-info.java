// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The catalog of a platform of many processes: the controller publishes it, gateways read it, and
/// tell each other of pools in trouble.
@NullMarked
package io.uplion.catalog.shared;

import org.jspecify.annotations.NullMarked;
