// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import io.uplion.testing.provider.Trouble.Fault;
import io.uplion.testing.provider.Trouble.Substitute;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads `name;word;word=value`. An unknown word is an error: a typo must not pass for a success.
final class ScriptParser {
    private static final int PAD = 64 * 1024;
    private static final Pattern PROVIDER = Pattern.compile("[A-Za-z]{0,32}");

    private final String model;

    private int tokens = 8;
    private int pad;
    private boolean utf8;
    private Optional<String> mark = Optional.empty();
    private Script.@Nullable Text text;
    private boolean emptyChoices;
    private int cachedTokens;
    private int dimensions = 1536;

    private long ttft;
    private long interval;
    private long headers;

    private boolean crlf;
    private boolean comments;
    private boolean split;
    private boolean burst;
    private boolean usage = true;
    private boolean done = true;

    private Trouble trouble = new Trouble.None();
    private int status;
    private String code = "";
    private Duration retryAfter = Duration.ZERO;
    private int firstRequests = Integer.MAX_VALUE;
    private Optional<String> key = Optional.empty();

    ScriptParser(String model) {
        this.model = model;
    }

    Script parse() {
        String[] words = model.split(";", -1);
        for (int i = 1; i < words.length; i++) {
            String word = words[i].strip();
            int equals = word.indexOf('=');
            String name = equals < 0 ? word : word.substring(0, equals).strip();
            String value = equals < 0 ? "" : word.substring(equals + 1).strip();
            if (!content(name, value) && !wire(name, value) && !trouble(name, value)) {
                throw new BadScript("The script has an unknown word '" + word + "': " + model);
            }
        }
        return script();
    }

    private boolean content(String name, String value) {
        switch (name) {
            case "tokens" -> tokens = Quantity.count(value);
            case "pad" -> pad = Quantity.bytes(value);
            case "huge" -> huge(Quantity.bytes(value));
            case "utf8" -> utf8 = true;
            case "mark" -> mark = Optional.of(provider(value));
            case "echo" -> text = new Script.Text.Echo();
            case "tool" -> text = new Script.Text.Tool();
            case "empty-choices" -> emptyChoices = true;
            case "cached" -> cachedTokens = Quantity.count(value);
            case "dims" -> dimensions = Quantity.count(value);
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean wire(String name, String value) {
        switch (name) {
            case "ttft" -> ttft = Quantity.duration(value).toNanos();
            case "interval" -> interval = Quantity.duration(value).toNanos();
            case "slow-headers" -> headers = Quantity.duration(value).toNanos();
            case "crlf" -> crlf = true;
            case "comments" -> comments = true;
            case "split" -> split = true;
            case "burst" -> burst = true;
            case "no-usage" -> usage = false;
            case "no-done" -> done = false;
            default -> {
                return false;
            }
        }
        return true;
    }

    private boolean trouble(String name, String value) {
        switch (name) {
            case "status" -> status = Quantity.count(value);
            case "code" -> code = value;
            case "retry-after" -> retryAfter = Quantity.duration(value);
            case "policy" -> refuse(400, "content_policy_violation");
            case "fail" -> firstRequests = Quantity.count(value);
            case "key" -> key = Optional.of(value);
            case "redirect" -> trouble = new Trouble.Redirect(count(value, 307));
            case "nonsense" -> trouble = new Trouble.Instead(Substitute.HTML);
            case "not-json" -> trouble = new Trouble.Instead(Substitute.BROKEN_JSON);
            case "silent" -> trouble = new Trouble.Instead(Substitute.SILENCE);
            default -> {
                return fault(name, value);
            }
        }
        return true;
    }

    private boolean fault(String name, String value) {
        switch (name) {
            case "cut" -> after(Fault.RESET, value);
            case "close" -> after(Fault.CLOSE, value);
            case "hang-up" -> after(Fault.HANG_UP, value);
            case "silent-after" -> after(Fault.STALL, value);
            case "malformed" -> at(Fault.MALFORMED, value);
            case "stream-error" -> at(Fault.ERROR, value);
            case "error-first" -> at(Fault.ERROR, "1");
            default -> {
                return false;
            }
        }
        return true;
    }

    private void after(Fault fault, String events) {
        trouble = new Trouble.AtEvent(fault, count(events, 0));
    }

    private void at(Fault fault, String number) {
        trouble = new Trouble.AtEvent(fault, Math.max(1, count(number, 1)) - 1);
    }

    private void refuse(int refusal, String refusalCode) {
        status = refusal;
        code = refusalCode;
    }

    private void huge(int bytes) {
        pad = Math.min(bytes, PAD);
        tokens = Math.max(1, bytes / PAD);
    }

    /// Letters only: the serial number that follows must be told from the name.
    private static String provider(String name) {
        if (!PROVIDER.matcher(name).matches()) {
            throw new BadScript("Not a provider's name (letters only): '" + name + "'");
        }
        return name;
    }

    private static int count(String value, int otherwise) {
        return value.isEmpty() ? otherwise : Quantity.count(value);
    }

    private Script script() {
        Script.Text source =
                text == null ? new Script.Text.Numbered(tokens, pad, utf8, mark) : text;
        return new Script(
                new Script.Content(source, emptyChoices, cachedTokens, dimensions),
                new Script.Pace(ttft, interval, headers),
                new Script.Frames(crlf, comments, split, burst, usage, done),
                whatGoesWrong(),
                new Script.Trigger(firstRequests, key));
    }

    private Trouble whatGoesWrong() {
        if (!(trouble instanceof Trouble.None)) {
            return trouble;
        }
        if (status == 0 && firstRequests == Integer.MAX_VALUE) {
            return trouble;
        }
        return new Trouble.Refuse(status == 0 ? 500 : status, code, retryAfter);
    }
}
