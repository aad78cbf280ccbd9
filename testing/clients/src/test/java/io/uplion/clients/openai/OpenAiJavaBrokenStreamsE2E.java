// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients.openai;

import static io.uplion.clients.openai.Sdk.ask;
import static io.uplion.clients.openai.Sdk.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.openai.client.OpenAIClient;
import com.openai.core.RequestOptions;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIIoException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import io.uplion.clients.Behaviour;
import io.uplion.clients.OnePlatform;
import io.uplion.clients.PlatformUnderTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Time-outs, leaving, and answers that break off.
@ExtendWith(OnePlatform.class)
final class OpenAiJavaBrokenStreamsE2E {
    private final PlatformUnderTest platform;
    private final OpenAIClient client;

    OpenAiJavaBrokenStreamsE2E(PlatformUnderTest platform) {
        this.platform = platform;
        this.client = Sdk.withoutRetries(platform);
    }

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void impatientClientStopsTheProvider() {
        var options = RequestOptions.builder().timeout(Duration.ofSeconds(1)).build();
        var request = ask(Behaviour.SILENT).build();

        assertThatThrownBy(() -> client.chat().completions().create(request, options))
                .isInstanceOf(OpenAIIoException.class);
        platform.awaitGone(model(Behaviour.SILENT));
    }

    /// The raw response is held, because the SDK closes a stream whose response was collected as
    /// garbage.
    @Test
    void closedStreamStopsTheProvider() {
        var request = ask(Behaviour.ENDLESS).build();
        try (var answer = client.chat().completions().withRawResponse().createStreaming(request);
                var stream = answer.parse()) {
            assertThat(stream.stream().limit(5)).hasSize(5);
            assertThat(platform.inFlight()).isEqualTo(1);
        }

        platform.awaitGone(model(Behaviour.ENDLESS));
    }

    /// An answer that breaks off is an error after the tokens that came, never a short success.
    @ParameterizedTest
    @EnumSource(names = {"CUT", "BROKEN"})
    void brokenAnswerIsAnError(Behaviour behaviour) {
        List<ChatCompletionChunk> seen = new ArrayList<>();
        try (var stream = client.chat().completions().createStreaming(ask(behaviour).build())) {
            assertThatThrownBy(() -> stream.stream().forEach(seen::add))
                    .isInstanceOf(OpenAIException.class);
        }

        assertThat(Sdk.text(seen)).startsWith("t0 t1");
    }
}
