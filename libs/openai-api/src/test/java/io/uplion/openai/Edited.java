// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.uplion.openai.RequestHead.Parsed;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// What an upstream must get, said in trees.
final class Edited {
    private Edited() {}

    static RequestHead head(Endpoint endpoint, byte[] body) {
        var result = RequestHead.parse(endpoint, body);
        assertThat(result).as(new String(body, StandardCharsets.UTF_8)).isInstanceOf(Parsed.class);
        return ((Parsed) result).head();
    }

    static RequestHead head(String body) {
        return head(Endpoint.CHAT, body.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] forUpstream(RequestHead head, byte[] body, String upstreamModel) {
        var edited = new ByteArrayOutputStream();
        for (ByteBuffer piece : head.forUpstream(body, upstreamModel)) {
            edited.write(piece.array(), piece.position(), piece.remaining());
        }
        return edited.toByteArray();
    }

    /// The edited body says what the client's said, but for the model's name and the question for
    /// usage.
    static String assertEdit(String body, String upstreamModel) {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        var head = head(Endpoint.CHAT, bytes);

        var edited = forUpstream(head, bytes, upstreamModel);

        var expected = (ObjectNode) Trees.of(bytes);
        expected.put("model", upstreamModel);
        if (expected.path("stream").asBoolean()) {
            var options =
                    expected.path("stream_options") instanceof ObjectNode given
                            ? given
                            : expected.putObject("stream_options");
            options.put("include_usage", true);
        }
        assertThat(Trees.of(edited)).as(body).isEqualTo(expected);
        return new String(edited, StandardCharsets.UTF_8);
    }
}
