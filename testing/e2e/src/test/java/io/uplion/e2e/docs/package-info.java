// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// What the documentation shows is run as it stands there.
@NullMarked
package io.uplion.e2e.docs;

import org.jspecify.annotations.NullMarked;
