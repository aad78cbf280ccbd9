// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// HTTP: the server, its routes, bodies, errors.
@NullMarked
package io.uplion.gateway.http;

import org.jspecify.annotations.NullMarked;
