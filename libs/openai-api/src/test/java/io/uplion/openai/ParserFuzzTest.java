// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/// Bytes off the wire, chosen by a fuzzer that watches which code they reach. A plain test run
/// reads the saved inputs only. To look for new ones: `JAZZER_FUZZ=1 mvn -pl libs/openai-api test
/// -Dtest=ParserFuzzTest#requestHead -Djazzer.hooks=true`.
class ParserFuzzTest {
    @FuzzTest
    void requestHead(byte[] bytes) {
        for (var endpoint : Endpoint.values()) {
            if (RequestHead.parse(endpoint, bytes) instanceof RequestHead.Parsed(var head)) {
                var edited = Edited.forUpstream(head, bytes, "upstream");
                if (!(RequestHead.parse(endpoint, edited) instanceof RequestHead.Parsed)) {
                    throw new AssertionError(new String(edited, StandardCharsets.UTF_8));
                }
            }
        }
    }

    @FuzzTest
    void answers(byte[] bytes) {
        WholeAnswer.read(Endpoint.CHAT, bytes);
        StreamChunk.read(bytes).ifPresent(chunk -> chunk.withoutUsage(bytes));
    }

    @FuzzTest
    void events(byte[] bytes) {
        var decoder = new SseDecoder(256, StreamChunk::read, StreamChunk::read);
        if (decoder.feed(bytes)) {
            decoder.end();
        }
    }
}
