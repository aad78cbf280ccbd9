// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.platform.settings;

import io.uplion.platform.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Reads a service's settings. A wrong value does not stop the reading: the operator learns of all
/// of them at once from [#check].
public final class Settings {
    private static final long MOST_ARRAY_BYTES = 1 << 30;

    private final Map<String, String> environment;

    /// A setting that two parts read is wrong once.
    private final Set<String> problems = new LinkedHashSet<>();

    private final Map<String, Object> asked = new LinkedHashMap<>();

    public Settings(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    public String text(String name, String fallback) {
        asked.put(name, fallback);
        return environment.getOrDefault(name, fallback);
    }

    public int integer(String name, int fallback, int least, int most) {
        String expected = "a whole number from " + least + " to " + most;
        return parsed(
                name,
                fallback,
                text -> {
                    require(text.matches("-?\\d{1,9}"), expected);
                    int number = Integer.parseInt(text);
                    require(number >= least && number <= most, expected);
                    return number;
                });
    }

    /// A size in bytes, also written `64MiB` or `256KiB`.
    public long bytes(String name, long fallback, long least) {
        return bytes(name, fallback, least, Long.MAX_VALUE);
    }

    /// A size that an array can have.
    public int arrayBytes(String name, long fallback, long least) {
        return (int) bytes(name, fallback, least, MOST_ARRAY_BYTES);
    }

    private long bytes(String name, long fallback, long least, long most) {
        return parsed(
                name,
                fallback,
                text -> {
                    long bytes = Amounts.bytes(text);
                    require(bytes >= least, "at least " + least + " bytes");
                    require(bytes <= most, "at most " + most + " bytes");
                    return bytes;
                });
    }

    /// A time as `250ms`, `15s`, `10m`, `1h`; above zero.
    public Duration duration(String name, Duration fallback) {
        return parsed(name, fallback, Settings::positive);
    }

    /// @param fallback nothing where it follows from something else
    public Optional<Duration> duration(String name, Optional<Duration> fallback) {
        return parsed(name, fallback, text -> Optional.of(positive(text)));
    }

    private static Duration positive(String text) {
        Duration duration = Amounts.duration(text);
        require(duration.isPositive(), "longer than zero");
        return duration;
    }

    public List<String> list(String name, List<String> fallback) {
        return parsed(name, fallback, text -> List.of(text.split("\\s*,\\s*")));
    }

    /// A password, key or token: from the variable itself, or from the file that the variable with
    /// `_FILE` behind its name points to. An end of line behind it is no part of it.
    public Optional<Secret> secret(String name) {
        asked.put(name, "");
        String file = environment.getOrDefault(name + "_FILE", "");
        String text = environment.getOrDefault(name, "");
        if (!file.isBlank() && !text.isEmpty()) {
            refuse(name, "is given twice, also by " + name + "_FILE");
        } else if (!file.isBlank()) {
            text = contents(name + "_FILE", file.strip());
        }
        return text.isEmpty() ? Optional.empty() : Optional.of(Secret.of(text));
    }

    /// A secret without which the service cannot start; empty where it is missing, which [#check]
    /// reports.
    public Secret requiredSecret(String name) {
        Optional<Secret> given = secret(name);
        if (given.isEmpty()) {
            refuse(name, "is needed; give it, or a file with it as " + name + "_FILE");
        }
        return given.orElse(Secret.of(""));
    }

    private String contents(String name, String file) {
        try {
            String text = Files.readString(Path.of(file)).replaceFirst("\\R+$", "");
            if (text.isEmpty()) {
                refuse(name, "the file " + file + " is empty");
            }
            return text;
        } catch (IOException | InvalidPathException _) {
            refuse(name, "the file " + file + " cannot be read");
            return "";
        }
    }

    /// Reports a wrong setting whose value must not be repeated.
    public void refuse(String name, String why) {
        problems.add(name + ": " + why);
    }

    /// A setting with a form of its own.
    ///
    /// @param parse throws an `IllegalArgumentException` that says what is wrong
    public <T> T parsed(String name, T fallback, Function<String, T> parse) {
        asked.put(name, fallback);
        String text = environment.get(name);
        if (text == null || text.isBlank()) {
            return fallback;
        }
        try {
            return parse.apply(text.strip());
        } catch (IllegalArgumentException e) {
            problems.add(name + "=" + text + ": " + e.getMessage());
            return fallback;
        }
    }

    private static void require(boolean holds, String expected) {
        if (!holds) {
            throw new IllegalArgumentException("must be " + expected);
        }
    }

    /// Every setting read so far, with its default.
    public Map<String, Object> asked() {
        return Collections.unmodifiableMap(asked);
    }

    /// @throws SettingsException when any setting read so far was wrong
    public void check() {
        if (!problems.isEmpty()) {
            throw new SettingsException(List.copyOf(problems));
        }
    }

    /// Every wrong setting, one a line.
    public static final class SettingsException extends RuntimeException {
        private static final long serialVersionUID = 1;

        public SettingsException(List<String> problems) {
            super(String.join("\n", problems));
        }
    }
}
