// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import com.fasterxml.jackson.databind.JsonNode;
import io.uplion.openai.JsonText;
import io.uplion.queue.TaskQueue.QueueException;
import io.uplion.queue.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Makes topics with their durable subscriptions, for whoever controls models. A topic without a
/// subscription keeps nothing. Everything here may be said again, and blocks.
public final class PulsarTopics implements Topics {
    private static final String EARLIEST =
            """
            {"ledgerId": -1, "entryId": -1, "partitionIndex": -1}""";

    /// Longer than any task waits and runs: one that nobody has taken until then has no client any
    /// more, and prompts should not rest longer than they must. Usage records and dead letters have
    /// no such time. A record is kept until billing has it; of letters the oldest go when there are
    /// too many.
    private static final Duration TASKS_LIVE = Duration.ofDays(3);

    /// Usage records stay for so long after they were billed: the books can be compared with them.
    private static final Duration BILLED_LIVE = Duration.ofHours(3);

    private static final long MEBIBYTE = 1 << 20;
    private static final long TASKS_SIZE = 10_240 * MEBIBYTE;
    private static final long USAGE_SIZE = 10_240 * MEBIBYTE;

    /// Of one model; then the oldest go.
    private static final long LETTERS_SIZE = 512 * MEBIBYTE;

    /// A full topic refuses at once.
    private static final String REFUSE = "producer_exception";

    private static final String DROP_OLDEST = "consumer_backlog_eviction";

    private final PulsarAdmin admin;

    public PulsarTopics(PulsarAdmin admin) {
        this.admin = admin;
    }

    /// The tenant, its namespaces with their rules, and the topic of usage records.
    public void prepare() {
        admin.make("tenants/" + Names.TENANT, tenant());
        namespace(Names.TASKS, TASKS_SIZE, REFUSE);
        admin.set(
                "namespaces/" + Names.TASKS + "/messageTTL",
                String.valueOf(TASKS_LIVE.toSeconds()));
        namespace(Names.DEAD, LETTERS_SIZE, DROP_OLDEST);
        namespace(Names.SYSTEM, USAGE_SIZE, REFUSE);
        admin.set("namespaces/" + Names.SYSTEM + "/retention", retention());
        topic(Names.USAGE, Names.BILLING);
    }

    private String tenant() {
        JsonNode clusters =
                admin.get("clusters").orElseThrow(() -> new QueueException("there is no cluster"));
        return text(
                json -> {
                    json.writeArrayFieldStart("allowedClusters");
                    for (JsonNode cluster : clusters) {
                        json.writeString(cluster.asText());
                    }
                    json.writeEndArray();
                });
    }

    /// Nothing comes into being by being named.
    private void namespace(String name, long size, String whenFull) {
        String path = "namespaces/" + name;
        admin.make(path, "");
        admin.set(path + "/autoTopicCreation", "{\"allowAutoTopicCreation\": false}");
        admin.set(path + "/autoSubscriptionCreation", "{\"allowAutoSubscriptionCreation\": false}");
        admin.set(
                path + "/backlogQuota?backlogQuotaType=destination_storage",
                text(
                        json -> {
                            json.writeNumberField("limitSize", size);
                            json.writeNumberField("limitTime", -1);
                            json.writeStringField("policy", whenFull);
                        }));
    }

    private static String retention() {
        return text(
                json -> {
                    json.writeNumberField("retentionTimeInMinutes", BILLED_LIVE.toMinutes());
                    json.writeNumberField("retentionSizeInMB", -1);
                });
    }

    private static String text(JsonText.Fields fields) {
        return new String(JsonText.object(fields), StandardCharsets.UTF_8);
    }

    /// The topic of the model's tasks, and that of its dead letters.
    @Override
    public void createTopic(String model) {
        topic(Names.dead(model), Names.LETTERS);
        topic(Names.tasks(model), Names.WORKERS);
    }

    private void topic(String name, String subscription) {
        admin.make("persistent/" + name, "");
        admin.make("persistent/" + name + "/subscription/" + subscription, EARLIEST);
    }

    /// The dead letters stay.
    @Override
    public void deleteTopic(String model) {
        admin.delete("persistent/" + Names.tasks(model) + "?force=true");
    }
}
