// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The forms of an API key and of a session's token, which `portal` makes and `access` checks.
@NullMarked
package io.uplion.store.key;

import org.jspecify.annotations.NullMarked;
