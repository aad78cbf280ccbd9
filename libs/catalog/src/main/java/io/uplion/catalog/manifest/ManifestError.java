// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

/// One thing wrong with a manifest.
///
/// @param file as the reader was given it
/// @param line counted from 1
/// @param field for example `spec.remote.baseUrl`; empty where the file as a whole is meant
public record ManifestError(String file, int line, String field, String message) {
    @Override
    public String toString() {
        String where = field.isEmpty() ? "" : field + ": ";
        return file + ":" + line + ": " + where + message;
    }
}
