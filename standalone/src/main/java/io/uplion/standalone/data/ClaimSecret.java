// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.data;

import io.uplion.platform.secret.Secret;
import io.uplion.standalone.data.DataDirectory.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/// What gateways sign with what a task is billed by, and billing checks. Random, and kept with the
/// data: usage records that nobody has billed yet outlive a restart.
///
/// @param path of the file with it, which only its owner may read
public record ClaimSecret(Path path) {
    private static final String FILE = "claim.secret";
    private static final int BYTES = 32;

    /// Made where it is missing.
    ///
    /// @throws DataException when it cannot be written
    public static ClaimSecret in(DataDirectory data) {
        ClaimSecret secret = new ClaimSecret(data.path().resolve(FILE));
        if (!Files.exists(secret.path())) {
            secret.make();
        }
        return secret;
    }

    private void make() {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        try {
            OwnerFile.replace(
                    path, HexFormat.of().formatHex(random).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new DataException(path + " cannot be written: " + FileTrouble.words(e));
        }
    }

    /// @throws DataException when it cannot be read
    public Secret read() {
        try {
            return Secret.of(Files.readString(path).strip());
        } catch (IOException e) {
            throw new DataException(path + " cannot be read: " + FileTrouble.words(e));
        }
    }
}
