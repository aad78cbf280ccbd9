// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/// The fenced blocks of one page. A block of `text` right after an example is what that prints.
final class Page {
    private static final Pattern BLOCK =
            Pattern.compile("(?ms)^```(\\w*)\\R(.*?)^```$(?:\\R```text\\R(.*?)^```$)?");

    private Page() {}

    /// @param prints what the page shows as its output, empty where it shows none
    record Example(String language, String code, String prints) {}

    static Path root() {
        return Path.of(System.getProperty("uplion.root", "."));
    }

    /// The examples in one language, in their order.
    static List<Example> examples(String page, String language) throws IOException {
        var found = new ArrayList<Example>();
        var blocks = BLOCK.matcher(Files.readString(root().resolve(page)));
        while (blocks.find()) {
            if (blocks.group(1).equals(language)) {
                var prints = blocks.group(3) == null ? "" : blocks.group(3);
                found.add(new Example(language, blocks.group(2), prints));
            }
        }
        return found;
    }
}
