// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// The code that speaks to one kind of provider or engine: the port, and one package per kind.
@NullMarked
package io.uplion.worker.backend;

import org.jspecify.annotations.NullMarked;
