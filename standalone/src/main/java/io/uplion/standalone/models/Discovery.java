// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.models;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.uplion.catalog.AIModel;
import io.uplion.catalog.SecretSource;
import io.uplion.catalog.Serving;
import io.uplion.catalog.TopicName;
import io.uplion.openai.Endpoint;
import io.uplion.platform.secret.Secret;
import io.uplion.platform.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Models that are there without a manifest: those of OpenAI's account named in the environment, of
/// an Ollama or a llama.cpp server beside us.
public final class Discovery {
    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final int FORGOTTEN_AFTER = 3;
    private static final int MAX_MODELS = 500;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Config config;
    private final HttpClient client =
            HttpClient.newBuilder()
                    .connectTimeout(PATIENCE)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();

    private final Map<Integer, Seen> last = new HashMap<>();

    /// @param missed questions in a row that the server did not answer
    private record Seen(List<AIModel> models, int missed) {
        static final Seen NOTHING = new Seen(List.of(), 0);
    }

    Discovery(Config config) {
        this.config = config;
    }

    /// Where to look.
    public record Config(List<Place> places) {
        public static Config read(Settings settings) {
            List<Place> places = new ArrayList<>();
            String key = settings.text("OPENAI_API_KEY", "");
            if (!key.isBlank()) {
                String base = settings.text("OPENAI_BASE_URL", "https://api.openai.com/v1");
                places.add(
                        new Place(
                                "openai",
                                base,
                                Optional.of(Secret.of(key)),
                                Optional.of("OPENAI_API_KEY")));
            }
            String host =
                    settings.parsed(
                            "OLLAMA_HOST",
                            "",
                            text -> {
                                OllamaHost.baseUrl(text);
                                return text;
                            });
            places.add(place("ollama", OllamaHost.baseUrl(host)));
            String llamaCpp = settings.text("LLAMACPP_BASE_URL", "");
            if (!llamaCpp.isBlank()) {
                places.add(place("llamacpp", llamaCpp));
            }
            return new Config(places);
        }

        private static Place place(String name, String base) {
            return new Place(name, base, Optional.empty(), Optional.empty());
        }
    }

    /// @param key sent with the question
    /// @param keyVariable where the workers find the same key
    record Place(String name, String baseUrl, Optional<Secret> key, Optional<String> keyVariable) {}

    /// Asks every place; those that never answer have no models.
    List<AIModel> look() {
        List<AIModel> models = new ArrayList<>();
        for (int i = 0; i < config.places().size(); i++) {
            Place place = config.places().get(i);
            Seen seen = seen(place, last.getOrDefault(i, Seen.NOTHING));
            last.put(i, seen);
            models.addAll(seen.models());
        }
        return models;
    }

    /// A server that misses one question still has its models; their requests are under way.
    private Seen seen(Place place, Seen before) {
        return ask(place)
                .map(models -> new Seen(models, 0))
                .orElseGet(
                        () ->
                                before.missed() + 1 < FORGOTTEN_AFTER
                                        ? new Seen(before.models(), before.missed() + 1)
                                        : Seen.NOTHING);
    }

    private Optional<List<AIModel>> ask(Place place) {
        try {
            URI base = URI.create(place.baseUrl().replaceAll("/+$", ""));
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(URI.create(base + "/models")).timeout(PATIENCE);
            place.key().ifPresent(key -> request.header("authorization", "Bearer " + key.reveal()));
            HttpResponse<byte[]> answer =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                unusable(place, "it answered " + answer.statusCode());
                return Optional.empty();
            }
            return Optional.of(models(place, base, MAPPER.readTree(answer.body())));
        } catch (IOException | IllegalArgumentException e) {
            unusable(place, String.valueOf(e.getMessage()));
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /// Nobody asked for an Ollama; somebody did ask for the others.
    private static void unusable(Place place, String why) {
        if (!place.name().equals("ollama")) {
            LOG.atWarn()
                    .addKeyValue("at", place.baseUrl())
                    .addKeyValue("reason", why)
                    .log("no models found at {}", place.name());
        }
    }

    private static List<AIModel> models(Place place, URI base, JsonNode json) {
        List<AIModel> models = new ArrayList<>();
        for (JsonNode entry : json.path("data")) {
            String id = entry.path("id").asText("");
            if (!id.isBlank() && id.length() <= 200 && models.size() < MAX_MODELS) {
                models.add(model(place, base, id));
            }
        }
        return models;
    }

    private static AIModel model(Place place, URI base, String id) {
        Optional<SecretSource> key = place.keyVariable().map(SecretSource.Env::new);
        Serving.Remote remote = new Serving.Remote(Serving.Provider.OPENAI, base, id, key);
        return new AIModel(
                place.name() + "-" + TopicName.of(id),
                id,
                remote,
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
