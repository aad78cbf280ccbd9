// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.Serving;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.catalog.live.ServedModel;
import io.uplion.openai.Endpoint;
import io.uplion.openai.OpenAiError;
import io.uplion.openai.RequestHead;
import io.uplion.platform.identity.Principal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Who was promised a place of a full queue has it, whatever has become of the queue meanwhile.
class FullQueuesTest {
    private static final int LIMIT = 8;
    private static final Principal ONE = principal(1);
    private static final Principal OTHER = principal(2);

    private long now = 5;
    private int waiting;

    /// Of those who are not named, each has filled the queue.
    private final Map<UUID, Integer> own = new HashMap<>();

    private final PromisedPlaces promised = new PromisedPlaces(() -> now);
    private final FullQueues queues =
            new FullQueues(
                    new FullQueues.Waiting() {
                        @Override
                        public int all(String model) {
                            return waiting;
                        }

                        @Override
                        public int of(String model, UUID owner) {
                            return own.getOrDefault(owner, LIMIT);
                        }
                    },
                    new DrainRates(() -> now, _ -> Share.ALONE),
                    promised);

    private static Principal principal(int user) {
        return new Principal(
                new UUID(1, 1), new UUID(2, user), Optional.empty(), Set.of(), Set.of(), Set.of());
    }

    private static ServedModel model() {
        var manifest =
                new AIModel(
                        "a",
                        "m",
                        Serving.Simulator.DEFAULT,
                        Set.of(Endpoint.CHAT),
                        4,
                        AIModel.DEFAULT_TIMEOUT,
                        AIModel.DEFAULT_FIRST_FRAME_TIMEOUT,
                        AIModel.Scaling.defaults(4),
                        AIModel.Price.FREE,
                        new AIModel.Limits(0, 0, LIMIT),
                        new AIModel.Access(List.of()));
        var pool = new ServedModel.Pool(manifest, PoolStatus.RUNNING);
        return new ServedModel("m", List.of(pool), Instant.EPOCH);
    }

    @Test
    void queueThatOneKeyHasFilledIsFullForThatKeyAlone() {
        waiting = LIMIT;
        own.put(OTHER.user(), 0);

        assertThat(ask(ONE, "a")).isPresent();
        assertThat(ask(OTHER, "b")).isEmpty();
        own.put(OTHER.user(), 1);
        assertThat(ask(OTHER, "c")).isPresent();

        own.put(OTHER.user(), 0);
        waiting = 2 * LIMIT;
        assertThat(ask(OTHER, "d")).as("it hardly empties").isPresent();
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    private Optional<OpenAiError> ask(Principal who, String words) {
        var body =
                "{\"model\":\"m\",\"messages\":[{\"content\":\"%s\"}]}"
                        .formatted(words)
                        .getBytes(StandardCharsets.UTF_8);
        var head = ((RequestHead.Parsed) RequestHead.parse(Endpoint.CHAT, body)).head();
        return queues.refusal(who, head, model(), body);
    }

    private Duration refused(Principal who, String words) {
        var error = ask(who, words);
        assertThat(error).isPresent();
        assertThat(error.get().retryAfterMillis()).isPositive();
        return Duration.ofMillis(error.get().retryAfterMillis());
    }

    private void isLetIn(Principal who, String words) {
        assertThat(ask(who, words)).as(words).isEmpty();
    }

    @Test
    void whoComesBackInTimeGetsInThoughTheQueueIsStillFull() {
        waiting = LIMIT;
        pass(refused(ONE, "hello"));

        isLetIn(ONE, "hello");
        refused(ONE, "hello");
    }

    @Test
    void whoComesBackTooEarlyHasNoPlaceYet() {
        waiting = LIMIT;
        pass(refused(ONE, "hello").minusMillis(1));

        refused(ONE, "hello");
        pass(Duration.ofMillis(1));
        isLetIn(ONE, "hello");
    }

    @Test
    void nobodyElseTakesThePlaceNorAnotherRequestOfTheSameKey() {
        waiting = LIMIT;
        pass(refused(ONE, "hello"));

        refused(OTHER, "hello");
        refused(ONE, "bye");
        isLetIn(ONE, "hello");
    }

    @Test
    void eachOfSeveralLikeRequestsHasAPlace() {
        waiting = LIMIT;
        var waits = new ArrayList<Duration>();
        for (int i = 0; i < 5; i++) {
            waits.add(refused(ONE, "hello"));
        }
        pass(waits.getLast());

        for (int i = 0; i < 5; i++) {
            isLetIn(ONE, "hello");
        }
        refused(ONE, "hello");
    }

    @Test
    void newcomersDoNotTakeThePlacesOfThoseWhoAreAboutToCome() {
        waiting = LIMIT;
        var wait = refused(ONE, "hello");
        pass(wait);
        waiting = LIMIT - 1;

        refused(OTHER, "new");
        isLetIn(ONE, "hello");
        isLetIn(OTHER, "newer");
    }

    @Test
    void placesOfThoseWhoNeverComeLeaveHalfOfTheQueueAndAreFreeAfterAWhile() {
        waiting = LIMIT;
        for (int i = 0; i < 2 * LIMIT; i++) {
            refused(ONE, "request " + i);
        }
        pass(Duration.ofSeconds(6));
        waiting = LIMIT / 2 - 1;
        isLetIn(OTHER, "new");
        waiting = LIMIT / 2;
        refused(OTHER, "newer");

        pass(PromisedPlaces.KEPT.multipliedBy(3));
        waiting = LIMIT - 1;
        isLetIn(OTHER, "newest");
    }

    @Test
    void queueThatIsTwiceAsLongAsItMayBeTakesNobody() {
        waiting = LIMIT;
        pass(refused(ONE, "hello"));
        waiting = 2 * LIMIT;

        refused(ONE, "hello");
        waiting = 2 * LIMIT - 1;
        isLetIn(ONE, "hello");
    }

    @Test
    void ownerWithManyRefusalsLeavesRoomForThoseOfOthers() {
        waiting = LIMIT;
        for (int i = 0; i < PromisedPlaces.MOST; i++) {
            refused(ONE, "greedy");
        }
        pass(refused(OTHER, "modest"));

        isLetIn(OTHER, "modest");
        assertThat(promised.tell().given()).hasSize(PromisedPlaces.MOST / 2);
    }

    @Test
    void promisesThatAreOverLeaveRoomForThoseOfOtherModels() {
        var asker = new Asker(new UUID(2, 1), "0123");
        for (int i = 0; i < PromisedPlaces.MOST; i++) {
            promised.promise("other", asker, Duration.ofSeconds(1));
        }
        pass(PromisedPlaces.KEPT.plusSeconds(2));
        promised.promise("m", asker, Duration.ofSeconds(1));
        pass(Duration.ofSeconds(1));

        assertThat(promised.take("m", asker)).isTrue();
    }
}
