// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// What the gateway and a worker say to each other about one task, and the record of what it used.
@NullMarked
package io.uplion.task;

import org.jspecify.annotations.NullMarked;
