// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import com.fasterxml.jackson.databind.JsonNode;
import io.uplion.queue.KeptLetters;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// What [PulsarLetters] has written, of all models, also of those that are gone.
public final class PulsarKeptLetters implements KeptLetters {
    private static final String PERSISTENT = "persistent://";

    private final PulsarAdmin admin;
    private final Browser browser;

    public PulsarKeptLetters(PulsarConnection connection, PulsarAdmin admin) {
        this.admin = admin;
        this.browser = new Browser(connection);
    }

    @Override
    public void read(Consumer<KeptLetter> each) {
        for (String topic : topics()) {
            browser.read(topic, message -> KeptLetter.of(LetterMessage.read(message)), each);
        }
    }

    private List<String> topics() {
        List<String> topics = new ArrayList<>();
        admin.get("persistent/" + Names.DEAD)
                .ifPresent(
                        names -> {
                            for (JsonNode name : names) {
                                topics.add(name.asText().substring(PERSISTENT.length()));
                            }
                        });
        return topics;
    }
}
