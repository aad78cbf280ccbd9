// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// Where a streamed answer goes. Not for event loops.
public final class Sink {
    private final Context context;
    private final HttpServerResponse response;

    Sink(Context context, HttpServerResponse response) {
        this.context = context;
        this.response = response;
    }

    /// Returns when the client's connection has taken it: whoever makes an answer never gets far
    /// ahead of whoever reads it.
    ///
    /// @throws CancellationException when the client is gone
    public void write(String text) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        context.runOnContext(
                _ ->
                        response.write(text)
                                .onSuccess(written::complete)
                                .onFailure(written::completeExceptionally));
        try {
            written.join();
        } catch (CompletionException _) {
            throw new CancellationException("the client is gone");
        }
    }
}
