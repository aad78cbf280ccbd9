// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/// What the last test run did, from Surefire's reports: `java TestSummary.java [--strict] ROOT`.
///
/// Prints a table of the modules, the failures with their message, the skipped tests with their
/// reason, and as the last line `N passed, N failed, N skipped`. Exits with 1 if a test failed, if
/// none ran, or, with `--strict`, if one was skipped.
public final class TestSummary {
    private static final String REPORTS = "target/surefire-reports";
    private static final int MESSAGE_LINES = 12;

    /// A sealed outcome, so that nothing is counted twice or not at all.
    private sealed interface Outcome {
        record Passed() implements Outcome {}

        record Failed(String message) implements Outcome {}

        record Skipped(String reason) implements Outcome {}
    }

    private record Test(String module, String name, double seconds, Outcome outcome) {}

    private record Count(int passed, int failed, int skipped, double seconds) {
        static Count of(List<Test> tests) {
            int failed = 0;
            int skipped = 0;
            double seconds = 0;
            for (Test test : tests) {
                seconds += test.seconds();
                switch (test.outcome()) {
                    case Outcome.Passed() -> {}
                    case Outcome.Failed _ -> failed++;
                    case Outcome.Skipped _ -> skipped++;
                }
            }
            return new Count(tests.size() - failed - skipped, failed, skipped, seconds);
        }
    }

    private TestSummary() {}

    public static void main(String[] arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of(arguments));
        boolean strict = words.remove("--strict");
        List<Test> tests = read(Path.of(words.isEmpty() ? "." : words.getFirst()));
        Count total = Count.of(tests);
        boolean tooManySkipped = strict && total.skipped() > 0;
        printModules(tests);
        printFailures(tests);
        printSkipped(tests);
        System.out.println();
        if (tests.isEmpty()) {
            System.out.println("no test was run");
        }
        if (tooManySkipped) {
            System.out.println("--strict: a skipped test is a failure");
        }
        System.out.printf(
                Locale.ROOT,
                "%d passed, %d failed, %d skipped%n",
                total.passed(),
                total.failed(),
                total.skipped());
        System.exit(total.failed() > 0 || tests.isEmpty() || tooManySkipped ? 1 : 0);
    }

    private static void printModules(List<Test> tests) {
        Map<String, List<Test>> modules = new TreeMap<>();
        for (Test test : tests) {
            modules.computeIfAbsent(test.module(), _ -> new ArrayList<>()).add(test);
        }
        System.out.printf(
                "%n%-28s %8s %8s %8s %10s%n", "module", "passed", "failed", "skipped", "time");
        modules.forEach(
                (module, own) -> {
                    Count count = Count.of(own);
                    System.out.printf(
                            Locale.ROOT,
                            "%-28s %8d %8d %8d %8.1f s%n",
                            module,
                            count.passed(),
                            count.failed(),
                            count.skipped(),
                            count.seconds());
                });
    }

    private static void printFailures(List<Test> tests) {
        String title = "%nFAILED%n";
        for (Test test : tests) {
            if (test.outcome() instanceof Outcome.Failed(String message)) {
                System.out.printf(title + "  %s: %s%n", test.module(), test.name());
                message.lines()
                        .limit(MESSAGE_LINES)
                        .forEach(line -> System.out.println("      " + line));
                title = "";
            }
        }
    }

    /// By reason: one thing that is missing usually skips many tests.
    private static void printSkipped(List<Test> tests) {
        Map<String, List<String>> reasons = new TreeMap<>();
        for (Test test : tests) {
            if (test.outcome() instanceof Outcome.Skipped(String reason)) {
                reasons.computeIfAbsent(reason, _ -> new ArrayList<>())
                        .add(test.module() + ": " + test.name());
            }
        }
        if (!reasons.isEmpty()) {
            System.out.printf("%nSKIPPED%n");
        }
        reasons.forEach(
                (reason, names) -> {
                    System.out.println("  " + reason);
                    names.forEach(name -> System.out.println("      " + name));
                });
    }

    private static List<Test> read(Path root) throws Exception {
        List<Test> tests = new ArrayList<>();
        for (Path report : reports(root)) {
            String module = root.relativize(report.getParent().getParent().getParent()).toString();
            tests.addAll(read(module.isEmpty() ? "." : module, report));
        }
        return tests;
    }

    private static List<Path> reports(Path root) throws IOException {
        Set<String> passedOver = Set.of(".git", "node_modules", "src");
        List<Path> found = new ArrayList<>();
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(
                            Path directory, BasicFileAttributes facts) {
                        return passedOver.contains(String.valueOf(directory.getFileName()))
                                ? FileVisitResult.SKIP_SUBTREE
                                : FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes facts) {
                        String name = file.getFileName().toString();
                        if (file.getParent().endsWith(REPORTS)
                                && name.startsWith("TEST-")
                                && name.endsWith(".xml")) {
                            found.add(file);
                        }
                        return FileVisitResult.CONTINUE;
                    }
                });
        found.sort(null);
        return found;
    }

    private static List<Test> read(String module, Path report)
            throws IOException, SAXException, ParserConfigurationException {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        NodeList cases =
                factory.newDocumentBuilder()
                        .parse(report.toFile())
                        .getElementsByTagName("testcase");
        List<Test> tests = new ArrayList<>();
        for (int i = 0; i < cases.getLength(); i++) {
            tests.add(test(module, (Element) cases.item(i)));
        }
        return tests;
    }

    private static Test test(String module, Element entry) {
        String owner = entry.getAttribute("classname");
        String name = entry.getAttribute("name");
        String shown = owner.substring(owner.lastIndexOf('.') + 1);
        String seconds = entry.getAttribute("time").replace(",", "");
        return new Test(
                module,
                name.isBlank() ? shown : shown + "." + name,
                seconds.isEmpty() ? 0 : Double.parseDouble(seconds),
                outcome(entry));
    }

    /// A test that passed when it was run again has `flakyFailure`, and counts as passed.
    private static Outcome outcome(Element entry) {
        for (Node node = entry.getFirstChild(); node != null; node = node.getNextSibling()) {
            switch (node.getNodeName()) {
                case "failure", "error" -> {
                    return new Outcome.Failed(message((Element) node));
                }
                case "skipped" -> {
                    return new Outcome.Skipped(reason((Element) node));
                }
                default -> {}
            }
        }
        return new Outcome.Passed();
    }

    /// Without the stack trace and the name of the exception that come along.
    private static String reason(Element node) {
        return message(node)
                .replaceAll("(?m)^\\s+at .*$", "")
                .replaceFirst("^([\\w.$]+: )?Assumption failed: ", "")
                .replaceAll("\\s+", " ")
                .strip();
    }

    private static String message(Element node) {
        for (String text : List.of(node.getAttribute("message"), node.getTextContent())) {
            if (!text.isBlank()) {
                return text.strip();
            }
        }
        String type = node.getAttribute("type");
        return type.isBlank() ? "no reason given" : type;
    }
}
