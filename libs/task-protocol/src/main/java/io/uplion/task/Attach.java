// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.task;

import java.util.UUID;

/// A worker's opening words on a reply stream.
///
/// @param gateway whom the worker means: one that was restarted in between knows nothing of the
///   task
/// @param pool the AIModel the worker belongs to
/// @param worker one process, so that another one can be preferred for the next attempt
public record Attach(UUID task, Task.Gateway gateway, String nonce, String pool, String worker) {}
