// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway;

import io.uplion.platform.settings.Settings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Every setting of the gateway, with its default.
///
/// @param address where clients connect
/// @param maxBodyBytes of one request
/// @param bodyMemoryBytes of all requests under way together; more are told to come again
/// @param answerMemoryBytes of all answers that are recorded or replayed for requests with a key
/// @param corsOrigins who may call from a browser; `*` is everyone
public record GatewayConfig(
        Address address,
        long maxBodyBytes,
        long bodyMemoryBytes,
        long answerMemoryBytes,
        List<String> corsOrigins,
        Times times,
        Relay relay) {

    /// @param port 0 for any
    public record Address(String host, int port, Optional<Tls> tls) {
        /// Where clients on this machine find it.
        ///
        /// @param actual the port, where any was asked for
        public String url(int actual) {
            return (tls.isPresent() ? "https://" : "http://") + shown() + ":" + actual;
        }

        /// An address that means every interface is none that can be called.
        private String shown() {
            return switch (host) {
                case "0.0.0.0" -> "127.0.0.1";
                case "::" -> "[::1]";
                default -> host.contains(":") ? "[" + host + "]" : host;
            };
        }
    }

    public record Tls(Path certificate, Path key) {}

    /// @param idle a connection without a request is closed after this, also one whose headers
    ///   trickle in
    /// @param body a request's body may pause so long
    /// @param startBy how long a task may wait for a worker
    /// @param unstreamedWait how long a request that cannot be told of its place may wait
    /// @param headersWait response headers of a stream wait so long for the first frame
    /// @param keepAlive silence in a stream is broken by a comment so often
    /// @param drain a stopping gateway waits so long for running answers; nothing: as long as an
    ///   attempt at the slowest model may take
    public record Times(
            Duration idle,
            Duration body,
            Duration startBy,
            Duration unstreamedWait,
            Duration headersWait,
            Duration keepAlive,
            Optional<Duration> drain) {}

    /// @param attempts at one task, before its client gets an error
    /// @param inlineBodyBytes larger bodies stay with the gateway
    /// @param bufferBytes held for one slow client; then its worker is asked to hold
    /// @param answerMemoryBytes held for all clients that are behind; an answer beyond it is
    ///   refused
    /// @param slowClient a client that takes nothing for so long is cut off
    public record Relay(
            int attempts,
            int inlineBodyBytes,
            long bufferBytes,
            long answerMemoryBytes,
            Duration slowClient) {}

    private static final String PREFIX = "UPLION_GATEWAY_";

    /// For a gateway that ends with its workers.
    public static GatewayConfig read(Settings settings, Address address) {
        return read(settings, address, Optional.of(Duration.ofSeconds(30)));
    }

    /// @param drain the form's default
    public static GatewayConfig read(Settings settings, Address address, Optional<Duration> drain) {
        long heap = Runtime.getRuntime().maxMemory();
        return new GatewayConfig(
                address,
                settings.arrayBytes(PREFIX + "MAX_BODY", 64 << 20, 1024),
                settings.bytes(PREFIX + "BODY_MEMORY", heap / 3, 1 << 20),
                settings.bytes(PREFIX + "IDEMPOTENCY_MEMORY", heap / 20, 1 << 20),
                settings.list(PREFIX + "CORS_ORIGINS", List.of("*")),
                times(settings, drain),
                relay(settings));
    }

    private static Times times(Settings settings, Optional<Duration> drain) {
        return new Times(
                settings.duration(PREFIX + "IDLE_TIMEOUT", Duration.ofSeconds(60)),
                settings.duration(PREFIX + "BODY_TIMEOUT", Duration.ofSeconds(30)),
                settings.duration(PREFIX + "START_BY", Duration.ofMinutes(10)),
                settings.duration(PREFIX + "UNSTREAMED_WAIT", Duration.ofSeconds(50)),
                settings.duration(PREFIX + "HEADERS_WAIT", Duration.ofSeconds(15)),
                settings.duration(PREFIX + "KEEP_ALIVE", Duration.ofSeconds(15)),
                settings.duration(PREFIX + "DRAIN", drain));
    }

    private static Relay relay(Settings settings) {
        return new Relay(
                settings.integer(PREFIX + "ATTEMPTS", 3, 1, 10),
                settings.arrayBytes(PREFIX + "INLINE_BODY", 256 << 10, 0),
                settings.bytes(PREFIX + "STREAM_BUFFER", 1 << 20, 4096),
                settings.bytes(
                        PREFIX + "ANSWER_MEMORY", Runtime.getRuntime().maxMemory() / 6, 1 << 20),
                settings.duration(PREFIX + "SLOW_CLIENT_TIMEOUT", Duration.ofSeconds(60)));
    }
}
