// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.queue.journal.UsageJournal;
import io.uplion.task.UsageRecord;
import io.uplion.testing.invariant.Evidence;
import io.uplion.testing.invariant.Gauges;
import io.uplion.testing.invariant.Gauges.Role;
import io.uplion.testing.invariant.InvariantChecker;
import io.uplion.testing.invariant.ProviderRecord;
import io.uplion.testing.invariant.Rules;
import io.uplion.testing.load.Ask;
import io.uplion.testing.load.End.Kind;
import io.uplion.testing.load.Leave;
import io.uplion.testing.load.Load;
import io.uplion.testing.load.Observation;
import io.uplion.testing.platform.Platform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Clients and providers of every kind at once, and then everything that must hold of each request.
class InvariantsE2E {
    private static final int REQUESTS = 360;
    private static final Duration LIMIT = Duration.ofSeconds(120);

    /// How soon work stops is measured elsewhere, where the machine is not as busy as here.
    private static final Duration STOPPED = Duration.ofSeconds(15);

    private static final String WIDE = "  concurrency: 300\n  limits: {queued: 5000}\n";
    private static Platform platform;

    @BeforeAll
    static void start() {
        platform = Platform.start(Map.of("UPLION_GATEWAY_UNSTREAMED_WAIT", "5m"));
        var api = new Api(platform);
        api.model("good", "tokens=30;interval=20ms;mark", WIDE);
        api.model("flaky", "tokens=30;interval=5ms;mark;cut=0;fail=20", WIDE);
        api.model("breaking", "tokens=30;interval=5ms;mark;cut=12", WIDE);
        api.model("failing", "status=500", WIDE);
        api.model("choosy", "policy", WIDE);
    }

    @AfterAll
    static void stop() {
        platform.close();
    }

    private static Ask ask(int index) {
        var random = new Random(index);
        return switch (index % 9) {
            case 0 -> Ask.stream("good").withUsage();
            case 1 -> Ask.whole("good").padded(300_000);
            case 2 -> Ask.stream("good").slowly(20_000);
            case 3 -> Ask.stream("flaky");
            case 4 -> Ask.stream("breaking");
            case 5 -> Ask.whole("failing");
            case 6 -> Ask.stream("choosy");
            case 7 -> Ask.stream("good").leaving(new Leave.AfterFrames(1 + random.nextInt(30)));
            default -> {
                var delay = Duration.ofMillis(random.nextInt(400));
                yield Ask.whole("good").leaving(new Leave.AfterTime(delay));
            }
        };
    }

    @Test
    void everyInvariantHoldsForClientsAndProvidersOfEveryKind() {
        try (var load = Load.on(platform.apiKey(), List.of(platform.url()))) {
            var seen = load.start(REQUESTS, InvariantsE2E::ask).awaitEnd(LIMIT);

            var report =
                    new InvariantChecker(Rules.STRICT.stopWithin(STOPPED))
                            .settle(Duration.ofSeconds(20), () -> evidence(seen));
            report.assertClean();
            assertThat(seen.stream().map(one -> one.end().kind()).collect(Collectors.toSet()))
                    .containsExactlyInAnyOrder(
                            Kind.COMPLETED,
                            Kind.ERROR_EVENT,
                            Kind.HTTP_ERROR,
                            Kind.CANCELLED_BY_CLIENT);
        }
    }

    private static Evidence evidence(List<Observation> seen) {
        var management = "http://127.0.0.1:" + platform.managementPort();
        return Evidence.of(seen)
                .usage(usage())
                .provider(ProviderRecord.of(platform.provider()))
                .gauges(Gauges.fetch(Role.GATEWAY, management))
                .gauges(Gauges.fetch(Role.WORKER, management));
    }

    private static List<UsageRecord> usage() {
        var records = new ArrayList<UsageRecord>();
        try {
            UsageJournal.read(platform.data().resolve("usage"), records::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return records;
    }
}
