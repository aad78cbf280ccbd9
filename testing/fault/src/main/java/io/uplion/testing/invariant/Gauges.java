// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.invariant;

import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.RawResponse;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/// The metrics of one process, each summed over its labels.
///
/// @param sums empty where they could not be read
public record Gauges(Role role, String url, Map<String, Double> sums) {
    public enum Role {
        GATEWAY,
        WORKER,
        /// A broker: what it says of its queues.
        QUEUE
    }

    public Gauges {
        sums = Map.copyOf(sums);
    }

    /// @param url of which host and port are used: the management port's
    public static Gauges fetch(Role role, String url) {
        try (RawHttp http = RawHttp.connect(url)) {
            RawResponse answer = http.get("/metrics").readResponse();
            return new Gauges(role, url, answer.status() == 200 ? sums(answer.body()) : Map.of());
        } catch (UncheckedIOException e) {
            return new Gauges(role, url, Map.of());
        }
    }

    /// Reads Prometheus' text format.
    static Map<String, Double> sums(String text) {
        Map<String, Double> sums = new HashMap<>();
        text.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .forEach(
                        line -> {
                            int name =
                                    line.indexOf('{') < 0 ? line.indexOf(' ') : line.indexOf('{');
                            String value = line.substring(line.lastIndexOf(' ') + 1);
                            sums.merge(line.substring(0, name), number(value), Double::sum);
                        });
        return sums;
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }
}
