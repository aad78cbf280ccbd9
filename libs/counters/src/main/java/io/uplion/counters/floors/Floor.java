// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.floors;

import io.uplion.platform.identity.Subject;

/// What is known of a subject in a version below this one must not be used any more.
///
/// @param ended the subject may not go on: what it runs is stopped
public record Floor(Subject subject, long version, boolean ended) {}
