// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

/// What counts what a subject spends in a period.
public record Counter(String subject, String period) {}
