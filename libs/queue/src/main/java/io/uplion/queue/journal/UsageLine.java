// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.journal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.uplion.catalog.AIModel.Price;
import io.uplion.openai.JsonText;
import io.uplion.openai.TokenUsage;
import io.uplion.task.Claim;
import io.uplion.task.UsageRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.zip.CRC32;

/// One usage record as a line: eight hex digits of the CRC-32 of the JSON, a space, the JSON, a
/// line feed. The checksum tells a whole line from one that a crash cut or a disk spoiled.
public final class UsageLine {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int PREFIX = 9;

    private UsageLine() {}

    public static byte[] write(UsageRecord usage) {
        byte[] json = JsonText.object(out -> fields(out, usage));
        byte[] line = new byte[PREFIX + json.length + 1];
        byte[] crc = crc(json, 0, json.length).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(crc, 0, line, 0, crc.length);
        line[PREFIX - 1] = ' ';
        System.arraycopy(json, 0, line, PREFIX, json.length);
        line[line.length - 1] = '\n';
        return line;
    }

    /// @param line without its line feed
    /// @return nothing where it is not whole, or not of this form
    public static Optional<UsageRecord> read(byte[] line) {
        if (line.length <= PREFIX) {
            return Optional.empty();
        }
        String expected = new String(line, 0, PREFIX - 1, StandardCharsets.US_ASCII);
        if (!expected.equals(crc(line, PREFIX, line.length - PREFIX))) {
            return Optional.empty();
        }
        try (JsonParser in = JSON.createParser(line, PREFIX, line.length - PREFIX)) {
            return Optional.of(UsageFields.read(in).usage());
        } catch (IOException
                | IllegalArgumentException
                | ArithmeticException
                | NoSuchElementException e) {
            return Optional.empty();
        }
    }

    private static String crc(byte[] bytes, int from, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, from, length);
        return HexFormat.of().toHexDigits((int) crc.getValue());
    }

    private static void fields(JsonGenerator out, UsageRecord usage) throws IOException {
        Claim claim = usage.claim();
        out.writeStringField("task", claim.task().toString());
        out.writeNumberField("attempt", claim.attempt());
        out.writeStringField("account", claim.account().toString());
        out.writeStringField("user", claim.user().toString());
        if (claim.key().isPresent()) {
            out.writeStringField("key", claim.key().get().toString());
        }
        out.writeStringField("model", claim.model());
        out.writeStringField("endpoint", claim.endpoint().id());
        out.writeStringField("pool", claim.pool());
        price(out, claim.price());
        if (claim.cap().isPresent()) {
            out.writeNumberField("capNanos", claim.cap().getAsLong());
        }
        out.writeStringField("signature", claim.signature());
        out.writeStringField("outcome", usage.outcome().name());
        out.writeStringField("source", usage.source().name());
        tokens(out, usage.tokens());
        out.writeNumberField("status", usage.status());
        out.writeNumberField("endedAtMillis", usage.endedAt().toEpochMilli());
        out.writeNumberField("firstFrameMillis", usage.timing().firstFrame().toMillis());
        out.writeNumberField("totalMillis", usage.timing().total().toMillis());
    }

    private static void price(JsonGenerator out, Price price) throws IOException {
        out.writeNumberField("inputNanos", price.inputNanos());
        out.writeNumberField("cachedInputNanos", price.cachedInputNanos());
        out.writeNumberField("outputNanos", price.outputNanos());
        out.writeNumberField("reasoningNanos", price.reasoningNanos());
        out.writeNumberField("audioInputNanos", price.audioInputNanos());
        out.writeNumberField("audioOutputNanos", price.audioOutputNanos());
    }

    private static void tokens(JsonGenerator out, TokenUsage tokens) throws IOException {
        out.writeNumberField("input", tokens.input());
        out.writeNumberField("cachedInput", tokens.cachedInput());
        out.writeNumberField("output", tokens.output());
        out.writeNumberField("reasoning", tokens.reasoning());
        out.writeNumberField("audioInput", tokens.audioInput());
        out.writeNumberField("audioOutput", tokens.audioOutput());
    }
}
