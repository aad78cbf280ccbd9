// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.process;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/// Whether a child process can do its work. Asked again and again while it starts.
@FunctionalInterface
public interface ReadyCheck {
    int LIMIT_MILLIS = 5_000;

    /// Says so within a few seconds, whatever the child does.
    ///
    /// @throws IOException as good as no
    boolean isReady() throws IOException;

    /// Ready when the address answers 200.
    static ReadyCheck http(URI address) {
        return () -> {
            HttpURLConnection call = (HttpURLConnection) address.toURL().openConnection();
            call.setConnectTimeout(LIMIT_MILLIS);
            call.setReadTimeout(LIMIT_MILLIS);
            try {
                return call.getResponseCode() == HttpURLConnection.HTTP_OK;
            } finally {
                call.disconnect();
            }
        };
    }
}
