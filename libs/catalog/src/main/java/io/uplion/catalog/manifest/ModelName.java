// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

/// What clients may call a model, wherever the name comes from.
public final class ModelName {
    private ModelName() {}

    /// 1 to 200 printable characters without spaces.
    public static boolean isValid(String text) {
        return TextFormat.isModelName(text);
    }

    /// How a message may quote what somebody else has sent as a name.
    public static String shown(String text) {
        return Shown.quoted(text);
    }
}
