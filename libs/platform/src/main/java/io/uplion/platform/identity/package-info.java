// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Who asks: the words that `access`, the gateway and the portal share.
@NullMarked
package io.uplion.platform.identity;

import org.jspecify.annotations.NullMarked;
