// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.gateway.FakeWorker;
import io.uplion.gateway.TestGateway;
import io.uplion.gateway.edge.Edge;
import io.uplion.platform.identity.Limited;
import io.uplion.platform.identity.Principal;
import io.uplion.testing.http.Intake;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.RawResponse;
import io.uplion.testing.wait.Await;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Clients that all ask with one key, of one gateway, over a store that can be in trouble.
final class RepeatingClients implements AutoCloseable {
    static final String KEY = "key";
    static final Edge ANYBODY =
            _ -> CompletableFuture.completedFuture(new Edge.Admitted(TestGateway.PRINCIPAL));
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final FakeStore store = new FakeStore();
    private TestGateway gateway = TestGateway.start(Map.of(), ANYBODY, store);

    FakeStore store() {
        return store;
    }

    TestGateway gateway() {
        return gateway;
    }

    void restart(Map<String, String> settings, Edge edge) {
        gateway.close();
        gateway = TestGateway.start(settings, edge, store);
    }

    RawHttp ask(boolean stream) {
        return ask(stream, Map.of());
    }

    RawHttp ask(boolean stream, Map<String, String> headers) {
        return ask(Intake.EAGER, stream, headers);
    }

    RawHttp ask(Intake intake, boolean stream, Map<String, String> headers) {
        var all = new HashMap<>(headers);
        all.put("idempotency-key", KEY);
        return RawHttp.connect(gateway.url(), intake)
                .waitAtMost(LIMIT)
                .post("/v1/chat/completions", TestGateway.chat(stream), all);
    }

    /// One that asks for the same stream many times over on one connection, and reads none: the
    /// network takes some of them, megabytes in all, and no more. Comes back when that is so.
    RawHttp stuck(int times) {
        var client = ask(new Intake(4096, 512, 0), true, Map.of());
        for (var i = 1; i < times; i++) {
            client.post(
                    "/v1/chat/completions", TestGateway.chat(true), Map.of("idempotency-key", KEY));
        }
        var told = new AtomicLong();
        var calm = new AtomicInteger();
        Await.until(
                "the network takes no more",
                LIMIT,
                () -> {
                    var now = replayed();
                    calm.set(now > 0 && told.getAndSet(now) == now ? calm.get() + 1 : 0);
                    return calm.get() > 50;
                });
        return client;
    }

    /// Answers that were told again, or are being told.
    long replayed() {
        var counter =
                gateway.meters()
                        .find("uplion.gateway.idempotency.requests")
                        .tag("outcome", "replayed")
                        .counter();
        return counter == null ? 0 : (long) counter.count();
    }

    RawResponse again(boolean stream) {
        try (var client = ask(stream)) {
            return client.readResponse();
        }
    }

    FakeWorker worker() {
        return gateway.worker(gateway.queue().next(), "a");
    }

    /// Asks for the same; comes back when it waits.
    RawHttp waiting(boolean stream) {
        var looks = store.looks();
        var client = ask(stream);
        Await.until("it waits", LIMIT, () -> store.looks() > looks);
        return client;
    }

    static void assertError(RawResponse answer, int status, String code) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.body()).contains("\"code\":\"" + code + "\"");
    }

    /// Reads on until the words have come.
    static void readUntil(RawHttp client, String words) {
        var heard = new StringBuilder();
        while (heard.indexOf(words) < 0) {
            var next = client.readByte();
            if (next < 0) {
                throw new AssertionError("It ended with " + heard);
            }
            heard.append((char) next);
        }
    }

    void assertFree() {
        try (var client = ask(false)) {
            worker().answer(200, "{\"anew\":true}").end();
            assertThat(client.readResponse().body()).isEqualTo("{\"anew\":true}");
        }
    }

    double held() {
        return gateway.meters().get("uplion.gateway.idempotency.bytes").gauge().value();
    }

    /// Clients that wait for others' answers, or are told them.
    double duplicates() {
        return gateway.meters().get("uplion.gateway.idempotency.waiting").gauge().value();
    }

    /// Who asks is who their key says.
    static Edge byKey() {
        return asked ->
                CompletableFuture.completedFuture(
                        new Edge.Admitted(
                                new Principal(
                                        new UUID(1, 1),
                                        new UUID(2, 2),
                                        Optional.ofNullable(asked.apiKey())
                                                .map(key -> new UUID(3, Long.parseLong(key))),
                                        Set.of(Principal.Role.MEMBER),
                                        Set.of(),
                                        Set.of())));
    }

    static Edge limited(Limited limited) {
        var who = TestGateway.PRINCIPAL;
        var principal =
                new Principal(
                        who.account(),
                        who.user(),
                        who.key(),
                        Optional.empty(),
                        who.roles(),
                        who.groups(),
                        who.models(),
                        who.scopes(),
                        List.of(limited));
        return _ -> CompletableFuture.completedFuture(new Edge.Admitted(principal));
    }

    @Override
    public void close() {
        gateway.close();
        store.close();
    }
}
