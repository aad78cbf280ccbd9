// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Real client libraries against the whole platform: what all of them share.
@NullMarked
package io.uplion.clients;

import org.jspecify.annotations.NullMarked;
