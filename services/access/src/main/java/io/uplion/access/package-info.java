// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Keys become principals. The one door is [Access]; it reads the database and never writes.
@NullMarked
package io.uplion.access;

import org.jspecify.annotations.NullMarked;
