// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// AIModel, the manifest of one pool of workers, and the catalog of the models that exist now.
@NullMarked
package io.uplion.catalog;

import org.jspecify.annotations.NullMarked;
