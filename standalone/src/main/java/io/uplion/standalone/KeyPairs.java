// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509KeyManager;

/// Whether a certificate and a key are two halves of one thing. No library that loads them looks:
/// it would be told to the first client, as a handshake that fails.
final class KeyPairs {
    private static final List<String> KINDS = List.of("RSA", "EC", "RSASSA-PSS", "EdDSA");
    private static final byte[] SAMPLE = {1, 2, 3};

    private KeyPairs() {}

    /// @throws GeneralSecurityException where the key is of a kind that cannot be used
    static boolean belongTogether(KeyManagerFactory loaded) throws GeneralSecurityException {
        for (Object manager : loaded.getKeyManagers()) {
            if (manager instanceof X509KeyManager pairs && !belongTogether(pairs)) {
                return false;
            }
        }
        return true;
    }

    private static boolean belongTogether(X509KeyManager pairs) throws GeneralSecurityException {
        for (String alias : KINDS.stream().flatMap(kind -> aliases(pairs, kind)).toList()) {
            PublicKey known = pairs.getCertificateChain(alias)[0].getPublicKey();
            if (!belongTogether(pairs.getPrivateKey(alias), known)) {
                return false;
            }
        }
        return true;
    }

    private static Stream<String> aliases(X509KeyManager pairs, String kind) {
        String[] aliases = pairs.getServerAliases(kind, null);
        return aliases == null ? Stream.empty() : Arrays.stream(aliases);
    }

    private static boolean belongTogether(PrivateKey key, PublicKey known)
            throws GeneralSecurityException {
        String algorithm =
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> key.getAlgorithm();
                };
        if (!key.getAlgorithm().equals(known.getAlgorithm())) {
            return false;
        }
        Signature signing = Signature.getInstance(algorithm);
        signing.initSign(key);
        signing.update(SAMPLE);
        byte[] signed = signing.sign();
        Signature verifying = Signature.getInstance(algorithm);
        verifying.initVerify(known);
        verifying.update(SAMPLE);
        return verifying.verify(signed);
    }
}
