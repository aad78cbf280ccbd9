// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Reads AIModel manifests: strictly, and saying where each thing that is wrong stands.
@NullMarked
package io.uplion.catalog.manifest;

import org.jspecify.annotations.NullMarked;
