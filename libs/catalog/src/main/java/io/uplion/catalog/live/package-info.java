// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The models that exist now, and how their pools are.
@NullMarked
package io.uplion.catalog.live;

import org.jspecify.annotations.NullMarked;
