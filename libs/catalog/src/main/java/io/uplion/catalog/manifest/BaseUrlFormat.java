// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import java.net.URI;
import java.util.Optional;

/// A [BaseUrl] in a manifest.
record BaseUrlFormat() implements Format<URI> {

    @Override
    public Optional<URI> read(Value value) {
        return value.text(expected()).flatMap(text -> parse(text, value));
    }

    private static Optional<URI> parse(String text, Value value) {
        try {
            return Optional.of(BaseUrl.parse(text));
        } catch (IllegalArgumentException e) {
            value.refuse(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    @Override
    public String expected() {
        return BaseUrl.EXPECTED;
    }
}
