// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// How a change to a key, a user or an account reaches those who decide about requests.
@NullMarked
package io.uplion.portal.changes;

import org.jspecify.annotations.NullMarked;
