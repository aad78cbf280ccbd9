// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.Serving;
import io.uplion.openai.Endpoint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LiveCatalogTest extends CatalogContract {
    private static final Instant START = Instant.parse("2026-01-02T03:04:05Z");

    private final LiveCatalog catalog = new LiveCatalog(time);

    @Override
    protected Catalog catalog() {
        return catalog;
    }

    @Override
    protected void publish(AIModel... pools) {
        var wanted = List.of(pools);
        catalog.models().stream()
                .flatMap(model -> model.pools().stream())
                .map(ServedModel.Pool::manifest)
                .filter(known -> wanted.stream().noneMatch(it -> it.name().equals(known.name())))
                .forEach(known -> catalog.remove(known.name()));
        wanted.forEach(pool -> catalog.put(pool, PoolStatus.PENDING));
    }

    @Override
    protected void report(String pool, PoolStatus status) {
        catalog.status(pool, status);
    }

    private static AIModel pool(
            String name, String model, Set<Endpoint> endpoints, int queued, List<String> groups) {
        return new AIModel(
                name,
                model,
                Serving.Simulator.DEFAULT,
                endpoints,
                4,
                AIModel.DEFAULT_TIMEOUT,
                AIModel.DEFAULT_FIRST_FRAME_TIMEOUT,
                AIModel.Scaling.defaults(4),
                AIModel.Price.FREE,
                new AIModel.Limits(0, 0, queued),
                new AIModel.Access(groups));
    }

    private static AIModel pool(String name, String model) {
        return pool(name, model, Set.of(Endpoint.CHAT), 10, List.of());
    }

    private static PoolStatus resting(String reason, Instant until) {
        return new PoolStatus(PoolStatus.State.FAILED, reason, "", 429, Optional.of(until));
    }

    private ServedModel model() {
        return Optional.ofNullable(catalog.find("m")).orElseThrow();
    }

    @Test
    void modelServesWhatAnyPoolServes() {
        catalog.put(pool("a", "m", Set.of(Endpoint.CHAT), 10, List.of()), PoolStatus.RUNNING);
        catalog.put(pool("b", "m", Set.of(Endpoint.EMBEDDINGS), 30, List.of()), PoolStatus.RUNNING);

        assertThat(model().serves(Endpoint.CHAT)).isTrue();
        assertThat(model().serves(Endpoint.EMBEDDINGS)).isTrue();
        assertThat(model().serves(Endpoint.COMPLETIONS)).isFalse();
        assertThat(model().queuedLimit()).isEqualTo(30);
    }

    @Test
    void modelIsOpenToTheGroupsOfAnyPool() {
        catalog.put(
                pool("a", "m", Set.of(Endpoint.CHAT), 10, List.of("staff")), PoolStatus.RUNNING);
        assertThat(model().isOpenTo(Set.of())).isFalse();
        assertThat(model().isOpenTo(Set.of("students"))).isFalse();
        assertThat(model().isOpenTo(Set.of("x", "staff"))).isTrue();

        catalog.put(
                pool("b", "m", Set.of(Endpoint.CHAT), 10, List.of("students")), PoolStatus.RUNNING);
        assertThat(model().isOpenTo(Set.of("students"))).isTrue();
        catalog.put(pool("c", "m"), PoolStatus.RUNNING);
        assertThat(model().isOpenTo(Set.of())).isTrue();
    }

    @Test
    void outageIsWhenEveryPoolIsAway() {
        catalog.put(pool("a", "m"), resting("later", START.plusSeconds(60)));
        catalog.put(pool("b", "m"), PoolStatus.PENDING);
        assertThat(model().outage(Endpoint.CHAT, START)).isEmpty();

        catalog.status("b", resting("sooner", START.plusSeconds(30)));
        assertThat(model().outage(Endpoint.CHAT, START).orElseThrow().reason()).isEqualTo("sooner");
        catalog.status("b", PoolStatus.failed("ConfigurationError", "no key"));
        assertThat(model().outage(Endpoint.CHAT, START).orElseThrow().reason()).isEqualTo("later");
        catalog.remove("a");
        assertThat(model().outage(Endpoint.CHAT, START).orElseThrow().reason())
                .isEqualTo("ConfigurationError");
    }

    @Test
    void restThatIsOverIsNoOutage() {
        catalog.put(pool("a", "m"), resting("x", START.plusSeconds(60)));

        assertThat(model().outage(Endpoint.CHAT, START.plusMillis(59_999))).isPresent();
        assertThat(model().outage(Endpoint.CHAT, START.plusSeconds(60))).isEmpty();
    }

    @Test
    void poolsThatAreComingOrAsleepAreNoOutage() {
        var asleep = new PoolStatus(PoolStatus.State.SCALED_TO_ZERO, "", "", 0, Optional.empty());
        catalog.put(pool("a", "m"), asleep);
        assertThat(model().outage(Endpoint.CHAT, START)).isEmpty();
        catalog.status("a", PoolStatus.PENDING);
        assertThat(model().outage(Endpoint.CHAT, START)).isEmpty();
    }

    @Test
    void modelWithoutAPoolIsNone() {
        assertThatThrownBy(() -> new ServedModel("m", List.of(), START))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
