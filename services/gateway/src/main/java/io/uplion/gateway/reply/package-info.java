// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Where workers in other processes open reply streams. DESIGN.md stands beside.
@NullMarked
package io.uplion.gateway.reply;

import org.jspecify.annotations.NullMarked;
