// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.task.UsageRecord.Outcome;
import io.uplion.testing.load.Ask;
import io.uplion.testing.load.End;
import io.uplion.testing.platform.Program;
import io.uplion.testing.wait.Await;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The distributed form as its clients and its operator see it, while nothing fails.
@ExtendWith(EndsInTheChecker.class)
class DistributedE2E {
    private static Cluster cluster;

    @BeforeAll
    static void start() {
        cluster = Cluster.shared();
    }

    @Test
    void answerComesThroughTheQueueWholeAndStreamed() throws Exception {
        assertThat(cluster.chat("fake").status()).isEqualTo(200);
        assertThat(cluster.chat("simulator").body()).contains("simulator");
        try (var load = cluster.load()) {
            var seen = load.start(1, _ -> Ask.stream("fake")).awaitEnd(Duration.ofSeconds(30));
            assertThat(seen).allMatch(one -> one.is(End.Kind.COMPLETED));
        }
    }

    @Test
    void bodyThatDoesNotTravelWithTheTaskArrivesWhole() {
        cluster.model("echoing", "echo", "");
        var large = "x".repeat(3 << 20);
        var answer = cluster.chat("echoing", large);
        cluster.remove("echoing");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).contains(large);
    }

    @Test
    void usageIsOnItsTopicBeforeTheAnswerEnds() {
        var answer = cluster.chat("fake");
        var id = answer.header("x-request-id");

        assertThat(cluster.usage())
                .filteredOn(usage -> Cluster.requestId(usage).equals(id))
                .singleElement()
                .satisfies(
                        usage -> {
                            assertThat(usage.outcome()).isEqualTo(Outcome.COMPLETED);
                            assertThat(usage.tokens().output()).isPositive();
                        });
    }

    @Test
    void runDirectorySaysWhatRunsAndWhere() throws Exception {
        var run = cluster.data().resolve("run");
        for (var name :
                new String[] {
                    "gateway-1",
                    "gateway-2",
                    "worker-1",
                    "access",
                    "portal",
                    "billing",
                    "controller"
                }) {
            assertThat(cluster.process(name).isAlive()).as(name).isTrue();
            assertThat(run.resolve(name + ".log")).isNotEmptyFile();
            assertThat(cluster.isReady(name)).as(name).isTrue();
        }
        for (var name : new String[] {"pulsar", "redis", "postgres"}) {
            assertThat(cluster.process(name).isAlive()).as(name).isTrue();
            assertThat(run.resolve(name + ".log")).exists();
        }
        assertThat(cluster.endpoint("pulsar")).startsWith("pulsar://127.0.0.1:");
        assertThat(cluster.endpoint("redis")).startsWith("redis://127.0.0.1:");
        var mode = Files.getPosixFilePermissions(run.resolve("endpoints.json"));
        assertThat(PosixFilePermissions.toString(mode)).isEqualTo("rw-------");
    }

    @Test
    void secretsStandInNoLogNorOnACommandLine() throws Exception {
        var key = cluster.apiKey();
        var secrets =
                new String[] {
                    key,
                    Cluster.text(cluster.data().resolve("run/identity.secret")),
                    Cluster.text(cluster.data().resolve("claim.secret")),
                    Cluster.text(cluster.data().resolve("run/database.secret")),
                    Cluster.text(cluster.data().resolve("redis/password"))
                };
        cluster.chat("fake");
        try (Stream<java.nio.file.Path> files = Files.list(cluster.data().resolve("run"))) {
            for (var log : files.filter(file -> file.toString().endsWith(".log")).toList()) {
                assertThat(Cluster.text(log)).as(log.toString()).doesNotContain(secrets);
            }
        }
        for (var name :
                new String[] {"gateway-1", "worker-1", "access", "portal", "billing", "redis"}) {
            assertThat(cluster.process(name).info().commandLine().orElse(""))
                    .as(name)
                    .doesNotContain(secrets);
        }
    }

    /// Gateways remember a key for seconds: what nobody has used yet shows that the database
    /// answers.
    @Test
    void databaseThatIsKilledIsBackAndThatIsSaid() {
        var before = cluster.process("postgres").pid();
        Cluster.signal(before, "KILL");
        cluster.awaitProcess("postgres", before);
        var key = newKey();

        Await.until(
                "a key that nobody remembers is accepted",
                Duration.ofSeconds(60),
                () -> cluster.get("/v1/models", "Bearer " + key).status() == 200);
        assertThat(cluster.program().output())
                .containsOnlyOnce("postgres ended; starting it again");
    }

    /// Requests with keys that gateways remember go on meanwhile.
    @Test
    void accessThatIsKilledIsBackAndRequestsGoOn() {
        assertThat(cluster.chat("fake").status()).isEqualTo(200);
        cluster.killAndAwait("access");
        assertThat(cluster.chat("fake").status()).isEqualTo(200);
        var key = newKey();

        Await.until(
                "a key that nobody remembers is accepted",
                Duration.ofSeconds(30),
                () -> cluster.get("/v1/models", "Bearer " + key).status() == 200);
    }

    private static String newKey() {
        var made = Program.run("key", "create", "--data", cluster.data().toString());
        assertThat(made.status()).as(made.errors()).isZero();
        return made.output().strip();
    }

    @Test
    void modelsComeAndGoByTheirManifests() {
        cluster.write("coming", "");
        Await.until(
                "it is listed",
                Duration.ofSeconds(6),
                () -> cluster.get("/v1/models").body().contains("\"coming\""));
        Await.until("it answers", Duration.ofSeconds(60), () -> cluster.answers("coming"));
        cluster.remove("coming");
        Await.until(
                "it is gone", Duration.ofSeconds(6), () -> cluster.chat("coming").status() == 404);
    }

    @Test
    void wrongKeyIsRefusedByAccess() {
        assertThat(cluster.get("/v1/models", "Bearer upl_wrong").status()).isEqualTo(401);
        assertThat(cluster.get("/v1/models", "Bearer upl_wrong").body())
                .contains("invalid_api_key");
    }

    @Test
    void clientsWordOnItsIdentityIsNotBelieved() {
        assertThat(cluster.get("/v1/models", "Bearer upl_wrong\r\nx-uplion-identity: x").status())
                .isEqualTo(401);
    }
}
