// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors

/// Long lists, page by page.
@NullMarked
package io.uplion.portal.paging;

import org.jspecify.annotations.NullMarked;
