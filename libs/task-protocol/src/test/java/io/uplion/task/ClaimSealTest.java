// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.catalog.AIModel.Price;
import io.uplion.openai.Endpoint;
import io.uplion.platform.secret.Secret;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClaimSealTest {
    private static final Secret SECRET = Secret.of("0123456789abcdef0123456789abcdef");
    private static final Price PRICE = new Price(1, 2, 3, 4, 5, 6);

    private final ClaimSeal seal = new ClaimSeal(SECRET);

    /// A claim whose parts can be changed one by one.
    private record Parts(
            UUID task,
            int attempt,
            UUID account,
            UUID user,
            Optional<UUID> key,
            String model,
            Endpoint endpoint,
            String pool,
            Price price,
            OptionalLong cap) {
        static final Parts USUAL =
                new Parts(
                        new UUID(1, 1),
                        1,
                        new UUID(2, 2),
                        new UUID(3, 3),
                        Optional.of(new UUID(4, 4)),
                        "model",
                        Endpoint.CHAT,
                        "pool",
                        PRICE,
                        OptionalLong.of(7));

        Claim claim() {
            return new Claim(
                    task, attempt, account, user, key, model, endpoint, pool, price, cap, "");
        }

        Parts named(String model, String pool) {
            return new Parts(task, attempt, account, user, key, model, endpoint, pool, price, cap);
        }

        Parts priced(Price price) {
            return new Parts(task, attempt, account, user, key, model, endpoint, pool, price, cap);
        }

        Parts asked(UUID id, int number, UUID payer, UUID asker, Endpoint where) {
            return new Parts(id, number, payer, asker, key, model, where, pool, price, cap);
        }

        Parts capped(OptionalLong cap) {
            return new Parts(task, attempt, account, user, key, model, endpoint, pool, price, cap);
        }

        Parts keyed(Optional<UUID> key) {
            return new Parts(task, attempt, account, user, key, model, endpoint, pool, price, cap);
        }
    }

    static Stream<UnaryOperator<Parts>> changes() {
        return Stream.concat(changesOfWhat(), changesOfTerms());
    }

    private static Stream<UnaryOperator<Parts>> changesOfWhat() {
        var id = new UUID(9, 9);
        return Stream.of(
                p -> p.asked(id, 1, p.account, p.user, p.endpoint),
                p -> p.asked(p.task, 2, p.account, p.user, p.endpoint),
                p -> p.asked(p.task, 1, id, p.user, p.endpoint),
                p -> p.asked(p.task, 1, p.account, id, p.endpoint),
                p -> p.asked(p.task, 1, p.account, p.user, Endpoint.EMBEDDINGS));
    }

    private static Stream<UnaryOperator<Parts>> changesOfTerms() {
        return Stream.of(
                p -> p.keyed(Optional.of(new UUID(9, 9))),
                p -> p.keyed(Optional.empty()),
                p -> p.keyed(Optional.of(new UUID(0, 0))),
                p -> p.named("other", "pool"),
                p -> p.named("model", "other"),
                p -> p.named("modelp", "ool"),
                p -> p.priced(new Price(0, 2, 3, 4, 5, 6)),
                p -> p.priced(new Price(1, 0, 3, 4, 5, 6)),
                p -> p.priced(new Price(1, 2, 0, 4, 5, 6)),
                p -> p.priced(new Price(1, 2, 3, 0, 5, 6)),
                p -> p.priced(new Price(1, 2, 3, 4, 0, 6)),
                p -> p.priced(new Price(1, 2, 3, 4, 5, 0)),
                p -> p.capped(OptionalLong.of(8)),
                p -> p.capped(OptionalLong.of(0)),
                p -> p.capped(OptionalLong.empty()));
    }

    @Test
    void whatIsSignedIsGenuineForEveryoneWithTheSecret() {
        var signed = seal.sign(Parts.USUAL.claim());

        assertThat(new ClaimSeal(SECRET).isGenuine(signed)).isTrue();
        assertThat(signed.withSignature("")).isEqualTo(Parts.USUAL.claim());
        assertThat(signed.signature()).matches("[A-Za-z0-9_-]{43}");
    }

    @ParameterizedTest
    @MethodSource("changes")
    void whatIsChangedIsNotGenuine(UnaryOperator<Parts> change) {
        var signed = seal.sign(Parts.USUAL.claim());
        var changed = change.apply(Parts.USUAL).claim();

        assertThat(seal.isGenuine(changed.withSignature(signed.signature()))).isFalse();
        assertThat(seal.isGenuine(seal.sign(changed))).isTrue();
    }

    @Test
    void everyClaimHasASignatureOfItsOwn() {
        Set<String> signatures = new HashSet<>();
        signatures.add(seal.sign(Parts.USUAL.claim()).signature());
        changes().forEach(c -> signatures.add(seal.sign(c.apply(Parts.USUAL).claim()).signature()));

        assertThat(signatures).hasSize((int) changes().count() + 1);
    }

    @Test
    void nobodyElseCanSign() {
        var other = new ClaimSeal(Secret.of("0123456789abcdef0123456789abcdeX"));
        var claim = Parts.USUAL.claim();

        assertThat(seal.isGenuine(claim)).isFalse();
        assertThat(seal.isGenuine(other.sign(claim))).isFalse();
        assertThat(seal.isGenuine(claim.withSignature("no base64! \u0000"))).isFalse();
        assertThat(
                        seal.isGenuine(
                                seal.sign(claim).withSignature(seal.sign(claim).signature() + "=")))
                .isFalse();
    }

    /// Records in a journal outlive the version that wrote them: what is signed must not change.
    @Test
    void signatureIsOneOfThisForm() {
        assertThat(seal.sign(Parts.USUAL.claim()).signature())
                .isEqualTo("Skp-nyI7zZ9qGt3-PfLBWuFW7q2P1prk83bJ8YzK5yo");
    }

    @Test
    void shortSecretIsRefused() {
        assertThatThrownBy(() -> new ClaimSeal(Secret.of("0123456789abcdef0123456789abcde")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("32 bytes");
    }
}
