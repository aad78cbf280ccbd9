// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.platform.secret.Secret;
import java.time.Instant;

/// By which somebody chooses a password, once.
///
/// @param token shown once; it is stored nowhere
public record PasswordLink(Secret token, Instant expiresAt) {}
