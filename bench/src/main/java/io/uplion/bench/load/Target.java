// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.load;

import java.nio.charset.StandardCharsets;

/// One way to the fake provider.
///
/// @param name as reports call it
/// @param apiKey empty where none is asked for
/// @param model what requests are to ask for on this way
public record Target(String name, String host, int port, String apiKey, String model) {
    public static final String PATH = "/v1/chat/completions";

    public String url() {
        return "http://" + host + ":" + port + PATH;
    }

    /// A chat request of a certain size.
    ///
    /// @param bytes of the whole body; what the frame needs at least
    public String body(boolean stream, int bytes) {
        String start = "{\"model\":\"" + model + "\",\"stream\":" + stream + ",\"messages\":[";
        String open = "{\"role\":\"user\",\"content\":\"";
        String close = "\"}]}";
        int text = Math.max(1, bytes - start.length() - open.length() - close.length());
        return start + open + "word ".repeat(text / 5) + "x".repeat(text % 5) + close;
    }

    /// The bytes of a whole request on a connection that stays open.
    public byte[] request(String body) {
        String key = apiKey.isEmpty() ? "" : "authorization: Bearer " + apiKey + "\r\n";
        String head =
                "POST "
                        + PATH
                        + " HTTP/1.1\r\nhost: "
                        + host
                        + "\r\ncontent-type: application/json\r\n"
                        + key
                        + "content-length: "
                        + body.length()
                        + "\r\n\r\n";
        return (head + body).getBytes(StandardCharsets.US_ASCII);
    }
}
