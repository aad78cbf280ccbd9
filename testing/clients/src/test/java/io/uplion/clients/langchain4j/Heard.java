// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What a stream has said, up to its end.
final class Heard implements StreamingChatResponseHandler {
    private final StringBuffer text = new StringBuffer();
    private final CompletableFuture<ChatResponse> end = new CompletableFuture<>();
    private final int enough;
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private volatile int parts;

    private Heard(int enough) {
        this.enough = enough;
    }

    static Heard of(StreamingChatModel model, ChatMessage... messages) {
        return of(model, ChatRequest.builder().messages(messages).build());
    }

    static Heard of(StreamingChatModel model, ChatRequest request) {
        return of(model, request, Integer.MAX_VALUE);
    }

    /// @param enough parts, after which the stream is cancelled
    static Heard of(StreamingChatModel model, ChatRequest request, int enough) {
        var heard = new Heard(enough);
        model.chat(request, heard);
        return heard;
    }

    @Override
    public void onPartialResponse(PartialResponse part, PartialResponseContext context) {
        text.append(part.text());
        parts = parts + 1;
        if (parts == enough) {
            context.streamingHandle().cancel();
            cancelled.countDown();
        }
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
        end.complete(response);
    }

    @Override
    public void onError(Throwable error) {
        end.completeExceptionally(error);
    }

    /// How many parts were heard until the stream was cancelled.
    int awaitCancelled() throws InterruptedException {
        assertThat(cancelled.await(20, TimeUnit.SECONDS)).as("enough parts came").isTrue();
        return parts;
    }

    String text() {
        return text.toString();
    }

    ChatResponse response() {
        try {
            return end.get(20, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("The stream did not end well", e);
        }
    }

    Throwable error() {
        return end.handle((_, error) -> error).orTimeout(20, TimeUnit.SECONDS).join();
    }
}
