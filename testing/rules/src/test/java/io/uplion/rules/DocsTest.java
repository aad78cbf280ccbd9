// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.access.authz.AccessServerConfig;
import io.uplion.billing.BillingServerConfig;
import io.uplion.gateway.GatewayConfig.Address;
import io.uplion.gateway.GatewayServiceConfig;
import io.uplion.openai.ErrorCode;
import io.uplion.platform.process.ServiceProcess;
import io.uplion.platform.settings.Settings;
import io.uplion.platform.settings.Settings.SettingsException;
import io.uplion.portal.PortalConfig;
import io.uplion.standalone.StandaloneConfig;
import io.uplion.standalone.distributed.controller.ControllerConfig;
import io.uplion.worker.WorkerServiceConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The reference says what the code does, all of it and nothing else.
class DocsTest {
    private static final Path REFERENCE = Path.of("docs", "reference");
    private static final Pattern LINK = Pattern.compile("(?<!`)\\[[^\\]]*\\]\\(([^)\\s]+)\\)");
    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```.*?^ *```");
    private static final Pattern METER = Pattern.compile("\"(uplion\\.[a-z.]+)\"");
    private static final Pattern DIRECT = Pattern.compile("getenv\\(\"(\\w+)\"");
    private static final Pattern PROCESS = Pattern.compile("ServiceProcess\\.run\\(\\s*\"(\\w+)\"");
    private static final Pattern OPTION = Pattern.compile("names = \"(--[a-z-]+)\"");
    private static final Pattern TEST =
            Pattern.compile("`((?!X)[A-Z]\\w*[a-z0-9](?:Test|IT|E2E|Contract)(?:\\.\\w+)?)`");
    private static final Pattern SETTING = Pattern.compile("`([A-Z][A-Z0-9_]+)`");

