// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.models;

import java.net.URI;

/// Ollama's variable `OLLAMA_HOST`: a host, a host with a port, a port, or a URL. It names where to
/// listen, too, so it may name every interface, which is no address to call.
final class OllamaHost {
    private static final int PORT = 11434;

    private OllamaHost() {}

    /// @return where the API is
    /// @throws IllegalArgumentException with words for a person
    static URI baseUrl(String text) {
        URI uri = uri(text.isBlank() ? "127.0.0.1" : text.strip());
        int port = uri.getPort() < 0 && uri.getScheme().equals("http") ? PORT : uri.getPort();
        return URI.create(
                uri.getScheme()
                        + "://"
                        + reachable(uri.getHost())
                        + (port < 0 ? "" : ":" + port)
                        + "/v1");
    }

    private static URI uri(String host) {
        try {
            URI uri = URI.create(host.contains("://") ? host : "http://" + completed(host));
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null && uri.getRawUserInfo() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Said below, in words.
        }
        throw new IllegalArgumentException(
                "must be a host, a host:port or a URL without user and password");
    }

    private static String completed(String host) {
        if (host.startsWith(":") && host.lastIndexOf(':') == 0) {
            return "127.0.0.1" + host;
        }
        boolean bareIpv6 = !host.startsWith("[") && host.indexOf(':') != host.lastIndexOf(':');
        return bareIpv6 ? "[" + host + "]" : host;
    }

    private static String reachable(String host) {
        return switch (host) {
            case "0.0.0.0" -> "127.0.0.1";
            case "[::]" -> "[::1]";
            default -> host;
        };
    }
}
