// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Child processes: started, watched, started again, and never left behind. The doors are
/// [Supervisor] and, inside a child, [ParentWatch].
@NullMarked
package io.uplion.standalone.distributed.process;

import org.jspecify.annotations.NullMarked;
