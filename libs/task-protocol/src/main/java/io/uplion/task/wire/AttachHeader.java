// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.task.wire;

import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Metadata;
import io.uplion.task.Attach;
import io.uplion.task.Task;
import io.uplion.task.wire.v1.AttachRequest;

/// A worker's opening words, in the metadata of its call.
final class AttachHeader {
    static final Metadata.Key<byte[]> KEY =
            Metadata.Key.of("uplion-attach-bin", Metadata.BINARY_BYTE_MARSHALLER);
    private static final int MAX_BYTES = 4096;
    private static final int NONCE_LENGTH = 128;

    private AttachHeader() {}

    static Metadata write(Attach attach) {
        AttachRequest request =
                AttachRequest.newBuilder()
                        .setTask(Fields.of(attach.task()))
                        .setIncarnation(Fields.of(attach.gateway().incarnation()))
                        .setAddress(attach.gateway().address())
                        .setNonce(attach.nonce())
                        .setPool(attach.pool())
                        .setWorker(attach.worker())
                        .build();
        Metadata headers = new Metadata();
        headers.put(KEY, request.toByteArray());
        return headers;
    }

    static Attach read(Metadata headers) {
        byte[] bytes = headers.get(KEY);
        if (bytes == null) {
            throw new MalformedException(KEY.name() + " is missing");
        }
        if (bytes.length > MAX_BYTES) {
            throw new MalformedException(KEY.name() + " has " + bytes.length + " bytes");
        }
        return attach(request(bytes));
    }

    private static AttachRequest request(byte[] bytes) {
        try {
            return AttachRequest.parseFrom(bytes);
        } catch (InvalidProtocolBufferException _) {
            throw new MalformedException(KEY.name() + " is no AttachRequest");
        }
    }

    private static Attach attach(AttachRequest request) {
        return new Attach(
                Fields.uuid(request.getTask(), "attach.task"),
                new Task.Gateway(
                        Fields.name(request.getAddress(), "attach.address"),
                        Fields.uuid(request.getIncarnation(), "attach.incarnation")),
                Fields.bounded(request.getNonce(), NONCE_LENGTH, "attach.nonce"),
                Fields.name(request.getPool(), "attach.pool"),
                Fields.name(request.getWorker(), "attach.worker"));
    }
}
