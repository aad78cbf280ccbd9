// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// What a task is billed by: the prices that were valid when it was accepted, and the gateway's
/// signature under it.
@NullMarked
package io.uplion.gateway.claim;

import org.jspecify.annotations.NullMarked;
