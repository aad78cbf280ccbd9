// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.platform;

import io.uplion.gateway.GatewayConfig;
import io.uplion.platform.settings.Settings;
import io.uplion.portal.keys.KeyCreation;
import io.uplion.portal.keys.Keys;
import io.uplion.portal.keys.NewKey;
import io.uplion.standalone.Standalone;
import io.uplion.standalone.StandaloneConfig;
import io.uplion.standalone.database.EmbeddedDatabase;
import io.uplion.store.Database;
import io.uplion.store.DatabaseConfig;
import io.uplion.testing.provider.FakeProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// The laptop form in this process, with an empty data directory of its own and a fake provider
/// behind it.
public final class Platform implements AutoCloseable {
    private final Path data;
    private final FakeProvider provider;
    private final Standalone standalone;
    private final String apiKey;

    private Platform(Path data, FakeProvider provider, Standalone standalone) {
        this.data = data;
        this.provider = provider;
        this.standalone = standalone;
        this.apiKey = standalone.firstRun().orElseThrow().apiKey().reveal();
    }

    /// With the model `fake`, whose behaviour [FakeProvider#script] sets.
    public static Platform start() {
        return start(Map.of());
    }

    /// @param environment settings, as the environment would give them
    public static Platform start(Map<String, String> environment) {
        return start(environment, Map.of("fake", ""));
    }

    /// @param scripts the models, each with what the fake provider does when it is asked for it;
    ///   empty for the default
    public static Platform start(Map<String, String> environment, Map<String, String> scripts) {
        return start(environment, scripts, Optional.empty());
    }

    /// Over HTTPS, where clients may speak HTTP/2.
    public static Platform start(LocalCertificate certificate) {
        return start(certificate, Map.of());
    }

    public static Platform start(LocalCertificate certificate, Map<String, String> environment) {
        GatewayConfig.Tls tls = new GatewayConfig.Tls(certificate.certificate(), certificate.key());
        return start(environment, Map.of("fake", ""), Optional.of(tls));
    }

    private static Platform start(
            Map<String, String> environment,
            Map<String, String> scripts,
            Optional<GatewayConfig.Tls> tls) {
        try {
            Path data = Files.createTempDirectory("uplion-platform-");
            FakeProvider provider = FakeProvider.start();
            Path models = Files.createDirectories(data.resolve("models"));
            for (Map.Entry<String, String> model : scripts.entrySet()) {
                if (!model.getValue().isEmpty()) {
                    provider.script(model.getKey(), model.getValue());
                }
                Files.writeString(
                        models.resolve(model.getKey() + ".yaml"),
                        manifest(model.getKey(), provider.baseUrl(), ""));
            }
            return new Platform(data, provider, standalone(data, environment, tls));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Standalone standalone(
            Path data, Map<String, String> given, Optional<GatewayConfig.Tls> tls) {
        Map<String, String> environment = new HashMap<>(given);
        // Nothing that happens to run on this machine belongs to a test.
        environment.putIfAbsent("OLLAMA_HOST", "127.0.0.1:1");
        StandaloneConfig.Options options =
                new StandaloneConfig.Options(
                        new GatewayConfig.Address("127.0.0.1", 0, tls),
                        0,
                        data,
                        data.resolve("models"),
                        false);
        StandaloneConfig config =
                StandaloneConfig.read(new Settings(environment), environment, options);
        return Standalone.start(config, Clock.systemUTC());
    }

    /// A manifest of a remote model.
    ///
    /// @param more further lines of `spec`, indented by two
    public static String manifest(String name, String baseUrl, String more) {
        return """
                apiVersion: uplion.io/v1alpha1
                kind: AIModel
                metadata: {name: %s}
                spec:
                  type: remote
                  remote: {provider: openai, baseUrl: "%s"}
                """
                        .formatted(name, baseUrl)
                + more;
    }

    /// Writes a manifest into the models directory; it takes effect within 3 s.
    public void write(String file, String yaml) {
        try {
            Files.writeString(models().resolve(file), yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Path data() {
        return data;
    }

    public Path models() {
        return data.resolve("models");
    }

    public FakeProvider provider() {
        return provider;
    }

    /// For example `http://127.0.0.1:40123`.
    public String url() {
        return standalone.url();
    }

    public int managementPort() {
        return standalone.managementPort();
    }

    public String apiKey() {
        return apiKey;
    }

    /// Makes a key beside the running platform, as the command line does.
    public String createKey(NewKey asked) {
        return keys(keys -> ((KeyCreation.Created) keys.create(asked)).secret().reveal());
    }

    /// Does something with keys beside the running platform, as the command line does.
    public <T> T keys(Function<Keys, T> what) {
        DatabaseConfig config = EmbeddedDatabase.attach(data).orElseThrow();
        try (Database database = Database.open(config)) {
            return what.apply(new Keys(database, Clock.systemUTC()));
        }
    }

    /// The headers of a request with the first key.
    public Map<String, String> headers() {
        return Map.of("authorization", "Bearer " + apiKey, "content-type", "application/json");
    }

    @Override
    public void close() {
        standalone.close();
        provider.close();
        try (Stream<Path> files = Files.walk(data)) {
            files.sorted(Comparator.reverseOrder()).forEach(Platform::delete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
