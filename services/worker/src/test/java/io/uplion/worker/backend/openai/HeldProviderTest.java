// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.openai.Endpoint;
import io.uplion.testing.provider.FakeProvider;
import io.uplion.testing.wait.Await;
import io.uplion.worker.backend.Backend.Ended;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeldProviderTest {
    private static final String ASKED =
            "{\"model\":\"m\",\"stream\":true,\"messages\":[{\"role\":\"user\"}]}";

    private final ProviderTalk talk = new ProviderTalk();
    private final FakeProvider provider = FakeProvider.start();

    @AfterEach
    void stop() {
        talk.close();
        provider.close();
    }

    @Test
    void heldProviderWaitsAndGoesOn() {
        var backend = talk.backend(provider.baseUrl(), "fake;huge=30MB", Optional.empty());
        var asked = talk.ask(backend, Endpoint.CHAT, ASKED);
        Await.until("it has begun", ProviderTalk.LIMIT, () -> asked.signals.size() > 10);
        talk.vertx.runOnContext(_ -> asked.call.join().pace(true));
        // That nothing comes any more is not seen without waiting.
        LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
        assertThat(asked.signals).noneMatch(Ended.class::isInstance);

        talk.vertx.runOnContext(_ -> asked.call.join().pace(false));
        assertThat(asked.last()).isEqualTo(new Ended());
        assertThat(asked.text()).hasSizeGreaterThan(30_000_000);
    }
}
