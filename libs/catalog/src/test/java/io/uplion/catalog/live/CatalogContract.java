// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.Serving;
import io.uplion.openai.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// What a gateway relies on, wherever the models are listed. Each adapter's tests extend this.
public abstract class CatalogContract {
    protected final TestTime time = new TestTime();

    protected abstract Catalog catalog();

    /// From now on these pools exist, and no others. The catalog shows it when this returns.
    protected abstract void publish(AIModel... pools);

    /// How a pool is now. The catalog shows it when this returns.
    protected abstract void report(String pool, PoolStatus status);

    protected static AIModel pool(String name, String model, int concurrency) {
        return new AIModel(
                name,
                model,
                Serving.Simulator.DEFAULT,
                Set.of(Endpoint.CHAT, Endpoint.EMBEDDINGS),
                concurrency,
                AIModel.DEFAULT_TIMEOUT,
                AIModel.DEFAULT_FIRST_FRAME_TIMEOUT,
                AIModel.Scaling.defaults(concurrency),
                new AIModel.Price(150, 75, 600),
                new AIModel.Limits(1_000, 100, 10),
                new AIModel.Access(List.of("staff")));
    }

    private ServedModel model(String name) {
        return Optional.ofNullable(catalog().find(name)).orElseThrow();
    }

    private List<String> models() {
        return catalog().models().stream().map(ServedModel::model).toList();
    }

    private PoolStatus status(String model, String pool) {
        return model(model).pool(pool).orElseThrow().status();
    }

    @Test
    void emptyCatalogHasNothing() {
        assertThat(catalog().find("m")).isNull();
        assertThat(catalog().models()).isEmpty();
    }

    @Test
    void poolIsServedWithItsWholeManifestUnderTheNameOfItsModel() {
        publish(pool("a", "m", 4));

        assertThat(model("m").pools())
                .extracting(ServedModel.Pool::manifest)
                .containsExactly(pool("a", "m", 4));
        assertThat(model("m").pool("a")).isPresent();
        assertThat(model("m").pool("b")).isEmpty();
        assertThat(catalog().find("a")).isNull();
    }

    @Test
    void modelsAreListedByName() {
        publish(pool("1", "zebra", 4), pool("2", "ant", 4), pool("3", "mole", 4));

        assertThat(models()).containsExactly("ant", "mole", "zebra");
        assertThat(catalog().models()).containsExactly(model("ant"), model("mole"), model("zebra"));
    }

    @Test
    void poolsOfAModelStandTogetherAndTheLastTakesItAlong() {
        publish(pool("a", "m", 4), pool("b", "m", 8));
        assertThat(model("m").pools()).hasSize(2);

        publish(pool("b", "m", 8));
        assertThat(model("m").pools())
                .extracting(ServedModel.Pool::manifest)
                .containsExactly(pool("b", "m", 8));

        publish();
        assertThat(catalog().find("m")).isNull();
        assertThat(catalog().models()).isEmpty();
    }

    @Test
    void changedManifestIsTakenOver() {
        publish(pool("a", "m", 4), pool("b", "n", 4));
        publish(pool("a", "m", 9), pool("b", "n", 4));

        assertThat(model("m").pools().getFirst().manifest().concurrency()).isEqualTo(9);
        assertThat(model("n").pools().getFirst().manifest().concurrency()).isEqualTo(4);
    }

    @Test
    void renamedModelMoves() {
        publish(pool("a", "m", 4));
        publish(pool("a", "n", 4));

        assertThat(catalog().find("m")).isNull();
        assertThat(models()).containsExactly("n");
    }

    @Test
    void modelIsAsOldAsItsFirstPool() {
        publish(pool("a", "m", 4));
        var first = model("m").since();
        time.pass(Duration.ofMinutes(1));
        publish(pool("a", "m", 4), pool("b", "m", 4));
        publish(pool("b", "m", 4));
        assertThat(model("m").since()).isEqualTo(first);

        publish();
        time.pass(Duration.ofMinutes(1));
        publish(pool("b", "m", 4));
        assertThat(model("m").since()).isAfter(first);
    }

    @Test
    void statusIsThatOfItsPoolAlone() {
        publish(pool("a", "m", 4), pool("b", "m", 4));
        assertThat(status("m", "a")).isEqualTo(PoolStatus.PENDING);

        var failed = PoolStatus.failed("ConfigurationError", "no key: \"größe\"");
        report("a", failed);
        report("b", PoolStatus.RUNNING);
        assertThat(status("m", "a")).isEqualTo(failed);
        assertThat(status("m", "b")).isEqualTo(PoolStatus.RUNNING);

        report("a", PoolStatus.RUNNING);
        assertThat(status("m", "a")).isEqualTo(PoolStatus.RUNNING);
    }

    @Test
    void poolThatRestsSaysUntilWhen() {
        publish(pool("a", "m", 4));
        var until = time.instant().plusSeconds(30);
        var resting =
                new PoolStatus(
                        PoolStatus.State.FAILED, "QuotaExceeded", "later", 429, Optional.of(until));

        report("a", resting);

        assertThat(model("m").outage(Endpoint.CHAT, until.minusMillis(1))).contains(resting);
        assertThat(model("m").outage(Endpoint.CHAT, until)).isEmpty();
    }

    @Test
    void statusOfAPoolThatIsGoneIsIgnored() {
        publish(pool("a", "m", 4));
        report("b", PoolStatus.RUNNING);
        assertThat(models()).containsExactly("m");

        publish();
        report("a", PoolStatus.RUNNING);
        assertThat(catalog().models()).isEmpty();
    }

    @Test
    void snapshotDoesNotChangeUnderItsReader() {
        publish(pool("a", "m", 4));
        var before = model("m");
        var models = catalog().models();

        publish(pool("a", "m", 4), pool("b", "m", 4), pool("c", "n", 4));
        report("a", PoolStatus.RUNNING);

        assertThat(before.pools()).hasSize(1);
        assertThat(before.pools().getFirst().status()).isEqualTo(PoolStatus.PENDING);
        assertThat(models).containsExactly(before);
    }
}
