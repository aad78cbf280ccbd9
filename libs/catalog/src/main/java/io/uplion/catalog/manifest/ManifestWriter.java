// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.SecretSource;
import io.uplion.catalog.Serving;
import io.uplion.openai.Endpoint;
import java.math.BigDecimal;
import java.util.Optional;

/// Writes an AIModel as the manifest that [ManifestReader] reads to an equal one.
///
/// Every field is written, also where it is the default: a reader of another version, with other
/// defaults, must see the same model. Of a secret only its place can be written, because an AIModel
/// knows no more.
public final class ManifestWriter {
    /// Prices are nano-units a token, and written per million tokens.
    private static final int NANOS_SCALE = 3;

    private final YamlText yaml = new YamlText();

    private ManifestWriter() {}

    public static String write(AIModel model) {
        return new ManifestWriter().document(model);
    }

    private String document(AIModel model) {
        yaml.text("apiVersion", AIModel.API_VERSION);
        yaml.text("kind", AIModel.KIND);
        yaml.mapping("metadata", () -> yaml.text("name", model.name()));
        yaml.mapping("spec", () -> spec(model));
        return yaml.toString();
    }

    private void spec(AIModel model) {
        yaml.text("model", model.model());
        serving(model.serving());
        yaml.list("endpoints", model.endpoints().stream().sorted().map(Endpoint::id).toList());
        yaml.number("concurrency", model.concurrency());
        yaml.duration("timeout", model.timeout());
        yaml.duration("firstFrameTimeout", model.firstFrameTimeout());
        yaml.mapping("scaling", () -> scaling(model.scaling()));
        yaml.mapping("price", () -> price(model.price()));
        yaml.mapping("limits", () -> limits(model.limits()));
        yaml.mapping("access", () -> yaml.list("groups", model.access().groups()));
    }

    private void serving(Serving serving) {
        switch (serving) {
            case Serving.Remote remote -> {
                yaml.text("type", "remote");
                yaml.mapping("remote", () -> remote(remote));
            }
            case Serving.Simulator simulator -> {
                yaml.text("type", "local");
                yaml.mapping("local", () -> simulator(simulator));
            }
        }
    }

    private void remote(Serving.Remote remote) {
        yaml.text("provider", remote.provider().id());
        yaml.text("baseUrl", remote.baseUrl().toString());
        yaml.text("model", remote.upstreamModel());
        Optional<SecretSource> key = remote.apiKey();
        key.ifPresent(source -> yaml.mapping("apiKey", () -> secret(source)));
    }

    private void secret(SecretSource source) {
        switch (source) {
            case SecretSource.SecretRef(String name, String key) ->
                    yaml.mapping(
                            "secretRef",
                            () -> {
                                yaml.text("name", name);
                                yaml.text("key", key);
                            });
            case SecretSource.Env(String variable) -> yaml.text("env", variable);
            case SecretSource.File file -> yaml.text("file", file.path().toString());
        }
    }

    private void simulator(Serving.Simulator simulator) {
        yaml.text("engine", "simulator");
        yaml.mapping(
                "simulator",
                () -> {
                    yaml.duration("ttft", simulator.ttft());
                    yaml.duration("interToken", simulator.interToken());
                    yaml.number("tokens", simulator.tokens());
                });
    }

    private void scaling(AIModel.Scaling scaling) {
        yaml.number("minReplicas", scaling.minReplicas());
        yaml.number("maxReplicas", scaling.maxReplicas());
        yaml.number("backlogPerReplica", scaling.backlogPerReplica());
        yaml.duration("cooldown", scaling.cooldown());
    }

    private void price(AIModel.Price price) {
        yaml.quoted("inputPerMillion", perMillion(price.inputNanos()));
        yaml.quoted("cachedInputPerMillion", perMillion(price.cachedInputNanos()));
        yaml.quoted("outputPerMillion", perMillion(price.outputNanos()));
        yaml.quoted("reasoningPerMillion", perMillion(price.reasoningNanos()));
        yaml.quoted("audioInputPerMillion", perMillion(price.audioInputNanos()));
        yaml.quoted("audioOutputPerMillion", perMillion(price.audioOutputNanos()));
    }

    private static String perMillion(long nanos) {
        return BigDecimal.valueOf(nanos, NANOS_SCALE).stripTrailingZeros().toPlainString();
    }

    private void limits(AIModel.Limits limits) {
        yaml.number("contextTokens", limits.contextTokens());
        yaml.number("outputTokens", limits.outputTokens());
        yaml.number("queued", limits.queued());
    }
}
