// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.data;

import io.uplion.standalone.data.DataDirectory.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// PostgreSQL's programs lie in the data directory, and `initdb` and `pg_ctl` hand their own place
/// and the cluster's to a shell, between double quotes. What a shell does not take for itself there
/// works: spaces, apostrophes, letters of any script.
final class ShellSafety {
    /// A backslash alone stays what it is; of two the shell leaves one.
    private static final Pattern READ_BY_A_SHELL = Pattern.compile("[$`\"\n\r]|\\\\{2}");

    private ShellSafety() {}

    /// @throws DataException where the path, or what it is behind its links, has a character that
    ///   would break those commands
    static void check(Path path) {
        String real = real(path.toAbsolutePath()).toString();
        for (String text : new String[] {path.toAbsolutePath().toString(), real}) {
            Matcher found = READ_BY_A_SHELL.matcher(text);
            if (found.find()) {
                throw new DataException(
                        "--data must not be a path with "
                                + named(found.group())
                                + ", which PostgreSQL's programs cannot work with: "
                                + text.replaceAll("\\p{Cntrl}", "\uFFFD"));
            }
        }
    }

    /// The path as the programs see it, where it is not there yet, too.
    private static Path real(Path path) {
        try {
            return path.toRealPath();
        } catch (IOException _) {
            Path parent = path.getParent();
            Path name = path.getFileName();
            return parent == null || name == null ? path : real(parent).resolve(name);
        }
    }

    private static String named(String characters) {
        return switch (characters) {
            case "\n", "\r" -> "a line break";
            case "\\\\" -> "two backslashes";
            default -> "the character " + characters;
        };
    }
}
