// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.task.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Metadata;
import io.uplion.catalog.AIModel.Price;
import io.uplion.openai.Endpoint;
import io.uplion.openai.TokenUsage;
import io.uplion.task.Attach;
import io.uplion.task.Claim;
import io.uplion.task.FromGateway;
import io.uplion.task.FromGateway.Cancel;
import io.uplion.task.FromGateway.Done;
import io.uplion.task.FromWorker;
import io.uplion.task.FromWorker.Failure;
import io.uplion.task.Task;
import io.uplion.task.wire.v1.GatewayMessage;
import io.uplion.task.wire.v1.ReplyProto;
import io.uplion.task.wire.v1.WorkerMessage;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ReplyWireTest {
    private static <T> T read(Reading<T> reading) {
        return switch (reading) {
            case Reading.Read<T>(T value) -> value;
            case Reading.Malformed<T>(String why) -> throw new AssertionError(why);
        };
    }

    private static FromWorker there(FromWorker message) {
        return read(ReplyWire.read(carried(ReplyWire.write(message))));
    }

    private static FromGateway there(FromGateway message) {
        return read(ReplyWire.read(carried(ReplyWire.write(message))));
    }

    /// As bytes and back.
    private static WorkerMessage carried(WorkerMessage message) {
        return ReplyWire.ATTACH.parseRequest(ReplyWire.ATTACH.streamRequest(message));
    }

    private static GatewayMessage carried(GatewayMessage message) {
        return ReplyWire.ATTACH.parseResponse(ReplyWire.ATTACH.streamResponse(message));
    }

    private static void assertSame(Object there, Object here) {
        assertThat(there).usingRecursiveComparison().isEqualTo(here);
    }

    @Property(tries = 300)
    void whateverAWorkerSaysComesAsItWasSaid(@ForAll("fromWorker") FromWorker message) {
        assertSame(there(message), message);
    }

    @Property(tries = 300)
    void whateverAGatewaySaysComesAsItWasSaid(@ForAll("fromGateway") FromGateway message) {
        assertSame(there(message), message);
    }

    @Property(tries = 300)
    void noBytesAreMoreThanMalformed(@ForAll byte[] bytes) {
        ReplyWire.read(ReplyWire.ATTACH.parseRequest(new ByteArrayInputStream(bytes)));
        ReplyWire.read(ReplyWire.ATTACH.parseResponse(new ByteArrayInputStream(bytes)));
        var headers = new Metadata();
        headers.put(ReplyWire.ATTACH_KEY, bytes);
        assertThat(ReplyWire.read(headers)).isInstanceOf(Reading.Malformed.class);
    }

    @Provide
    Arbitrary<FromWorker> fromWorker() {
        var bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
        var text = Arbitraries.strings().all().excludeChars(surrogates()).ofMaxLength(300);
        var status = Arbitraries.integers().between(100, 599);
        Arbitrary<FromWorker> events =
                Combinators.combine(bytes, Arbitraries.longs().greaterOrEqual(0))
                        .as(FromWorker.Event::new);
        Arbitrary<FromWorker> answers =
                Combinators.combine(status, text.ofMinLength(1), bytes).as(FromWorker.Answer::new);
        Arbitrary<FromWorker> failures =
                Combinators.combine(Arbitraries.of(Failure.Kind.class), text, status.optional())
                        .as(Failure::new)
                        .map(FromWorker.Failed::new);
        Arbitrary<FromWorker> troubles =
                Combinators.combine(status, text, instants(), text).as(FromWorker.PoolTrouble::new);
        return Arbitraries.oneOf(
                events,
                answers,
                failures,
                troubles,
                ends(),
                Arbitraries.of(new FromWorker.Accounts()));
    }

    private static Arbitrary<FromWorker> ends() {
        var count = Arbitraries.longs().greaterOrEqual(0);
        return Combinators.combine(count, count, count, count, count, count)
                .as(TokenUsage::new)
                .map(FromWorker.End::new);
    }

    private static char[] surrogates() {
        var surrogates = new char[Character.MAX_SURROGATE - Character.MIN_SURROGATE + 1];
        for (int i = 0; i < surrogates.length; i++) {
            surrogates[i] = (char) (Character.MIN_SURROGATE + i);
        }
        return surrogates;
    }

    private static Arbitrary<Instant> instants() {
        return Combinators.combine(
                        Arbitraries.longs()
                                .between(
                                        Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()),
                        Arbitraries.integers().between(0, 999_999_999))
                .as((seconds, nanos) -> Instant.ofEpochSecond(seconds, nanos));
    }

    @Provide
    Arbitrary<FromGateway> fromGateway() {
        var bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
        var text = Arbitraries.strings().alpha().ofMaxLength(300);
        var attempt = Arbitraries.integers().greaterOrEqual(1);
        var id = Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(UUID::new);
        Arbitrary<FromGateway> leaves = Combinators.combine(attempt, bytes).as(FromGateway.Go::new);
        Arbitrary<FromGateway> ends =
                Combinators.combine(
                                Combinators.combine(
                                                Arbitraries.maps(text, text).ofMaxSize(20),
                                                bytes,
                                                text)
                                        .as(FromGateway.Letter::new)
                                        .optional(),
                                Arbitraries.of(true, false))
                        .as(Done::new);
        Arbitrary<FromGateway> rests =
                Combinators.combine(
                                Arbitraries.longs().between(0, Long.MAX_VALUE),
                                Arbitraries.integers().between(0, 999_999_999))
                        .as((seconds, nanos) -> Duration.ofSeconds(seconds, nanos))
                        .map(FromGateway.Later::new);
        Arbitrary<FromGateway> cancels =
                Arbitraries.of(Cancel.Reason.class).map(FromGateway.Cancel::new);
        Arbitrary<FromGateway> claims =
                Combinators.combine(id, attempt, id, id, id.optional(), text.ofMinLength(1))
                        .as(ReplyWireTest::claim)
                        .map(claim -> new FromGateway.Committed(claim.attempt(), claim));
        Arbitrary<FromGateway> paces = Arbitraries.of(true, false).map(FromGateway.Pace::new);
        return Arbitraries.oneOf(leaves, ends, rests, cancels, claims, paces);
    }

    private static Claim claim(
            UUID task, int attempt, UUID account, UUID user, Optional<UUID> key, String name) {
        var endpoint = Endpoint.values()[attempt % Endpoint.values().length];
        var price = new Price(attempt, 0, Long.MAX_VALUE, 1, attempt, 2);
        var cap = attempt % 2 == 0 ? OptionalLong.empty() : OptionalLong.of(attempt / 2);
        return new Claim(task, attempt, account, user, key, name, endpoint, name, price, cap, name);
    }

    @Test
    void openingWordsComeAsTheyWereSaid() {
        var attach =
                new Attach(
                        UUID.randomUUID(),
                        new Task.Gateway("[::1]:8090", UUID.randomUUID()),
                        "0123456789abcdef0123456789abcdef",
                        "pool-a",
                        "pool-a-1");

        assertThat(read(ReplyWire.read(ReplyWire.write(attach)))).isEqualTo(attach);
    }

    @Test
    void gatewayOfAnOlderVersionClaimsWhatItKnows() {
        var id = new UUID(1, 2);
        var claim =
                new Claim(
                        id,
                        1,
                        id,
                        id,
                        Optional.empty(),
                        "m",
                        Endpoint.CHAT,
                        "pool-a",
                        new Price(150, 75, 600),
                        OptionalLong.of(5),
                        "signed");
        var newer = ReplyWire.write(new FromGateway.Committed(1, claim)).toBuilder();
        newer.getCommittedBuilder().getClaimBuilder().clearCapNanos().clearSignature();
        newer.getCommittedBuilder()
                .getClaimBuilder()
                .getPriceBuilder()
                .clearReasoningNanos()
                .clearAudioInputNanos()
                .clearAudioOutputNanos();

        var heard = (FromGateway.Committed) read(ReplyWire.read(carried(newer.build())));

        assertThat(heard.claim().cap()).isEmpty();
        assertThat(heard.claim().signature()).isEmpty();
        assertThat(heard.claim().price()).isEqualTo(new Price(150, 75, 600, 600, 150, 600));
    }

    /// A provider's words may be of any length and any kind.
    @Test
    void foreignTextIsMadeFitToBeRead() {
        var failure = Failure.of(Failure.Kind.NONSENSE, "\ud83d" + "x".repeat(10_000));
        var heard = (FromWorker.Failed) there(new FromWorker.Failed(failure));
        assertThat(heard.failure().message()).startsWith("?xxx").hasSize(4000);

        var answer = new FromWorker.Answer(200, "t".repeat(5000), new byte[0]);
        assertThat(((FromWorker.Answer) there(answer)).contentType()).hasSize(1000);
    }

    @Test
    void largeBodyComesWhole() {
        var body = new byte[5 << 20];
        body[body.length - 1] = 7;

        assertThat(((FromGateway.Go) there(new FromGateway.Go(1, body))).body()).isEqualTo(body);
    }

    private static void assertMalformed(Reading<?> reading, String field) {
        assertThat(reading)
                .isInstanceOfSatisfying(
                        Reading.Malformed.class,
                        malformed -> assertThat(malformed.why()).contains(field));
    }

    private static void assertMalformed(WorkerMessage.Builder message, String field) {
        assertMalformed(ReplyWire.read(carried(message.build())), field);
    }

    private static void assertMalformed(GatewayMessage.Builder message, String field) {
        assertMalformed(ReplyWire.read(carried(message.build())), field);
    }

    @Test
    void workersMessageThatSaysNothingKnownIsMalformed() {
        assertMalformed(WorkerMessage.newBuilder(), "no message");
        var fromTheFuture = new byte[] {(byte) 0xfa, 1, 0};
        assertMalformed(
                ReplyWire.read(
                        ReplyWire.ATTACH.parseRequest(new ByteArrayInputStream(fromTheFuture))),
                "no message");
        var message = WorkerMessage.newBuilder();
        message.getFailedBuilder().setKindValue(99);
        assertMalformed(message, "failed.kind");
    }

    @Test
    void workersFieldOutOfBoundsIsMalformed() {
        var answer = WorkerMessage.newBuilder();
        answer.getAnswerBuilder().setContentType("a");
        assertMalformed(answer, "answer.status");
        answer.getAnswerBuilder().setStatus(600);
        assertMalformed(answer, "answer.status");
        answer.getAnswerBuilder().setStatus(200).setContentType("");
        assertMalformed(answer, "answer.content_type");
        var failed = WorkerMessage.newBuilder();
        failed.getFailedBuilder().setKindValue(1).setMessage("x".repeat(4001));
        assertMalformed(failed, "failed.message");
        var trouble = WorkerMessage.newBuilder();
        trouble.getPoolTroubleBuilder().setStatus(429);
        assertMalformed(trouble, "retry_at is missing");
        trouble.getPoolTroubleBuilder().getRetryAtBuilder().setSeconds(Long.MAX_VALUE);
        assertMalformed(trouble, "retry_at");
        trouble.getPoolTroubleBuilder().getRetryAtBuilder().setSeconds(1).setNanos(-1);
        assertMalformed(trouble, "retry_at");
    }

    @Test
    void gatewaysFieldOutOfBoundsIsMalformed() {
        assertMalformed(GatewayMessage.newBuilder(), "no message");
        var go = GatewayMessage.newBuilder();
        go.getGoBuilder();
        assertMalformed(go, "attempt");
        var later = GatewayMessage.newBuilder();
        later.getLaterBuilder();
        assertMalformed(later, "backoff is missing");
        later.getLaterBuilder().getBackoffBuilder().setSeconds(-1);
        assertMalformed(later, "backoff");
        var cancel = GatewayMessage.newBuilder();
        cancel.getCancelBuilder();
        assertMalformed(cancel, "cancel.reason");
        var done = GatewayMessage.newBuilder();
        for (int i = 0; i <= 100; i++) {
            done.getDoneBuilder().getLetterBuilder().putHeaders("h" + i, "");
        }
        assertMalformed(done, "letter.headers");
    }

    @Test
    void claimThatLacksAnythingIsMalformed() {
        var id = UUID.randomUUID();
        var whole = ClaimWords.write(claim(id, 1, id, id, Optional.of(id), "m"));
        var five = ByteString.copyFrom(new byte[5]);

        assertMalformed(committed(whole.toBuilder().clearTask()), "claim.task");
        assertMalformed(committed(whole.toBuilder().setAccount(five)), "claim.account");
        assertMalformed(committed(whole.toBuilder().clearUser()), "claim.user");
        assertMalformed(committed(whole.toBuilder().setKey(five)), "claim.key");
        assertMalformed(committed(whole.toBuilder().clearAttempt()), "attempt");
        assertMalformed(committed(whole.toBuilder().clearModel()), "claim.model");
        assertMalformed(committed(whole.toBuilder().setPool("p".repeat(301))), "claim.pool");
        assertMalformed(committed(whole.toBuilder().setEndpoint("images")), "claim.endpoint");
        assertMalformed(committed(whole.toBuilder().clearPrice()), "claim.price");
        var negative = whole.toBuilder();
        negative.getPriceBuilder().setInputNanos(-1);
        assertMalformed(committed(negative), "price.input_nanos");
        var end = WorkerMessage.newBuilder();
        end.getEndBuilder().getUsedBuilder().setOutput(-1);
        assertMalformed(end, "end.used.output");
    }

    private static GatewayMessage.Builder committed(GatewayMessage.Claim.Builder claim) {
        var message = GatewayMessage.newBuilder();
        message.getCommittedBuilder().setAttempt(1).setClaim(claim);
        return message;
    }

    @Test
    void lossOfTheGatewayIsNothingThatItSays() {
        assertThatThrownBy(() -> ReplyWire.write(new FromGateway.Lost(true)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void reasonNamesTheFieldAndNotWhatStoodInIt() {
        var secret = "geheim".getBytes(StandardCharsets.UTF_8);
        var headers = new Metadata();
        headers.put(ReplyWire.ATTACH_KEY, secret);
        assertThat(ReplyWire.read(headers).toString()).doesNotContain("geheim");
    }

    @Test
    void callIsTheOneThatTheProtocolDescribes() {
        var service = ReplyProto.getDescriptor().findServiceByName("ReplyDesk");
        var method = service.findMethodByName("Attach");

        assertThat(ReplyWire.SERVICE).isEqualTo(service.getFullName());
        assertThat(ReplyWire.ATTACH.getFullMethodName())
                .isEqualTo(service.getFullName() + "/Attach");
        assertThat(method.getInputType()).isEqualTo(WorkerMessage.getDescriptor());
        assertThat(method.getOutputType()).isEqualTo(GatewayMessage.getDescriptor());
        assertThat(method.isClientStreaming() && method.isServerStreaming()).isTrue();
    }

    @Test
    void enumsOfBothSidesAreTheSame() {
        assertThat(WorkerMessage.Failed.Kind.values()).hasSize(Failure.Kind.values().length + 2);
        assertThat(GatewayMessage.Cancel.Reason.values())
                .hasSize(Cancel.Reason.values().length + 2);
    }
}
