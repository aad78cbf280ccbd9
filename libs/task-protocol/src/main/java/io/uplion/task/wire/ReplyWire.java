// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.task.wire;

import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.uplion.task.Attach;
import io.uplion.task.FromGateway;
import io.uplion.task.FromWorker;
import io.uplion.task.wire.v1.GatewayMessage;
import io.uplion.task.wire.v1.WorkerMessage;
import java.util.function.Function;

/// The reply stream over gRPC, as `reply.proto` has it: the one call, and what is said in it.
public final class ReplyWire {
    public static final String SERVICE = "uplion.task.v1.ReplyDesk";

    /// One call is one reply stream.
    public static final MethodDescriptor<WorkerMessage, GatewayMessage> ATTACH =
            MethodDescriptor.newBuilder(
                            new LenientMarshaller<>(WorkerMessage.getDefaultInstance()),
                            new LenientMarshaller<>(GatewayMessage.getDefaultInstance()))
                    .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                    .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, "Attach"))
                    .build();

    /// Where the worker's opening words are, which hold a secret.
    public static final Metadata.Key<byte[]> ATTACH_KEY = AttachHeader.KEY;

    private ReplyWire() {}

    public static Metadata write(Attach attach) {
        return AttachHeader.write(attach);
    }

    public static Reading<Attach> read(Metadata headers) {
        return reading(AttachHeader::read, headers);
    }

    public static WorkerMessage write(FromWorker message) {
        return WorkerWords.write(message);
    }

    public static Reading<FromWorker> read(WorkerMessage message) {
        return reading(WorkerWords::read, message);
    }

    /// @throws IllegalArgumentException for [FromGateway.Lost], which no gateway says
    public static GatewayMessage write(FromGateway message) {
        return GatewayWords.write(message);
    }

    public static Reading<FromGateway> read(GatewayMessage message) {
        return reading(GatewayWords::read, message);
    }

    private static <W, T> Reading<T> reading(Function<W, T> reader, W written) {
        try {
            return new Reading.Read<>(reader.apply(written));
        } catch (MalformedException e) {
            return new Reading.Malformed<>(String.valueOf(e.getMessage()));
        }
    }
}
