// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Everything in one process: the laptop form and its command line.
@NullMarked
package io.uplion.standalone;

import org.jspecify.annotations.NullMarked;
