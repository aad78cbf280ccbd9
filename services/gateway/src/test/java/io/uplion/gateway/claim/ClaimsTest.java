// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.claim;

import static io.uplion.gateway.TestGateway.PRINCIPAL;
import static io.uplion.gateway.TestGateway.SEAL;
import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.AIModel.Price;
import io.uplion.catalog.price.PriceList;
import io.uplion.catalog.price.PriceList.Dated;
import io.uplion.catalog.price.PriceList.Entry;
import io.uplion.catalog.price.PriceList.Of;
import io.uplion.gateway.TestGateway;
import io.uplion.openai.Endpoint;
import io.uplion.openai.TokenUsage;
import io.uplion.queue.journal.UsageLine;
import io.uplion.task.Claim;
import io.uplion.task.Task;
import io.uplion.task.UsageRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimsTest {
    private static final Instant NOON = Instant.parse("2026-11-28T12:00:00Z");
    private static final Price NEW = new Price(7, 7, 7);
    private static final PriceList LIST =
            PriceList.of(List.of(new Entry(Of.POOL, "pool-a", new Dated(NOON, NEW))));

    private static Claim claim() {
        var task =
                new Task(
                        new UUID(7, 7),
                        "m",
                        Endpoint.CHAT,
                        false,
                        NOON,
                        new Task.Gateway("g", new UUID(8, 8)),
                        "nonce",
                        new Task.Inline(new byte[0]));
        return terms(NOON)
                .withCap(OptionalLong.of(123))
                .claim(task, PRINCIPAL, 1, TestGateway.pool("pool-a", Duration.ofMinutes(1)));
    }

    private static Terms terms(Instant accepted) {
        return new Claims(SEAL, () -> LIST).terms(accepted);
    }

    @Test
    void priceIsTheOneOfTheTimeOfAcceptance() {
        var pool = TestGateway.pool("pool-a", Duration.ofMinutes(1));
        var other = TestGateway.pool("pool-b", Duration.ofMinutes(1));

        assertThat(terms(NOON).price(pool)).isEqualTo(NEW);
        assertThat(terms(NOON.minusMillis(1)).price(pool)).isEqualTo(TestGateway.PRICE);
        assertThat(terms(NOON).price(other)).isEqualTo(TestGateway.PRICE);
        assertThat(claim().price()).isEqualTo(NEW);
        assertThat(claim().cap()).hasValue(123);
    }

    /// Whoever can write usage records can write any; what costs whom how much only a gateway says.
    @ParameterizedTest
    @CsvSource({
        "'\"outputNanos\":7','\"outputNanos\":1'",
        "'\"capNanos\":123','\"capNanos\":99999'",
        "'\"capNanos\":123,',''",
        "'\"account\":\"00000000-0000-0001','\"account\":\"00000000-0000-0009'",
        "'\"user\":\"00000000-0000-0002','\"user\":\"00000000-0000-0009'",
        "'\"key\":\"00000000-0000-0003','\"key\":\"00000000-0000-0009'",
        "'\"task\":\"00000000-0000-0007','\"task\":\"00000000-0000-0008'",
        "'\"model\":\"m\"','\"model\":\"cheap\"'",
        "'\"signature\":\"','\"signature\":\"x'"
    })
    void forgedUsageRecordIsNotGenuine(String from, String to) {
        var record =
                new UsageRecord(
                        claim(),
                        UsageRecord.Outcome.COMPLETED,
                        UsageRecord.Source.REPORTED,
                        TokenUsage.of(1, 2),
                        200,
                        NOON,
                        new UsageRecord.Timing(Duration.ZERO, Duration.ZERO));
        var json = new String(UsageLine.write(record), StandardCharsets.UTF_8).strip().substring(9);
        assertThat(json).contains(from);

        assertThat(SEAL.isGenuine(read(json))).isTrue();
        assertThat(SEAL.isGenuine(read(json.replace(from, to)))).isFalse();
    }

    private static Claim read(String json) {
        var crc = new CRC32();
        crc.update(json.getBytes(StandardCharsets.UTF_8));
        var line = HexFormat.of().toHexDigits((int) crc.getValue()) + " " + json;
        return UsageLine.read(line.getBytes(StandardCharsets.UTF_8)).orElseThrow().claim();
    }
}
