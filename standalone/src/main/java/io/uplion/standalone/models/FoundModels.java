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

/// What a server says it has.
///
/// @param refused ids that cannot be names of models, as a message may show them
record FoundModels(List<AIModel> models, List<String> refused) {
    private static final int MAX_MODELS = 500;
    private static final int MAX_REFUSED = 5;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /// @throws UnusableException where the answer is no list
    static FoundModels read(Place place, byte[] answer) {
        List<AIModel> models = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        for (JsonNode entry : list(answer)) {
            String id = entry.path("id").asText("");
            if (!ModelName.isValid(id)) {
                if (refused.size() < MAX_REFUSED) {
                    refused.add(ModelName.shown(id));
                }
            } else if (models.size() < MAX_MODELS) {
                models.add(model(place, id));
            }
        }
        return new FoundModels(models, refused);
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
