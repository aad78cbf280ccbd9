// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The form of an API key, which `portal` makes and `access` checks.
@NullMarked
package io.uplion.store.key;

import org.jspecify.annotations.NullMarked;
