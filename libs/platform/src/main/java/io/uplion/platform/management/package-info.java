// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Metrics and health on a port of their own, so that load never hides them.
@NullMarked
package io.uplion.platform.management;

import org.jspecify.annotations.NullMarked;
