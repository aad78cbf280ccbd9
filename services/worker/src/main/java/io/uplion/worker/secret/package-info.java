// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors

/// The secrets that manifests name, where the worker reads them.
@NullMarked
package io.uplion.worker.secret;

import org.jspecify.annotations.NullMarked;
