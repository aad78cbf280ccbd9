// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The database: how it is opened, and the migrations that shape it.
@NullMarked
package io.uplion.store;

import org.jspecify.annotations.NullMarked;
