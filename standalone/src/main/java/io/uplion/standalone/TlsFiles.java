// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone;

import io.uplion.gateway.GatewayConfig.Tls;
import io.vertx.core.Vertx;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.KeyManagerFactory;

/// Looks whether the certificate and its key can be used before anything is started or written.
final class TlsFiles {
    private TlsFiles() {}

    static void require(Tls tls, Vertx vertx) {
        requireReadable("--tls-cert", tls.certificate());
        requireReadable("--tls-key", tls.key());
        try {
            KeyManagerFactory loaded =
                    new PemKeyCertOptions()
                            .setCertPath(tls.certificate().toString())
                            .setKeyPath(tls.key().toString())
                            .getKeyManagerFactory(vertx);
            if (!KeyPairs.belongTogether(loaded)) {
                throw new StartException(
                        "the key %s is not that of the certificate %s"
                                .formatted(tls.key(), tls.certificate()));
            }
        } catch (StartException e) {
            throw e;
        } catch (Exception e) {
            throw new StartException(
                    "the certificate %s and the key %s cannot be used: %s"
                            .formatted(tls.certificate(), tls.key(), e.getMessage()));
        }
    }

    private static void requireReadable(String option, Path file) {
        if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
            throw new StartException(option + " " + file + " is not a file that can be read");
        }
    }
}
