// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.resolver.CoreScalarResolver;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/// Turns a document's text into nodes that know their line.
final class DocumentParser {
    private static final LoadSettings SETTINGS =
            LoadSettings.builder()
                    .setSchema(new PlainSchema())
                    .setAllowDuplicateKeys(true)
                    .setAllowNonScalarKeys(true)
                    .build();

    private DocumentParser() {}

    /// YAML 1.2's core schema without merge keys: merging would swallow a key that is given twice.
    /// What else the settings allow is refused by [Fields], which knows the field's name.
    private static final class PlainSchema extends CoreSchema {
        @Override
        public ScalarResolver getScalarResolver() {
            return new CoreScalarResolver(false);
        }
    }

    /// Empty for an empty document, and for one whose problem has been reported.
    static Optional<Node> parse(DocumentText document, Problems problems) {
        int bad = firstUnprintable(document.text());
        if (bad >= 0) {
            int line = linesBefore(document.text(), bad);
            String code = "U+%04X".formatted(document.text().codePointAt(bad));
            problems.addAt(line, "cannot be read as YAML: it holds the character " + code);
            return Optional.empty();
        }
        try {
            return compose(document.text()).filter(node -> !node.getTag().equals(Tag.NULL));
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            // Where the text ends too early, the library points behind it, into the next document.
            int last = Math.max(0, (int) document.text().lines().count() - 1);
            problems.addAt(Math.min(last, mark.map(Mark::getLine).orElse(0)), unreadable(e));
        } catch (RuntimeException _) {
            // The library lets a few of its own slips through; to our caller they are bad YAML too.
            problems.addAt(0, "cannot be read as YAML");
        }
        return Optional.empty();
    }

    private static Optional<Node> compose(String text) {
        ParserImpl parser = new ParserImpl(SETTINGS, new StreamReader(SETTINGS, text));
        return new Composer(SETTINGS, new BoundedParser(parser)).getSingleNode();
    }

    /// Without the library's excerpt of the text, which may be a line with a secret.
    private static String unreadable(MarkedYamlEngineException e) {
        return "cannot be read as YAML: " + Shown.plain(String.valueOf(e.getProblem()));
    }

    private static int firstUnprintable(String text) {
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            if (!StreamReader.isPrintable(text.codePointAt(i))) {
                return i;
            }
        }
        return -1;
    }

    private static int linesBefore(String text, int end) {
        return (int) text.substring(0, end).lines().count() - (atLineStart(text, end) ? 0 : 1);
    }

    private static boolean atLineStart(String text, int at) {
        return at == 0 || text.charAt(at - 1) == '\n' || text.charAt(at - 1) == '\r';
    }
}
