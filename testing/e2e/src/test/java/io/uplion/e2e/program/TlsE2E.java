// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.uplion.testing.platform.Program;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsE2E {
    private static final char[] PASSWORD = "password".toCharArray();

    @TempDir private Path directory;

    @BeforeAll
    static void needsTheProgram() {
        assumeTrue(Program.isBuilt(), "needs the built program: mvn -pl standalone -am package");
    }

    @Test
    void httpsIsServedAndHttp2Agreed() throws Exception {
        var store = keyStore();
        var certificate = store.getCertificate("here").getEncoded();
        pem("CERTIFICATE", "cert.pem", certificate);
        pem("PRIVATE KEY", "key.pem", store.getKey("here", PASSWORD).getEncoded());
        var data = directory.resolve("data");
        try (var up =
                Program.up(
                        data,
                        "--tls-cert=" + directory.resolve("cert.pem"),
                        "--tls-key=" + directory.resolve("key.pem"))) {
            assertThat(up.url()).matches("https://127\\.0\\.0\\.1:\\d+");
            for (var version : HttpClient.Version.values()) {
                if (version.name().equals("HTTP_3")) {
                    continue;
                }
                var http =
                        HttpClient.newBuilder()
                                .version(version)
                                .sslContext(trusting(certificate))
                                .build();
                var client = new Client(http, up.url(), Client.firstKey(data));
                var answer = client.chat("simulator");
                assertThat(answer.statusCode()).isEqualTo(200);
                assertThat(answer.version()).isEqualTo(version);
                // Refused before its body is read; HTTP/2 allows no word about the connection.
                var stranger = new Client(http, up.url(), "upl_wrong").chat("simulator");
                assertThat(stranger.statusCode()).isEqualTo(401);
                assertThat(stranger.version()).isEqualTo(version);
            }
        }
    }

    private KeyStore keyStore() throws Exception {
        var file = directory.resolve("store.p12");
        var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        var made =
                new ProcessBuilder(
                                keytool,
                                "-genkeypair",
                                "-alias",
                                "here",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=localhost",
                                "-ext",
                                "san=ip:127.0.0.1",
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                new String(PASSWORD),
                                "-keystore",
                                file.toString())
                        .redirectErrorStream(true)
                        .start();
        assertThat(made.waitFor()).as("keytool").isZero();
        return KeyStore.getInstance(file.toFile(), PASSWORD);
    }

    private void pem(String kind, String file, byte[] bytes) throws Exception {
        var text = Base64.getMimeEncoder(64, new byte[] {10}).encodeToString(bytes);
        Files.writeString(
                directory.resolve(file),
                "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, text, kind));
    }

    private static SSLContext trusting(byte[] certificate) throws Exception {
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(
                "here",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(certificate)));
        var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }
}
