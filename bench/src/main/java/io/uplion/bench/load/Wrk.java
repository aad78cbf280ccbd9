// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// wrk, with a script that posts.
public record Wrk(String program) implements ClosedLoop {
    private static final List<String> PLACES =
            List.of("/usr/bin/wrk", "/usr/local/bin/wrk", "/opt/homebrew/bin/wrk");
    private static final Pattern ANSWERS = Pattern.compile("(\\d+) requests in");
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s+([0-9.]+)");

    static Optional<Wrk> find() {
        return PLACES.stream()
                .filter(place -> Files.isExecutable(Path.of(place)))
                .findFirst()
                .map(Wrk::new);
    }

    @Override
    public String describe() {
        return "wrk, 1 thread";
    }

    @Override
    public Result run(Target target, String body, Load load) {
        try {
            Path script = Files.createTempFile("uplion-bench-", ".lua");
            try {
                Files.writeString(script, lua(target, body));
                return result(target, output(target, load, script));
            } finally {
                Files.delete(script);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String output(Target target, Load load, Path script) throws IOException {
        Process wrk =
                new ProcessBuilder(
                                program,
                                "--threads=1",
                                "--connections=" + load.connections(),
                                "--duration=" + load.time().toSeconds() + "s",
                                "--timeout=10s",
                                "--script=" + script,
                                target.url())
                        .redirectErrorStream(true)
                        .start();
        try {
            return new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } finally {
            wrk.destroyForcibly();
        }
    }

    private static String lua(Target target, String body) {
        String key =
                target.apiKey().isEmpty()
                        ? ""
                        : "wrk.headers[\"authorization\"] = \"Bearer " + target.apiKey() + "\"\n";
        return "wrk.method = \"POST\"\nwrk.headers[\"content-type\"] = \"application/json\"\n"
                + key
                + "wrk.body = [==["
                + body
                + "]==]\n";
    }

    private static Result result(Target target, String output) {
        Matcher answers = ANSWERS.matcher(output);
        Matcher rate = RATE.matcher(output);
        if (output.contains("Non-2xx") || output.contains("Socket errors")) {
            throw new IllegalStateException(target.name() + " did not serve all:\n" + output);
        }
        if (!answers.find() || !rate.find()) {
            throw new IllegalStateException("wrk said:\n" + output);
        }
        return new Result(Long.parseLong(answers.group(1)), Double.parseDouble(rate.group(1)));
    }
}
