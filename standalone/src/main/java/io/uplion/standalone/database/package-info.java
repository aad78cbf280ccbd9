// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// A real PostgreSQL whose files stand in the data directory. The door is [EmbeddedDatabase].
@NullMarked
package io.uplion.standalone.database;

import org.jspecify.annotations.NullMarked;
