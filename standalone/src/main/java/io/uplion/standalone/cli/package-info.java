// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The command line. Here, and only here, the program prints.
@NullMarked
package io.uplion.standalone.cli;

import org.jspecify.annotations.NullMarked;
