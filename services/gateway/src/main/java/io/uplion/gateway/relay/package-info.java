// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The waiting clients: grants, verdicts, the answer on its way back. DESIGN.md stands beside.
@NullMarked
package io.uplion.gateway.relay;

import org.jspecify.annotations.NullMarked;
