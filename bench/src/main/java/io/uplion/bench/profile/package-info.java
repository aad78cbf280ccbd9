// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Where a Java process spends its processor time, by part of the program and by thread.
@NullMarked
package io.uplion.bench.profile;

import org.jspecify.annotations.NullMarked;
