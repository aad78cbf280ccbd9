// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.AIModel.Access;
import io.uplion.catalog.AIModel.Limits;
import io.uplion.catalog.AIModel.Price;
import io.uplion.catalog.AIModel.Scaling;
import io.uplion.catalog.SecretSource;
import io.uplion.catalog.Serving;
import io.uplion.openai.Endpoint;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/// Every model that a manifest can say, the odd ones more often than the usual.
final class AnyModel {
    /// Text that YAML could take for something else.
    private static final String[] ODD = {
        "true",
        "No",
        "y",
        "NULL",
        "~",
        "123",
        "-7",
        "1e3",
        "0x1F",
        "0o14",
        "010",
        "1_000",
        "12:30:45",
        "2026-01-02",
        ".inf",
        ".NaN",
        "-",
        "--",
        "---",
        "...",
        "#a",
        "a#b",
        "a:",
        "a:b",
        ":a",
        "&a",
        "*a",
        "!a",
        "!!str",
        "%YAML",
        "@a",
        "`a",
        "'",
        "''",
        "\"",
        "\\",
        "\\n",
        "[a]",
        "{a}",
        "a,b",
        "?",
        "|",
        ">",
        "=",
        "<<",
        "$(id)",
        "🦙",
        "größe",
        "模型",
        "نموذج",
        "a\u0301",
        "{a: b}",
        "1h30m"
    };

    private AnyModel() {}

    static Arbitrary<AIModel> models() {
        return Combinators.combine(
                        label(), modelName(), serving(), endpoints(), timeouts(), rest(), access())
                .as(
                        (name, model, serving, endpoints, times, rest, access) ->
                                new AIModel(
                                        name,
                                        model,
                                        serving,
                                        endpoints,
                                        rest.concurrency(),
                                        times.total(),
                                        times.firstFrame(),
                                        rest.scaling(),
                                        rest.price(),
                                        rest.limits(),
                                        access));
    }

    private record Times(Duration total, Duration firstFrame) {}

    private record Rest(int concurrency, Scaling scaling, Price price, Limits limits) {}

    private static Arbitrary<String> label() {
        var plain =
                Arbitraries.strings()
                        .withCharRange('a', 'z')
                        .withCharRange('0', '9')
                        .withChars('-');
        return Arbitraries.oneOf(
                Arbitraries.of("true", "null", "123", "1e3", "0x1f", "n", "a", "2026-01-02", "12"),
                plain.ofMinLength(1).ofMaxLength(63).filter(AnyModel::isLabel));
    }

    private static boolean isLabel(String text) {
        return !text.startsWith("-") && !text.endsWith("-");
    }

    private static Arbitrary<String> visible(int most) {
        var text =
                Arbitraries.strings()
                        .ascii()
                        .withCharRange('\u00A0', '\u06FF')
                        .withCharRange('\u4E00', '\u4E20')
                        .withChars("-:#'\"\\{}[],&*!|>%@`~ ")
                        .ofMinLength(1)
                        .ofMaxLength(most);
        return Arbitraries.oneOf(Arbitraries.of(ODD), text)
                .filter(it -> it.codePoints().allMatch(Shown::isVisible));
    }

    private static Arbitrary<String> modelName() {
        return visible(200).filter(it -> it.codePoints().noneMatch(Character::isSpaceChar));
    }

    private static Arbitrary<Serving> serving() {
        var millis = Arbitraries.longs().between(0, Duration.ofHours(1).toMillis());
        Arbitrary<Serving> simulator =
                Combinators.combine(millis, millis, Arbitraries.integers().between(1, 1_000_000))
                        .as(
                                (ttft, next, tokens) ->
                                        new Serving.Simulator(
                                                Duration.ofMillis(ttft),
                                                Duration.ofMillis(next),
                                                tokens));
        Arbitrary<Serving> remote =
                Combinators.combine(baseUrl(), modelName(), secret().optional())
                        .as(
                                (url, model, key) ->
                                        new Serving.Remote(
                                                Serving.Provider.OPENAI, url, model, key));
        return Arbitraries.oneOf(simulator, remote);
    }

    private static Arbitrary<URI> baseUrl() {
        return Combinators.combine(
                        Arbitraries.of("http", "https"),
                        Arbitraries.of(
                                "127.0.0.1",
                                "[::1]",
                                "api.openai.com",
                                "API.Example",
                                "h:1",
                                "h:65535"),
                        Arbitraries.of(
                                "", "/v1", "/a%20b/c", "/größe", "/a:b,c;d=e", "//v1", "/~x'y"))
                .as((scheme, host, path) -> URI.create(scheme + "://" + host + path));
    }

    private static Arbitrary<SecretSource> secret() {
        var part =
                Arbitraries.strings()
                        .alpha()
                        .numeric()
                        .withChars("-_.")
                        .ofMinLength(1)
                        .ofMaxLength(253);
        var key = Arbitraries.oneOf(Arbitraries.of("true", "1", "0x1", "-", "a.b"), part);
        var variable =
                Arbitraries.of("OPENAI_API_KEY", "_", "y", "No", "NULL", "_1", "a".repeat(255));
        return Arbitraries.oneOf(
                Combinators.combine(
                                label(), key.filter(it -> !it.startsWith("..") && !it.equals(".")))
                        .as((name, its) -> new SecretSource.SecretRef(name + ".x", its)),
                variable.map(SecretSource.Env::new),
                Arbitraries.oneOf(
                                Arbitraries.of("a\nb", "\t", " a ", "a\r\n---\nb", "C:\\k", "/k/ü"),
                                visible(90))
                        .filter(it -> !it.isBlank())
                        .map(path -> new SecretSource.File(Path.of(path))));
    }

    private static Arbitrary<Set<Endpoint>> endpoints() {
        return Arbitraries.of(Endpoint.class).set().ofMinSize(1);
    }

    private static Arbitrary<Times> timeouts() {
        var millis = Arbitraries.longs().between(1000, Duration.ofHours(24).toMillis());
        return Combinators.combine(millis, millis)
                .as(
                        (a, b) ->
                                new Times(
                                        Duration.ofMillis(Math.max(a, b)),
                                        Duration.ofMillis(Math.min(a, b))));
    }

    private static Arbitrary<Rest> rest() {
        return Combinators.combine(
                        Arbitraries.integers().between(1, 100_000), scaling(), price(), limits())
                .as(Rest::new);
    }

    private static Arbitrary<Scaling> scaling() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 10_000),
                        Arbitraries.integers().between(1, 10_000),
                        Arbitraries.integers().between(1, 1_000_000),
                        Arbitraries.longs().between(0, Duration.ofHours(24).toMillis()))
                .as(
                        (a, b, backlog, cooldown) ->
                                new Scaling(
                                        Math.min(a, b),
                                        Math.max(a, b),
                                        backlog,
                                        Duration.ofMillis(cooldown)));
    }

    private static Arbitrary<Price> price() {
        var nanos = Arbitraries.longs().between(0, 1_000_000_000);
        return Combinators.combine(nanos, nanos, nanos, nanos, nanos, nanos).as(Price::new);
    }

    private static Arbitrary<Limits> limits() {
        var tokens = Arbitraries.integers().between(0, 1_000_000_000);
        return Combinators.combine(tokens, tokens, Arbitraries.integers().between(1, 1_000_000))
                .as(Limits::new);
    }

    private static Arbitrary<Access> access() {
        return visible(200)
                .filter(it -> it.equals(it.strip()))
                .list()
                .uniqueElements()
                .ofMaxSize(5)
                .map(Access::new);
    }
}
