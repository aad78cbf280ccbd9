// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Settings from the environment, read once, all problems reported together.
@NullMarked
package io.uplion.platform.settings;

import org.jspecify.annotations.NullMarked;
