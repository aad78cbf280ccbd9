// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import io.uplion.task.UsageRecord;
import io.uplion.testing.invariant.Gauges.Role;
import io.uplion.testing.load.Observation;
import io.uplion.testing.load.ObservationFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// The command line of [InvariantCheckerMain], read.
record Arguments(Map<String, List<String>> values) {
    static final String USAGE =
            """
            usage: InvariantCheckerMain --observations FILE [options]
              --usage FILE         usage records, a line of JSON each; may be repeated
              --provider URL       a fake provider; may be repeated
              --gateway URL        a gateway's management port; may be repeated
              --worker URL         a worker's management port; may be repeated
              --may-break URL      requests sent there may break without a word; may be repeated
              --stop-within N      seconds in which a provider's work must stop (2)
              --rest-within N      seconds in which everything must come to rest (30)
              --any-text           answers are not the fake provider's numbered tokens
              --beside-others      others used the platform too""";

    private static final Set<String> SWITCHES = Set.of("--any-text", "--beside-others");
    private static final Set<String> OPTIONS =
            Set.of(
                    "--observations",
                    "--usage",
                    "--provider",
                    "--gateway",
                    "--worker",
                    "--may-break",
                    "--stop-within",
                    "--rest-within");

    /// @throws IllegalArgumentException if they are not as the usage says
    static Arguments read(List<String> words) {
        Map<String, List<String>> values = new HashMap<>();
        for (int i = 0; i < words.size(); i++) {
            String name = words.get(i);
            if (!SWITCHES.contains(name) && !OPTIONS.contains(name)) {
                throw new IllegalArgumentException("Unknown: " + name);
            }
            if (OPTIONS.contains(name) && ++i == words.size()) {
                throw new IllegalArgumentException("No value: " + name);
            }
            values.computeIfAbsent(name, _ -> new ArrayList<>()).add(words.get(i));
        }
        if (!values.containsKey("--observations")) {
            throw new IllegalArgumentException("Missing: --observations");
        }
        return new Arguments(values);
    }

    Rules rules() {
        List<String> mayBreak = all("--may-break");
        Rules rules =
                Rules.STRICT
                        .mayBreak(one -> mayBreak.contains(one.sent().baseUrl()))
                        .stopWithin(seconds("--stop-within", 2));
        rules = values.containsKey("--any-text") ? rules.anyText() : rules;
        return values.containsKey("--beside-others") ? rules.besideOthers() : rules;
    }

    Duration restWithin() {
        return seconds("--rest-within", 30);
    }

    private Duration seconds(String name, long otherwise) {
        List<String> given = all(name);
        return Duration.ofSeconds(given.isEmpty() ? otherwise : Long.parseLong(given.getLast()));
    }

    /// Reads the observations once and everything else each time it is asked.
    Supplier<Evidence> evidence() throws IOException {
        List<Observation> observations = new ArrayList<>();
        for (String file : all("--observations")) {
            observations.addAll(ObservationFile.read(Path.of(file)));
        }
        return () -> evidence(observations);
    }

    private Evidence evidence(List<Observation> observations) {
        Evidence evidence = Evidence.of(observations);
        if (values.containsKey("--usage")) {
            evidence = evidence.usage(usage());
        }
        for (String url : all("--provider")) {
            evidence = evidence.provider(ProviderRecord.fetch(url));
        }
        for (String url : all("--gateway")) {
            evidence = evidence.gauges(Gauges.fetch(Role.GATEWAY, url));
        }
        for (String url : all("--worker")) {
            evidence = evidence.gauges(Gauges.fetch(Role.WORKER, url));
        }
        return evidence;
    }

    private List<UsageRecord> usage() {
        List<UsageRecord> records = new ArrayList<>();
        try {
            for (String file : all("--usage")) {
                records.addAll(UsageFile.read(Path.of(file)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return records;
    }

    private List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }
}
