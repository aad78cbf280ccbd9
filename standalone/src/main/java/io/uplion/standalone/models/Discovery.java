// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.models;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.manifest.BaseUrl;
import io.uplion.platform.secret.Secret;
import io.uplion.platform.settings.Settings;
import io.uplion.standalone.models.ModelQuestions.Trouble;
import io.uplion.standalone.models.ModelQuestions.UnusableException;
import io.uplion.worker.WorkerConfig;
import io.uplion.worker.network.AllowedNetworks;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Models that are there without a manifest: those of OpenAI's account named in the environment, of
/// an Ollama or a llama.cpp server beside us.
public final class Discovery {
    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);
    private static final int FORGOTTEN_AFTER = 3;

    private final List<Place> places;
    private final ModelQuestions questions;
    private final BiConsumer<Place, String> warn;
    private final Map<Place, Seen> last = new HashMap<>();

    /// @param missed questions in a row that the server did not answer
    /// @param told what the log says about it by now
    private record Seen(List<AIModel> models, int missed, String told) {
        static final Seen NOTHING = new Seen(List.of(), 0, "");
    }

    Discovery(Config config, Vertx vertx) {
        this(config, vertx, Discovery::log);
    }

    /// @param warn takes why models are missing at a place
    Discovery(Config config, Vertx vertx, BiConsumer<Place, String> warn) {
        this.places = config.places();
        this.questions = new ModelQuestions(vertx, config.networks());
        this.warn = warn;
    }

    /// Where to look.
    ///
    /// @param networks where workers may call addresses that are not public
    public record Config(List<Place> places, AllowedNetworks networks) {
        private static final String OPENAI = "https://api.openai.com/v1";

        /// No value is repeated where it is wrong: keys and passwords stand in them.
        public static Config read(Settings settings) {
            List<Place> places = new ArrayList<>();
            Optional<Secret> key = key(settings);
            Optional<URI> openAi = url(settings, "OPENAI_BASE_URL", OPENAI, BaseUrl::parse);
            if (key.isPresent()) {
                Optional<String> variable = Optional.of("OPENAI_API_KEY");
                openAi.map(base -> new Place("openai", base, key, variable, Telling.ALWAYS))
                        .ifPresent(places::add);
            }
            String host = settings.text("OLLAMA_HOST", "");
            Telling telling = host.isBlank() ? Telling.NEVER : Telling.WHEN_THERE;
            url(settings, "OLLAMA_HOST", "", OllamaHost::baseUrl)
                    .map(base -> place("ollama", base, telling))
                    .ifPresent(places::add);
            if (!settings.text("LLAMACPP_BASE_URL", "").isBlank()) {
                url(settings, "LLAMACPP_BASE_URL", "", BaseUrl::parse)
                        .map(base -> place("llamacpp", base, Telling.ALWAYS))
                        .ifPresent(places::add);
            }
            return new Config(places, WorkerConfig.networks(settings, AllowedNetworks.LOOPBACK));
        }

        /// Read where workers read it, so without what an editor has left behind it.
        private static Optional<Secret> key(Settings settings) {
            String key = settings.text("OPENAI_API_KEY", "").strip();
            if (!key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                settings.refuse("OPENAI_API_KEY", "has characters that no key has");
                return Optional.empty();
            }
            return key.isEmpty() ? Optional.empty() : Optional.of(Secret.of(key));
        }

        private static Optional<URI> url(
                Settings settings, String name, String fallback, Function<String, URI> parse) {
            String text = settings.text(name, fallback);
            try {
                return Optional.of(parse.apply(text.isBlank() ? fallback : text.strip()));
            } catch (IllegalArgumentException e) {
                settings.refuse(name, String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        }

        private static Place place(String name, URI base, Telling telling) {
            return new Place(name, base, Optional.empty(), Optional.empty(), telling);
        }
    }

    /// @param key sent with the question
    /// @param keyVariable where the workers find the same key
    record Place(
            String name,
            URI baseUrl,
            Optional<Secret> key,
            Optional<String> keyVariable,
            Telling telling) {}

    /// When the log says that a place has no models.
    enum Telling {
        ALWAYS,
        /// Its variable also serves others; that nobody is there need not be said.
        WHEN_THERE,
        /// Nobody has named it.
        NEVER
    }

    /// Asks every place, all at once; takes 3 s at most. Those that never answer have no models.
    List<AIModel> look() {
        List<CompletableFuture<byte[]>> answers = places.stream().map(questions::ask).toList();
        List<AIModel> models = new ArrayList<>();
        for (int i = 0; i < places.size(); i++) {
            Seen seen = last.getOrDefault(places.get(i), Seen.NOTHING);
            try {
                seen = answered(places.get(i), answers.get(i).get(), seen);
            } catch (ExecutionException e) {
                seen =
                        missed(
                                places.get(i),
                                Trouble.of(Objects.requireNonNullElse(e.getCause(), e)),
                                seen);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            last.put(places.get(i), seen);
            models.addAll(seen.models());
        }
        return models;
    }

    private Seen answered(Place place, byte[] answer, Seen before) {
        try {
            FoundModels found = FoundModels.read(place, answer);
            if (!found.leftOut().isEmpty()) {
                tell(place, before, found.leftOut());
            }
            return new Seen(found.models(), 0, found.leftOut());
        } catch (UnusableException e) {
            return missed(place, Trouble.of(e), before);
        }
    }

    /// A server that misses one question still has its models; their requests are under way.
    private Seen missed(Place place, Trouble trouble, Seen before) {
        if (place.telling() == Telling.ALWAYS
                || (place.telling() == Telling.WHEN_THERE && !trouble.absent())) {
            tell(place, before, trouble.words());
        }
        return before.missed() + 1 < FORGOTTEN_AFTER
                ? new Seen(before.models(), before.missed() + 1, trouble.words())
                : new Seen(List.of(), 0, trouble.words());
    }

    /// Once, not at every look.
    private void tell(Place place, Seen before, String reason) {
        if (!reason.equals(before.told())) {
            warn.accept(place, reason);
        }
    }

    private static void log(Place place, String reason) {
        LOG.atWarn()
                .addKeyValue("at", place.baseUrl())
                .addKeyValue("reason", reason)
                .log("models are missing at {}", place.name());
    }
}
