// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.access;

import io.uplion.platform.identity.Principal.Scope;
import java.net.InetAddress;
import java.util.Optional;

/// What is asked of `access`.
///
/// @param address where the client is; nothing where that is not known, and then a key that is
///   limited to addresses is refused
/// @param scope what the request needs
public record Question(Credentials credentials, Optional<InetAddress> address, Scope scope) {

    public static Question inference(Credentials credentials, Optional<InetAddress> address) {
        return new Question(credentials, address, Scope.INFERENCE);
    }
}
