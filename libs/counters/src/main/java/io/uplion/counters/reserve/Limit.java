// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

/// What a subject has too little of.
public enum Limit {
    /// Tokens a minute.
    TOKENS,
    /// Tasks at once.
    CONCURRENCY,
    /// Money.
    BUDGET
}
