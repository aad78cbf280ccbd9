// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Reply streams to gateways in other processes. DESIGN.md stands beside.
@NullMarked
package io.uplion.worker.reply;

import org.jspecify.annotations.NullMarked;
