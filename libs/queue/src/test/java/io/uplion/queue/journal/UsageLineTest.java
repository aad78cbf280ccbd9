// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.catalog.AIModel.Price;
import io.uplion.openai.TokenUsage;
import io.uplion.queue.SampleUsage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class UsageLineTest {
    private static byte[] line(String json) {
        var bytes = json.getBytes(StandardCharsets.UTF_8);
        var crc = new CRC32();
        crc.update(bytes);
        var sum = HexFormat.of().toHexDigits((int) crc.getValue());
        return (sum + " " + json).getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void whatIsWrittenIsRead() {
        var record = SampleUsage.record(7);
        var line = UsageLine.write(record);

        assertThat(UsageLine.read(Arrays.copyOf(line, line.length - 1))).contains(record);
    }

    /// A laptop that is updated has a journal of the version before.
    @Test
    void lineOfTheVersionBeforePricesIsRead() {
        var old =
                line(
                        "{\"task\":\"01900000-0000-7000-0000-000000000007\",\"attempt\":2,"
                                + "\"account\":\"00000000-0000-0001-0000-000000000002\","
                                + "\"user\":\"00000000-0000-0003-0000-000000000004\","
                                + "\"model\":\"m\",\"endpoint\":\"chat\",\"pool\":\"pool-a\","
                                + "\"inputNanos\":150,\"cachedInputNanos\":75,\"outputNanos\":600,"
                                + "\"outcome\":\"COMPLETED\",\"source\":\"REPORTED\",\"input\":11,"
                                + "\"cachedInput\":1,\"output\":13,\"reasoning\":2,\"status\":200,"
                                + "\"endedAtMillis\":1700000000123,\"firstFrameMillis\":21,"
                                + "\"totalMillis\":22}");

        var read = UsageLine.read(old).orElseThrow();

        assertThat(read.claim().price()).isEqualTo(new Price(150, 75, 600, 600, 150, 600));
        assertThat(read.claim().cap()).isEmpty();
        assertThat(read.claim().signature()).isEmpty();
        assertThat(read.tokens()).isEqualTo(new TokenUsage(11, 1, 13, 2, 0, 0));
    }

    /// A newer gateway or worker may say more than this version knows.
    @Test
    void lineOfALaterVersionIsRead() {
        var record = SampleUsage.record(7);
        var written = new String(UsageLine.write(record), StandardCharsets.UTF_8).strip();
        var later = line(written.substring(9).replaceFirst("}$", ",\"colour\":{\"a\":[1]}}"));

        assertThat(UsageLine.read(later)).contains(record);
    }

    @Test
    void lineWithACountOrAPriceBelowZeroIsNone() {
        var written = new String(UsageLine.write(SampleUsage.record(7)), StandardCharsets.UTF_8);
        var json = written.strip().substring(9);

        assertThat(UsageLine.read(line(json))).isPresent();
        assertThat(UsageLine.read(line(json.replace("\"output\":13", "\"output\":-13")))).isEmpty();
        assertThat(UsageLine.read(line(json.replace("\"outputNanos\":600", "\"outputNanos\":-6"))))
                .isEmpty();
    }
}
