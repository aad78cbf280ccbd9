// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.task.wire;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.ProtoUtils;
import java.io.InputStream;

/// Bytes that are no message are read as one that says nothing, which is as malformed, and is
/// refused in the same place: an exception from here would go to the transport's thread.
final class LenientMarshaller<T extends Message> implements MethodDescriptor.Marshaller<T> {
    private final MethodDescriptor.Marshaller<T> strict;
    private final T nothing;

    LenientMarshaller(T nothing) {
        this.strict = ProtoUtils.marshaller(nothing);
        this.nothing = nothing;
    }

    @Override
    public InputStream stream(T message) {
        return strict.stream(message);
    }

    @Override
    public T parse(InputStream bytes) {
        try {
            return strict.parse(bytes);
        } catch (StatusRuntimeException _) {
            return nothing;
        }
    }
}
