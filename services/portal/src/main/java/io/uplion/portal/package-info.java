// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// What the pages and the command line need.
@NullMarked
package io.uplion.portal;

import org.jspecify.annotations.NullMarked;
