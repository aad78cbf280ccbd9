// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.platform;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// A certificate for 127.0.0.1 and its key as PEM files, and clients that trust it.
///
/// @param trust for clients
public record LocalCertificate(Path certificate, Path key, SSLContext trust) {
    private static final String ALIAS = "here";
    private static final char[] PASSWORD = "password".toCharArray();

    /// Made by the JDK's own keytool.
    public static LocalCertificate make(Path directory) {
        try {
            Path file = directory.resolve("store.p12");
            keytool(file);
            KeyStore store = KeyStore.getInstance(file.toFile(), PASSWORD);
            return new LocalCertificate(
                    pem(directory, "CERTIFICATE", store.getCertificate(ALIAS).getEncoded()),
                    pem(directory, "PRIVATE KEY", store.getKey(ALIAS, PASSWORD).getEncoded()),
                    trusting(store));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("no certificate could be made", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void keytool(Path file) throws IOException, InterruptedException {
        String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> command = new ArrayList<>(List.of(keytool, "-genkeypair"));
        command.addAll(List.of("-alias", ALIAS, "-keyalg", "EC", "-dname", "CN=localhost"));
        command.addAll(List.of("-ext", "san=ip:127.0.0.1", "-storetype", "PKCS12"));
        command.addAll(List.of("-storepass", new String(PASSWORD), "-keystore", file.toString()));
        Process made = new ProcessBuilder(command).redirectErrorStream(true).start();
        made.getInputStream().readAllBytes();
        if (made.waitFor() != 0) {
            throw new IOException("keytool ended with " + made.exitValue());
        }
    }

    private static Path pem(Path directory, String kind, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        String pem = "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(kind, text, kind);
        return Files.writeString(directory.resolve(kind.replace(' ', '-') + ".pem"), pem);
    }

    private static SSLContext trusting(KeyStore own) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, own.getCertificate(ALIAS));
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, factory.getTrustManagers(), null);
        return context;
    }
}
