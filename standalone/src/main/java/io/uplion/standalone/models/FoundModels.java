// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.catalog.AIModel;
import io.uplion.catalog.SecretSource;
import io.uplion.catalog.Serving;
import io.uplion.catalog.TopicName;
import io.uplion.catalog.manifest.ModelName;
import io.uplion.openai.Endpoint;
import io.uplion.standalone.models.Discovery.Place;
import io.uplion.standalone.models.ModelQuestions.UnusableException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a server says it has.
///
/// @param leftOut why others of them are no models here, in words; empty where there are none
record FoundModels(List<AIModel> models, String leftOut) {
    /// Each has its workers and its topic in this process; public lists have some hundreds.
    static final int MAX_MODELS = 5_000;

    private static final int MAX_SHOWN = 5;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /// @throws UnusableException where the answer is no list
    static FoundModels read(Place place, byte[] answer) {
        List<AIModel> models = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        int beyond = 0;
        for (JsonNode entry : list(answer)) {
            String id = entry.path("id").asText("");
            if (!ModelName.isValid(id)) {
                refused.add(id);
            } else if (models.size() < MAX_MODELS) {
                models.add(model(place, id));
            } else {
                beyond++;
            }
        }
        return new FoundModels(models, leftOut(refused, beyond));
    }

    private static String leftOut(List<String> refused, int beyond) {
        List<String> reasons = new ArrayList<>();
        if (!refused.isEmpty()) {
            String shown =
                    refused.stream()
                            .limit(MAX_SHOWN)
                            .map(ModelName::shown)
                            .collect(Collectors.joining(", "));
            int more = refused.size() - MAX_SHOWN;
            reasons.add(
                    "it has names that no model can have: "
                            + shown
                            + (more > 0 ? " and " + more + " more" : ""));
        }
        if (beyond > 0) {
            int all = MAX_MODELS + beyond;
            reasons.add(
                    "it lists " + all + " models: the last " + beyond + " of them are left out");
        }
        return String.join("; ", reasons);
    }

    /// An Ollama without models says null.
    private static JsonNode list(byte[] answer) {
        try {
            JsonNode data = MAPPER.readTree(answer).path("data");
            if (data.isArray() || data.isNull()) {
                return data;
            }
        } catch (IOException _) {
            // Jackson's own words would repeat what the server has sent.
        }
        throw new UnusableException("its answer is no list of models");
    }

    private static AIModel model(Place place, String id) {
        Optional<SecretSource> key = place.keyVariable().map(SecretSource.Env::new);
        return new AIModel(
                place.name() + "-" + TopicName.of(id),
                id,
                new Serving.Remote(Serving.Provider.OPENAI, place.baseUrl(), id, key),
                EnumSet.allOf(Endpoint.class),
                AIModel.DEFAULT_CONCURRENCY,
                AIModel.DEFAULT_TIMEOUT,
                AIModel.DEFAULT_FIRST_FRAME_TIMEOUT,
                AIModel.Scaling.defaults(AIModel.DEFAULT_CONCURRENCY),
                AIModel.Price.FREE,
                AIModel.Limits.DEFAULT,
                AIModel.Access.EVERYONE);
    }
}
