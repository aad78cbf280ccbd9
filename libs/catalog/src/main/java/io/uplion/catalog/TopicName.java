// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/// The name of a model's topic, without tenant and namespace: `<slug>-<8 hex of SHA-256(model)>`.
///
/// The slug is for people; the hash tells models apart whose slugs are alike.
public final class TopicName {
    private static final int MAX_SLUG = 40;
    private static final int HASH_BYTES = 4;

    private TopicName() {}

    /// @param model what clients ask for, not the name of a pool
    public static String of(String model) {
        return slug(model) + "-" + hash(model);
    }

    private static String slug(String model) {
        String words =
                model.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceFirst("^-", "");
        String bounded = words.substring(0, Math.min(words.length(), MAX_SLUG));
        String slug = bounded.replaceFirst("-$", "");
        return slug.isEmpty() ? "model" : slug;
    }

    private static String hash(String model) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            byte[] digest = sha256.digest(model.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
