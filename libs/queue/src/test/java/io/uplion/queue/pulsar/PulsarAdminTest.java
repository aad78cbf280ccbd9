// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.uplion.queue.TaskQueue.QueueException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PulsarAdminTest {
    private final Queue<Integer> statuses = new ArrayDeque<>();
    private HttpServer broker;
    private PulsarAdmin admin;

    @BeforeEach
    void start() throws IOException {
        broker = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        broker.createContext(
                "/",
                exchange -> {
                    exchange.sendResponseHeaders(statuses.remove(), -1);
                    exchange.close();
                });
        broker.start();
        admin = new PulsarAdmin("http://127.0.0.1:" + broker.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        admin.close();
        broker.stop(0);
    }

    @Test
    void brokerThatHasLostItsStorageForAMomentIsAskedAgain() {
        statuses.addAll(List.of(500, 503, 204));
        admin.make("persistent/a/b/c", "");
        assertThat(statuses).isEmpty();

        statuses.addAll(List.of(500, 409));
        admin.make("persistent/a/b/c", "");
        assertThat(statuses).as("the first time it was made").isEmpty();
    }

    @Test
    void refusalIsToldAtOnce() {
        statuses.addAll(List.of(403, 204));

        assertThatThrownBy(() -> admin.make("tenants/t", "{}"))
                .isInstanceOf(QueueException.class)
                .hasMessageContaining("403");
        assertThat(statuses).hasSize(1);
    }
}
