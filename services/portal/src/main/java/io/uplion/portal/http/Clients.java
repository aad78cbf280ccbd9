// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

import io.uplion.store.key.IpRange;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Tells where requests come from. What a proxy says of them is believed where the proxy is known.
///
/// @param proxies that stand before this server
public record Clients(List<IpRange> proxies) {
    private static final int LONGEST_AGENT = 200;

    public Clients {
        proxies = List.copyOf(proxies);
    }

    Client of(HttpServerRequest request) {
        String peer = request.remoteAddress() == null ? "" : request.remoteAddress().hostAddress();
        boolean proxied = isProxy(peer);
        String address = proxied ? forwardedFor(request).orElse(peer) : peer;
        boolean tls = request.isSSL() || (proxied && isForwardedTls(request));
        return new Client(address, agent(request), tls || isLocal(request, address));
    }

    private boolean isProxy(String peer) {
        return IpRange.address(peer)
                .filter(address -> proxies.stream().anyMatch(range -> range.contains(address)))
                .isPresent();
    }

    /// The last address is what the nearest proxy saw; all before it the client may have written.
    private static Optional<String> forwardedFor(HttpServerRequest request) {
        String said = request.getHeader("x-forwarded-for");
        if (said == null) {
            return Optional.empty();
        }
        String last = said.substring(said.lastIndexOf(',') + 1).strip();
        return IpRange.address(last).map(InetAddress::getHostAddress);
    }

    private static boolean isForwardedTls(HttpServerRequest request) {
        return "https".equals(request.getHeader("x-forwarded-proto"));
    }

    /// Browsers trust these names without TLS: what is sent there does not leave the machine.
    private static boolean isLocal(HttpServerRequest request, String address) {
        boolean near = IpRange.address(address).filter(InetAddress::isLoopbackAddress).isPresent();
        return near && request.authority() != null && isLocal(request.authority().host());
    }

    private static boolean isLocal(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost")
                || name.endsWith(".localhost")
                || IpRange.address(name.replace("[", "").replace("]", ""))
                        .filter(InetAddress::isLoopbackAddress)
                        .isPresent();
    }

    private static String agent(HttpServerRequest request) {
        String said = request.getHeader("user-agent");
        String text = said == null ? "" : said.replaceAll("[^\\x20-\\x7e]", "?");
        return text.substring(0, Math.min(text.length(), LONGEST_AGENT));
    }
}
