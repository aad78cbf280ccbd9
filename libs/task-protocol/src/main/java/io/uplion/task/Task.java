// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.task;

import io.uplion.openai.Endpoint;
import java.time.Instant;
import java.util.UUID;

/// One request on its way.
///
/// @param id UUIDv7; its time is the time of acceptance
/// @param stream the client asked for a stream
/// @param startBy later than this nobody waits for it any more
/// @param gateway who holds the client
/// @param nonce shows that the bearer was given the task, and is no stranger who knows its id
public record Task(
        UUID id,
        String model,
        Endpoint endpoint,
        boolean stream,
        Instant startBy,
        Gateway gateway,
        String nonce,
        Body body) {

    /// @param address where its reply streams are opened
    /// @param incarnation a gateway that restarts knows nothing of the tasks of its last life
    public record Gateway(String address, UUID incarnation) {}

    /// The client's bytes.
    public sealed interface Body {}

    public record Inline(byte[] bytes) implements Body {}

    /// A large body waits at the gateway and comes down the reply stream with [FromGateway.Go].
    public record Kept(long length) implements Body {}

    public Instant acceptedAt() {
        return acceptedAt(id);
    }

    public static Instant acceptedAt(UUID id) {
        return Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
    }

    /// The request id as clients know it.
    public String requestId() {
        return requestId(id);
    }

    public static String requestId(UUID id) {
        return "req_" + id.toString().replace("-", "");
    }
}
