// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// What Redis does in one step, and by its own clock.
///
/// @param sha1 by which Redis knows it once it has seen it
public record LuaScript(String text, String sha1) {

    /// Reads a script from the class path.
    ///
    /// @param beside a class of the package it stands in
    /// @param files put together in this order: what several scripts need comes first
    public static LuaScript read(Class<?> beside, String... files) {
        StringBuilder text = new StringBuilder();
        for (String file : files) {
            text.append(text(beside, file));
        }
        return new LuaScript(text.toString(), sha1(text.toString()));
    }

    private static String text(Class<?> beside, String file) {
        try (InputStream resource = beside.getResourceAsStream(file)) {
            if (resource == null) {
                throw new IllegalStateException("no resource " + file);
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }
}
