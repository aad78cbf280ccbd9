// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.edge;

import io.uplion.access.AccessConfig;
import io.uplion.access.authz.AccessServer;
import io.uplion.access.authz.AccessServerConfig;
import io.uplion.gateway.edge.AccessEdge;
import io.uplion.gateway.edge.Edge;
import io.uplion.platform.identity.IdentityToken;
import io.uplion.platform.secret.Secret;
import io.uplion.store.DatabaseConfig;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

/// Over gRPC, with `access` as a process has it.
class AccessEdgeIT extends KeyEdgeContract {
    private static final Secret SECRET = Secret.of("0123456789abcdef0123456789abcdef");

    private AccessServer access;
    private AccessEdge edge;

    @Override
    Edge open(DatabaseConfig database) throws IOException {
        var config =
                new AccessServerConfig(
                        "127.0.0.1",
                        0,
                        database,
                        AccessConfig.defaults(),
                        SECRET,
                        Duration.ofSeconds(1),
                        1 << 20);
        access = AccessServer.start(config, Clock.systemUTC());
        var identities = new IdentityToken(SECRET, Clock.systemUTC());
        edge = new AccessEdge("127.0.0.1:" + access.port(), identities, Duration.ofSeconds(15));
        return edge;
    }

    @Override
    void closeEdge() {
        edge.close();
        access.close();
    }
}
