// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients.openai;

import static io.uplion.clients.openai.Sdk.ask;
import static io.uplion.clients.openai.Sdk.model;
import static io.uplion.clients.openai.Sdk.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.errors.InternalServerException;
import io.uplion.clients.Behaviour;
import io.uplion.clients.OnePlatform;
import io.uplion.clients.PlatformUnderTest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// What the SDK does by itself when it is told to come again, and what it leaves alone.
@ExtendWith(OnePlatform.class)
final class OpenAiJavaRetriesE2E {
    private final PlatformUnderTest platform;
    private final OpenAIClient client;

    OpenAiJavaRetriesE2E(PlatformUnderTest platform) {
        this.platform = platform;
        this.client = Sdk.client(platform);
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void failedAttemptsStayBehindThePlatform() {
        var completion = client.chat().completions().create(ask(Behaviour.FLAKY).build());

        assertThat(text(completion)).startsWith("t0");
        assertThat(platform.served(model(Behaviour.FLAKY))).hasSize(3);
    }

    @Test
    void limitedClientComesBackWhenItWasTold() {
        var refused = platform.answered("rate_limit_exceeded");
        var completion = client.chat().completions().create(ask(Behaviour.LIMITED).build());

        assertThat(text(completion)).startsWith("t0");
        assertThat(platform.served(model(Behaviour.LIMITED))).hasSize(2);
        // Had it come back too early, it would have been refused again.
        assertThat(platform.answered("rate_limit_exceeded")).isEqualTo(refused + 1);
    }

    @Test
    void clientOfAnUnavailableModelComesBack() {
        var refused = platform.answered("model_unavailable");
        var completion = client.chat().completions().create(ask(Behaviour.LOCKED_OUT).build());

        assertThat(text(completion)).startsWith("t0");
        assertThat(platform.answered("model_unavailable")).isEqualTo(refused + 1);
    }

    @Test
    void whatIsAskedTwiceUnderOneKeyIsRunOnce() {
        var before = platform.served(model(Behaviour.FAKE)).size();
        var request =
                ask(Behaviour.FAKE).putAdditionalHeader("Idempotency-Key", "java-twice").build();

        var first = client.chat().completions().create(request);
        assertThat(client.chat().completions().create(request)).isEqualTo(first);
        assertThat(platform.served(model(Behaviour.FAKE))).hasSize(before + 1);
    }

    @Test
    void aRetryUnderTheSameKeyIsAnswered() {
        var request =
                ask(Behaviour.LIMITED_ONCE)
                        .putAdditionalHeader("Idempotency-Key", "java-retry")
                        .build();
        var first = client.chat().completions().create(request);

        assertThat(text(first)).startsWith("t0");
        assertThat(client.chat().completions().create(request)).isEqualTo(first);
        assertThat(platform.served(model(Behaviour.LIMITED_ONCE))).hasSize(2);
    }

    @Test
    void whatWasTriedEnoughIsNotTriedAgain() {
        var before = platform.served(model(Behaviour.DOWN)).size();
        var request = ask(Behaviour.DOWN).build();

        assertThatThrownBy(() -> client.chat().completions().create(request))
                .isInstanceOf(InternalServerException.class);
        assertThat(platform.served(model(Behaviour.DOWN))).hasSize(before + 3);
    }
}
