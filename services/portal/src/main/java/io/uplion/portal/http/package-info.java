// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors

/// `/api/*` over HTTP: one OpenAPI document says what may be asked, of whom, and in which form; the
/// door holds every request to it before an operation sees it.
@NullMarked
package io.uplion.portal.http;

import org.jspecify.annotations.NullMarked;
