// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors

/// What each operation of the document does: from a request to the service that is asked, and from
/// its outcome to what is shown.
@NullMarked
package io.uplion.portal.api;

import org.jspecify.annotations.NullMarked;
