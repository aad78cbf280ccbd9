// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.price;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.catalog.AIModel.Price;
import io.uplion.catalog.price.PriceList.Dated;
import io.uplion.openai.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A price list as a line of JSON:
/// `{"models":{NAME:[{"from":TIME,"input":NANOS,…},…]},"pools":{…}}`. The same list has the same
/// text.
final class PriceText {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private PriceText() {}

    static String write(PriceList list) {
        byte[] json =
                JsonText.object(
                        out -> {
                            write(out, "models", list.models());
                            write(out, "pools", list.pools());
                        });
        return new String(json, StandardCharsets.UTF_8);
    }

    private static void write(JsonGenerator out, String name, Map<String, List<Dated>> prices)
            throws IOException {
        out.writeObjectFieldStart(name);
        for (Map.Entry<String, List<Dated>> entry : new TreeMap<>(prices).entrySet()) {
            out.writeArrayFieldStart(entry.getKey());
            for (Dated dated : entry.getValue()) {
                write(out, dated);
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }

    private static void write(JsonGenerator out, Dated dated) throws IOException {
        Price price = dated.price();
        out.writeStartObject();
        out.writeStringField("from", dated.from().toString());
        out.writeNumberField("input", price.inputNanos());
        out.writeNumberField("cachedInput", price.cachedInputNanos());
        out.writeNumberField("output", price.outputNanos());
        out.writeNumberField("reasoning", price.reasoningNanos());
        out.writeNumberField("audioInput", price.audioInputNanos());
        out.writeNumberField("audioOutput", price.audioOutputNanos());
        out.writeEndObject();
    }

    /// @return nothing for what is no price list: a price that cannot be read is not no price
    static Optional<PriceList> read(String text) {
        try {
            JsonNode json = MAPPER.readTree(text);
            return Optional.of(
                    new PriceList(prices(json.required("models")), prices(json.required("pools"))));
        } catch (IOException | IllegalArgumentException | DateTimeException e) {
            return Optional.empty();
        }
    }

    private static Map<String, List<Dated>> prices(JsonNode json) {
        Map<String, List<Dated>> prices = new HashMap<>();
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            List<Dated> dated = new ArrayList<>();
            entry.getValue().forEach(one -> dated.add(dated(one)));
            prices.put(entry.getKey(), dated);
        }
        return prices;
    }

    private static Dated dated(JsonNode json) {
        Price price =
                new Price(
                        nanos(json, "input"),
                        nanos(json, "cachedInput"),
                        nanos(json, "output"),
                        nanos(json, "reasoning"),
                        nanos(json, "audioInput"),
                        nanos(json, "audioOutput"));
        return new Dated(Instant.parse(json.required("from").asText()), price);
    }

    private static long nanos(JsonNode json, String name) {
        JsonNode nanos = json.required(name);
        if (!nanos.canConvertToLong() || !nanos.isIntegralNumber()) {
            throw new IllegalArgumentException(name + " is no whole number");
        }
        return nanos.longValue();
    }
}
