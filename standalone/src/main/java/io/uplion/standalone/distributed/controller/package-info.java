// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors

/// The controller of the distributed form: models become topics, the shared catalog and pools.
@NullMarked
package io.uplion.standalone.distributed.controller;

import org.jspecify.annotations.NullMarked;
