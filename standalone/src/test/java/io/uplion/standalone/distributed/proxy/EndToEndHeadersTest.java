// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;

class EndToEndHeadersTest {
    private static MultiMap copied(String... namesAndValues) {
        var from = MultiMap.caseInsensitiveMultiMap();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            from.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        var to = MultiMap.caseInsensitiveMultiMap();
        EndToEndHeaders.copy(from, to);
        return to;
    }

    @Test
    void whatIsMeantForTheOtherEndIsCopiedAsOftenAsItStands() {
        var to = copied("Authorization", "Bearer a", "Set-Cookie", "a=1", "set-cookie", "b=2");

        assertThat(to.get("authorization")).isEqualTo("Bearer a");
        assertThat(to.getAll("set-cookie")).containsExactly("a=1", "b=2");
    }

    @Test
    void whatBelongsToOneConnectionStaysOnIt() {
        var to =
                copied(
                        "Connection", "keep-alive, X-Hop",
                        "connection", "x-other",
                        "Keep-Alive", "timeout=5",
                        "TE", "trailers",
                        "Transfer-Encoding", "chunked",
                        "Upgrade", "h2c",
                        "Proxy-Authorization", "Basic a",
                        "x-hop", "1",
                        "X-Other", "2",
                        "x-stays", "3");

        assertThat(to.names()).containsExactly("x-stays");
    }
}
