// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.network;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The address of one host name: resolved, checked, and then used as it is. A name that is resolved
/// again for the connection could answer differently after the check.
public final class PinnedHost {
    private static final long FRESH_NANOS = Duration.ofSeconds(30).toNanos();

    private final String host;
    private final AllowedNetworks allowed;
    private volatile @Nullable Resolved resolved;

    private record Resolved(InetAddress address, long at) {}

    public PinnedHost(String host, AllowedNetworks allowed) {
        this.host = host;
        this.allowed = allowed;
    }

    /// @return at once while the last answer is fresh; fails with [AddressException]
    public CompletionStage<InetAddress> address() {
        Resolved known = resolved;
        if (known != null && System.nanoTime() - known.at() < FRESH_NANOS) {
            return CompletableFuture.completedFuture(known.address());
        }
        CompletableFuture<InetAddress> answer = new CompletableFuture<>();
        Thread.ofVirtual().name("resolve-", 0).start(() -> resolve(answer));
        return answer;
    }

    private void resolve(CompletableFuture<InetAddress> answer) {
        try {
            InetAddress address = allowedAddress(InetAddress.getAllByName(literal()));
            resolved = new Resolved(address, System.nanoTime());
            answer.complete(address);
        } catch (UnknownHostException e) {
            answer.completeExceptionally(
                    new AddressException("the host " + host + " cannot be resolved", false));
        } catch (AddressException e) {
            answer.completeExceptionally(e);
        }
    }

    /// URIs write IPv6 addresses in brackets.
    private String literal() {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private InetAddress allowedAddress(InetAddress[] addresses) {
        return Arrays.stream(addresses)
                .filter(allowed::allows)
                .findFirst()
                .orElseThrow(
                        () ->
                                new AddressException(
                                        "the address of "
                                                + host
                                                + " is not allowed; private networks are named in"
                                                + " UPLION_WORKER_ALLOWED_NETWORKS, and metadata"
                                                + " services are never called",
                                        true));
    }

    /// The provider's address cannot be used.
    public static final class AddressException extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final boolean forbidden;

        AddressException(String message, boolean forbidden) {
            super(message);
            this.forbidden = forbidden;
        }

        /// The operator must change something; trying again does not help.
        public boolean isForbidden() {
            return forbidden;
        }
    }
}
