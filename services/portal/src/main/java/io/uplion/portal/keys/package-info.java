// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// API keys: made, listed, revoked. The door is [Keys].
@NullMarked
package io.uplion.portal.keys;

import org.jspecify.annotations.NullMarked;
