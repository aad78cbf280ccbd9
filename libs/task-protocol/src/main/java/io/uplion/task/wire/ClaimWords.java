// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.task.wire;

import io.uplion.catalog.AIModel.Price;
import io.uplion.openai.Endpoint;
import io.uplion.task.Claim;
import io.uplion.task.wire.v1.GatewayMessage;
import java.util.Optional;
import java.util.OptionalLong;

/// A claim, written and read.
final class ClaimWords {
    private static final int SIGNATURE_LENGTH = 300;

    private ClaimWords() {}

    static GatewayMessage.Claim write(Claim claim) {
        GatewayMessage.Claim.Builder written =
                GatewayMessage.Claim.newBuilder()
                        .setTask(Fields.of(claim.task()))
                        .setAttempt(claim.attempt())
                        .setAccount(Fields.of(claim.account()))
                        .setUser(Fields.of(claim.user()))
                        .setModel(claim.model())
                        .setEndpoint(claim.endpoint().id())
                        .setPool(claim.pool())
                        .setPrice(price(claim.price()))
                        .setSignature(claim.signature());
        claim.cap().ifPresent(written::setCapNanos);
        claim.key().ifPresent(key -> written.setKey(Fields.of(key)));
        return written.build();
    }

    private static GatewayMessage.Price price(Price price) {
        return GatewayMessage.Price.newBuilder()
                .setInputNanos(price.inputNanos())
                .setCachedInputNanos(price.cachedInputNanos())
                .setOutputNanos(price.outputNanos())
                .setReasoningNanos(price.reasoningNanos())
                .setAudioInputNanos(price.audioInputNanos())
                .setAudioOutputNanos(price.audioOutputNanos())
                .build();
    }

    static Claim read(GatewayMessage.Claim claim) {
        Fields.present(claim.hasPrice(), "claim.price");
        return new Claim(
                Fields.uuid(claim.getTask(), "claim.task"),
                Fields.attempt(claim.getAttempt()),
                Fields.uuid(claim.getAccount(), "claim.account"),
                Fields.uuid(claim.getUser(), "claim.user"),
                claim.hasKey()
                        ? Optional.of(Fields.uuid(claim.getKey(), "claim.key"))
                        : Optional.empty(),
                Fields.name(claim.getModel(), "claim.model"),
                endpoint(claim.getEndpoint()),
                Fields.name(claim.getPool(), "claim.pool"),
                price(claim.getPrice()),
                cap(claim),
                Fields.atMost(claim.getSignature(), SIGNATURE_LENGTH, "claim.signature"));
    }

    private static OptionalLong cap(GatewayMessage.Claim claim) {
        return claim.hasCapNanos()
                ? OptionalLong.of(Fields.notNegative(claim.getCapNanos(), "claim.cap_nanos"))
                : OptionalLong.empty();
    }

    private static Endpoint endpoint(String id) {
        return Endpoint.byId(id)
                .orElseThrow(() -> new MalformedException("claim.endpoint is unknown here"));
    }

    private static Price price(GatewayMessage.Price price) {
        long input = price.getInputNanos();
        long output = price.getOutputNanos();
        long reasoning = price.hasReasoningNanos() ? price.getReasoningNanos() : output;
        long heard = price.hasAudioInputNanos() ? price.getAudioInputNanos() : input;
        long spoken = price.hasAudioOutputNanos() ? price.getAudioOutputNanos() : output;
        return new Price(
                Fields.notNegative(input, "price.input_nanos"),
                Fields.notNegative(price.getCachedInputNanos(), "price.cached_input_nanos"),
                Fields.notNegative(output, "price.output_nanos"),
                Fields.notNegative(reasoning, "price.reasoning_nanos"),
                Fields.notNegative(heard, "price.audio_input_nanos"),
                Fields.notNegative(spoken, "price.audio_output_nanos"));
    }
}
