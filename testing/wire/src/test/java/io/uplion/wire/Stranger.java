// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.wire;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.uplion.task.wire.ReplyWire;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/// Somebody who reaches the gateway's port and sends what they like.
final class Stranger implements AutoCloseable {
    private static final MethodDescriptor.Marshaller<byte[]> BYTES =
            new MethodDescriptor.Marshaller<>() {
                @Override
                public InputStream stream(byte[] value) {
                    return new ByteArrayInputStream(value);
                }

                @Override
                public byte[] parse(InputStream stream) {
                    try {
                        return stream.readAllBytes();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            };
    private static final MethodDescriptor<byte[], byte[]> ATTACH =
            MethodDescriptor.newBuilder(BYTES, BYTES)
                    .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                    .setFullMethodName(ReplyWire.ATTACH.getFullMethodName())
                    .build();

    private final ManagedChannel channel;

    Stranger(int port) {
        this.channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port)
                        .usePlaintext()
                        .disableRetry()
                        .directExecutor()
                        .build();
    }

    Call call(Metadata headers) {
        var call = new Call(channel.newCall(ATTACH, CallOptions.DEFAULT));
        call.call.start(call, headers);
        call.call.request(100);
        return call;
    }

    static Metadata opening(byte[] bytes) {
        var headers = new Metadata();
        headers.put(ReplyWire.ATTACH_KEY, bytes);
        return headers;
    }

    static final class Call extends ClientCall.Listener<byte[]> {
        private final ClientCall<byte[], byte[]> call;
        private final CompletableFuture<Status> closed = new CompletableFuture<>();
        private final List<byte[]> heard = new CopyOnWriteArrayList<>();

        private Call(ClientCall<byte[], byte[]> call) {
            this.call = call;
        }

        Call send(byte[] message) {
            call.sendMessage(message);
            return this;
        }

        boolean isReady() {
            return call.isReady();
        }

        @Override
        public void onMessage(byte[] message) {
            heard.add(message);
        }

        @Override
        public void onClose(Status status, Metadata trailers) {
            closed.complete(status);
        }

        List<byte[]> heard() {
            return heard;
        }

        boolean isClosed() {
            return closed.isDone();
        }

        Status awaitClosed() {
            return closed.orTimeout(10, TimeUnit.SECONDS).join();
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
