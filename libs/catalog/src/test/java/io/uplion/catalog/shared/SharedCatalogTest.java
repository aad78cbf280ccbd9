// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.live.PoolStatus;
import io.uplion.catalog.live.ServedModel;
import io.uplion.catalog.live.TestTime;
import io.uplion.counters.BreakableState;
import io.uplion.counters.SharedStateException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SharedCatalogTest {
    private final TestTime time = new TestTime();
    private final BreakableState store = new BreakableState(time::nanoTime);
    private CatalogPublisher controller = new CatalogPublisher(store);
    private final SharedCatalog gateway = gateway();

    private SharedCatalog gateway() {
        return new SharedCatalog(store, time, time::nanoTime);
    }

    private void publish(AIModel... models) {
        controller.publish(List.of(models));
        second();
    }

    /// Everybody does a round.
    private void second() {
        time.pass(Duration.ofSeconds(1));
        controller.round();
        gateway.round();
    }

    private void cannotBeAsked() {
        assertThatThrownBy(controller::round).isInstanceOf(SharedStateException.class);
        assertThatThrownBy(gateway::round).isInstanceOf(SharedStateException.class);
    }

    private static AIModel manifest(SharedCatalog catalog, String pool) {
        return catalog.models().stream()
                .flatMap(model -> model.pool(pool).stream())
                .map(ServedModel.Pool::manifest)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no pool " + pool));
    }

    private static List<String> models(SharedCatalog catalog) {
        return catalog.models().stream().map(ServedModel::model).toList();
    }

    @Test
    void whatIsPublishedIsServed() {
        publish(Sample.pool("a"), Sample.pool("b1", "b", 4), Sample.pool("b2", "b", 8));

        assertThat(models(gateway)).containsExactly("a", "b");
        assertThat(gateway.find("b").pools()).hasSize(2);
        assertThat(manifest(gateway, "b2")).isEqualTo(Sample.pool("b2", "b", 8));
        assertThat(gateway.find("b2")).isNull();
    }

    @Test
    void aChangedManifestIsTakenOver() {
        publish(Sample.pool("a"), Sample.pool("b"));
        publish(Sample.pool("a", "a", 9), Sample.pool("b"));

        assertThat(manifest(gateway, "a").concurrency()).isEqualTo(9);
        assertThat(manifest(gateway, "b").concurrency()).isEqualTo(4);
    }

    @Test
    void whatHasNotChangedIsNotReadAgain() {
        publish(Sample.pool("a"));
        var read = manifest(gateway, "a");
        second();
        publish(Sample.pool("a"), Sample.pool("b"));

        assertThat(manifest(gateway, "a")).isSameAs(read);
    }

    @Test
    void whatIsNoLongerWantedIsGone() {
        publish(Sample.pool("a1", "a", 4), Sample.pool("a2", "a", 4), Sample.pool("b"));
        publish(Sample.pool("a2", "a", 4));
        assertThat(models(gateway)).containsExactly("a");
        assertThat(gateway.find("a").pools()).hasSize(1);

        publish();
        assertThat(models(gateway)).isEmpty();
        assertThat(store.all(Tables.CATALOG)).containsOnlyKeys(Tables.LIST);
    }

    @Test
    void generationsCountChangesAlsoOverARestart() {
        publish(Sample.pool("a"), Sample.pool("b"));
        publish(Sample.pool("a", "a", 9), Sample.pool("b"));
        assertThat(generation("a")).isEqualTo(2);
        assertThat(generation("b")).isEqualTo(1);

        controller = new CatalogPublisher(store);
        publish(Sample.pool("a", "a", 9), Sample.pool("b", "b", 9));
        assertThat(generation("a")).isEqualTo(2);
        assertThat(generation("b")).isEqualTo(2);
    }

    private long generation(String pool) {
        return Published.parse(store.all(Tables.CATALOG).get(pool)).orElseThrow().generation();
    }

    @Test
    void modelsStayWhileTheStoreIsAway() {
        publish(Sample.pool("a"));

        store.goDown();
        cannotBeAsked();
        time.pass(Duration.ofDays(3));
        cannotBeAsked();
        assertThat(models(gateway)).containsExactly("a");

        store.comeBack();
        controller.publish(List.of(Sample.pool("a"), Sample.pool("b")));
        second();
        assertThat(models(gateway)).containsExactly("a", "b");
    }

    @Test
    void aStoreThatHasForgottenTakesNoModelAway() {
        publish(Sample.pool("a"));
        store.goDown();
        cannotBeAsked();
        store.comeBackEmpty();

        gateway.round();
        assertThat(models(gateway)).containsExactly("a");
        second();
        assertThat(models(gateway)).containsExactly("a");
        var fresh = gateway();
        fresh.round();
        assertThat(models(fresh)).containsExactly("a");
    }

    @Test
    void aSilentControllerTakesNoModelAway() {
        publish(Sample.pool("a"));
        controller.report("a", PoolState.of(PoolStatus.RUNNING));
        second();

        time.pass(Tables.KEPT.plusDays(1));
        gateway.round();

        assertThat(store.all(Tables.CATALOG)).isEmpty();
        assertThat(models(gateway)).containsExactly("a");
        assertThat(gateway.find("a").pools().getFirst().status()).isEqualTo(PoolStatus.RUNNING);
        assertThat(gateway.state("a")).isPresent();
    }

    @Test
    void aGatewayThatStartsWhileTheControllerIsSilentKnowsTheModels() {
        publish(Sample.pool("a"));
        time.pass(Duration.ofMinutes(50));

        var fresh = gateway();
        fresh.round();

        assertThat(models(fresh)).containsExactly("a");
    }

    @Test
    void aControllerThatBeginsSaysNothingBeforeItKnows() {
        publish(Sample.pool("a"), Sample.pool("b"));
        controller.report("a", PoolState.of(PoolStatus.RUNNING));
        second();

        controller = new CatalogPublisher(store);
        second();
        assertThat(models(gateway)).containsExactly("a", "b");

        publish(Sample.pool("a"));
        assertThat(models(gateway)).containsExactly("a");
        var fresh = gateway();
        fresh.round();
        assertThat(fresh.find("a").pools().getFirst().status()).isEqualTo(PoolStatus.RUNNING);
    }

    @Test
    void aCatalogIsSeenOrNot() {
        gateway.round();
        assertThat(gateway.isFilled()).isFalse();

        publish();
        assertThat(gateway.isFilled()).isTrue();
    }

    @Test
    void whatCannotBeReadLeavesWhatWasKnown() {
        publish(Sample.pool("a"), Sample.pool("b"), Sample.pool("c"));
        for (var text : List.of("# generation 7\nkind: [", "no comment", "")) {
            var b = new Published(8, store.all(Tables.CATALOG).get("a")).text();
            store.put(Tables.CATALOG, "a", text, Tables.KEPT);
            store.put(Tables.CATALOG, "b", b, Tables.KEPT);
            store.put(Tables.STATES, "c", text, Tables.KEPT);
            store.put(Tables.TROUBLES, "c", text, Tables.KEPT);
            gateway.round();
            assertThat(models(gateway)).containsExactly("a", "b", "c");
            second();
        }
        assertThat(manifest(gateway, "a")).isEqualTo(Sample.pool("a"));
    }

    @Test
    void aModelThatNoManifestCanHoldIsLeftOut() {
        publish(Sample.pool("a", "a name with spaces", 4), Sample.pool("b"));

        assertThat(models(gateway)).containsExactly("b");
    }

    @Test
    void statesComeAlong() {
        publish(Sample.pool("a"), Sample.pool("b1", "b", 4), Sample.pool("b2", "b", 4));
        assertThat(gateway.find("a").pools().getFirst().status()).isEqualTo(PoolStatus.PENDING);

        var starting =
                new PoolState(
                        PoolStatus.PENDING, 2, 1, Optional.of(time.instant()), Optional.empty());
        controller.report("a", starting);
        controller.report("b1", started(Duration.ofMillis(40_123)));
        controller.report("b2", started(Duration.ofSeconds(30)));
        second();

        assertThat(gateway.state("a")).contains(starting);
        assertThat(gateway.lastStart("a")).isEmpty();
        assertThat(gateway.lastStart("b")).contains(Duration.ofSeconds(30));
        assertThat(gateway.lastStart("nobody's")).isEmpty();
        assertThat(gateway.find("b").pools())
                .allMatch(pool -> pool.status().equals(PoolStatus.RUNNING));
    }

    private static PoolState started(Duration took) {
        return new PoolState(PoolStatus.RUNNING, 1, 1, Optional.empty(), Optional.of(took));
    }

    @Test
    void statesOfPoolsThatAreGoneGoToo() {
        publish(Sample.pool("a"), Sample.pool("b"));
        controller.report("a", PoolState.of(PoolStatus.RUNNING));
        controller.report("b", PoolState.of(PoolStatus.RUNNING));
        second();

        publish(Sample.pool("b"));
        second();

        assertThat(store.all(Tables.STATES)).containsOnlyKeys("b");
        assertThat(gateway.state("a")).isEmpty();
    }
}