    /// The lines of a page's tables, each as its cells.
    private static Stream<List<String>> rows(String page) {
        return Repository.text(REFERENCE.resolve(page))
                .lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> Stream.of(line.split("(?<!\\\\)\\|")).skip(1).map(String::strip))
                .map(Stream::toList);
    }

    private static String code(String cell) {
        return cell.replace("`", "");
    }

    @Test
    void everySettingIsListedWithItsDefault() {
        var expected = new TreeMap<String, String>();
        inProcesses().forEach((name, fallback) -> expected.put(name, written(fallback)));
        onALaptop()
                .forEach(
                        (name, fallback) ->
                                expected.merge(name, written(fallback), DocsTest::both));
        var listed = new TreeMap<String, String>();
        rows("settings.md").forEach(row -> listed.put(code(row.get(0)), code(row.get(1))));
        direct().forEach(name -> expected.put(name, listed.getOrDefault(name, "a default")));
        assertThat(listed).containsExactlyEntriesOf(expected);
    }

    private static String both(String inProcess, String onALaptop) {
        return inProcess.equals(onALaptop)
                ? onALaptop
                : onALaptop + " in one process, " + inProcess + " in a process of its own";
    }

    private static Set<String> asked() {
        var all = new TreeSet<>(inProcesses().keySet());
        all.addAll(onALaptop().keySet());
        return all;
    }

    /// What all processes read, with whatever leads to further questions switched on. Of what the
    /// controller and workers read, the workers' default counts.
    private static Map<String, Object> inProcesses() {
        var all = new HashMap<String, Object>();
        readers()
                .forEach(
                        (process, reader) -> {
                            all.putAll(
                                    read(
                                            settings ->
                                                    ServiceProcess.managementAddress(
                                                            settings, process)));
                            all.putAll(read(reader));
                        });
        return all;
    }

    /// By what each process calls itself, the controller before the workers.
    private static SequencedMap<String, Reader> readers() {
        var environment = Map.of("OPENAI_API_KEY", "sk-any");
        var readers = new LinkedHashMap<String, Reader>();
        readers.put("controller", ControllerConfig::read);
        readers.put("gateway", GatewayServiceConfig::read);
        readers.put("worker", settings -> WorkerServiceConfig.read(settings, environment));
        readers.put("access", AccessServerConfig::read);
        readers.put("portal", PortalConfig::read);
        readers.put("billing", BillingServerConfig::read);
        return readers;
    }

    /// A process that comes later must not have settings that nobody compares.
    @Test
    void everyProcessIsAmongThoseWhoseSettingsAreCompared() {
        var processes =
                Repository.files(".java")
                        .filter(file -> file.toString().contains("src/main/java"))
                        .flatMap(file -> matches(PROCESS, file))
                        .toList();
        assertThat(readers().keySet()).containsExactlyInAnyOrderElementsOf(processes);
    }

    private static Map<String, Object> onALaptop() {
        var environment = Map.of("OPENAI_API_KEY", "sk-any");
        var settings = new Settings(environment);
        var data = Path.of("data");
        var address = new Address("127.0.0.1", 0, Optional.empty());
        var options = new StandaloneConfig.Options(address, 0, data, data, false);
        StandaloneConfig.read(settings, environment, options);
        return settings.asked();
    }

    private interface Reader {
        void read(Settings settings) throws Exception;
    }

    private static Map<String, Object> read(Reader reader) {
        var settings = new Settings(Map.of("OPENAI_API_KEY", "sk-any"));
        try {
            reader.read(settings);
        } catch (SettingsException _) {
            // Something that is needed is missing; it was asked for all the same.
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return settings.asked();
    }

    /// What is read past the settings: by the logs, which come first.
    private static List<String> direct() {
        return Repository.files(".java")
                .filter(file -> file.toString().contains("src/main/java"))
                .flatMap(file -> matches(DIRECT, file))
                .toList();
    }

    private static String written(Object fallback) {
        return switch (fallback) {
            case Duration time -> written(time);
            case Long bytes when bytes == Runtime.getRuntime().maxMemory() / 3 ->
                    "a third of the heap";
            case Long bytes when bytes == Runtime.getRuntime().maxMemory() / 20 ->
                    "a twentieth of the heap";
            case Long bytes when bytes == Runtime.getRuntime().maxMemory() / 6 ->
                    "a sixth of the heap";
            case Long bytes -> size(bytes);
            case Optional<?> drain ->
                    drain.map(DocsTest::written).orElse("the longest timeout of its models");
            case List<?> list when list.isEmpty() -> "none";
            case List<?> list -> String.join(", ", list.stream().map(String::valueOf).toList());
            case String text when text.isEmpty() -> "none";
            default -> String.valueOf(fallback);
        };
    }

    private static String written(Duration time) {
        var millis = time.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        var seconds = time.toSeconds();
        return seconds >= 120 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    private static String size(long bytes) {
        if (bytes >= 1 << 20 && bytes % (1 << 20) == 0) {
            return (bytes >> 20) + "MiB";
        }
        return bytes >= 1024 && bytes % 1024 == 0 ? (bytes >> 10) + "KiB" : Long.toString(bytes);
    }

    @Test
    void everyOptionIsListed() {
        var commands = Repository.files(".java").filter(file -> file.toString().contains("/cli/"));
        var page = Repository.text(REFERENCE.resolve("command-line.md"));
        assertThat(commands.flatMap(file -> matches(OPTION, file)).distinct())
                .isNotEmpty()
                .allMatch(option -> page.contains("`" + option), "is in command-line.md");
    }

    private static Stream<String> matches(Pattern pattern, Path file) {
        return Repository.matches(pattern, Repository.text(file)).stream();
    }

    @Test
    void everyErrorIsListedWithItsStatusAndType() {
        var expected =
                Stream.of(ErrorCode.values())
                        .map(error -> error.code() + " " + error.status() + " " + error.type());
        var listed =
                rows("errors.md")
                        .map(row -> String.join(" ", row.subList(0, 3)))
                        .map(DocsTest::code);
        assertThat(listed).containsExactlyInAnyOrderElementsOf(expected.toList());
    }

    @Test
    void everyMeterIsListed() {
        var registered = new TreeSet<String>();
        Repository.files(".java")
                .filter(file -> file.toString().contains("src/main/java"))
                .map(Repository::text)
                .filter(text -> text.contains("import io.micrometer."))
                .forEach(text -> registered.addAll(Repository.matches(METER, text)));
        assertThat(rows("metrics.md").map(row -> code(row.getFirst())))
                .containsExactlyInAnyOrderElementsOf(registered);
    }

    /// A page that explains how to do something names settings that exist.
    @Test
    void settingsNamedElsewhereExist() {
        var known = new TreeSet<>(asked());
        known.addAll(direct());
        var unknown = new ArrayList<String>();
        Repository.files(".md")
                .forEach(
                        page ->
                                Repository.matches(SETTING, Repository.text(page)).stream()
                                        .filter(name -> name.matches("UPLION_(GATEWAY|WORKER)_.*"))
                                        .filter(name -> !known.contains(name))
                                        .forEach(name -> unknown.add(page + ": " + name)));
        assertThat(unknown).isEmpty();
    }

    @Test
    void everyTestThatHoldsAPromiseExists() {
        var named = new TreeSet<String>();
        var sources = new TreeMap<String, String>();
        Repository.files(".java")
                .forEach(file -> sources.put(simpleName(file), Repository.text(file)));
        Repository.files(".md")
                .forEach(page -> named.addAll(Repository.matches(TEST, Repository.text(page))));
        assertThat(named).isNotEmpty().allMatch(test -> exists(test, sources));
    }

    private static String simpleName(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }

    private static boolean exists(String test, Map<String, String> sources) {
        var parts = test.split("\\.", 2);
        var source = sources.get(parts[0]);
        return source != null && (parts.length == 1 || source.contains("void " + parts[1] + "("));
    }

    @Test
    void everyRelativeLinkLeadsSomewhere() {
        var broken = new ArrayList<String>();
        Repository.files(".md")
                .forEach(
                        page -> {
                            var prose = FENCE.matcher(Repository.text(page)).replaceAll("");
                            for (var link : Repository.matches(LINK, prose)) {
                                if (isBroken(page, link)) {
                                    broken.add(page + ": " + link);
                                }
                            }
                        });
        assertThat(broken).isEmpty();
    }

    private static boolean isBroken(Path page, String link) {
        if (link.matches("[a-z]+:.*")) {
            return false;
        }
        var parts = link.split("#", 2);
        var target = parts[0].isEmpty() ? page : page.resolveSibling(parts[0]).normalize();
        if (!Repository.exists(target)) {
            return true;
        }
        return parts.length > 1
                && target.toString().endsWith(".md")
                && !anchors(target).contains(parts[1]);
    }

    private static List<String> anchors(Path page) {
        return Repository.text(page)
                .lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("#+ *", "").toLowerCase(Locale.ROOT))
                .map(title -> title.replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
                .toList();
    }
}
