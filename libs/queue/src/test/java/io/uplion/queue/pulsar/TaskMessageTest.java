// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue.pulsar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.uplion.queue.SampleTasks;
import io.uplion.task.Task;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskMessageTest {
    private static final Task TASK = SampleTasks.task("modèle/\"1\" 🦊", "{\"größe\":1}");

    private static byte[] message(String head, String body) {
        var json = head.getBytes(StandardCharsets.UTF_8);
        var rest = body.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(5 + json.length + rest.length)
                .put(Envelope.VERSION)
                .putInt(json.length)
                .put(json)
                .put(rest)
                .array();
    }

    private static String head(Task task) {
        var written = TaskMessage.write(task);
        return new String(
                written, 5, ByteBuffer.wrap(written, 1, 4).getInt(), StandardCharsets.UTF_8);
    }

    private static void assertRefused(byte[] message) {
        assertThatThrownBy(() -> TaskMessage.read(message))
                .isInstanceOf(MalformedMessageException.class);
    }

    private static Task with(Task.Body body) {
        return new Task(
                TASK.id(),
                TASK.model(),
                TASK.endpoint(),
                false,
                TASK.startBy(),
                TASK.gateway(),
                TASK.nonce(),
                body);
    }

    @Test
    void taskComesBackAsItWas() throws MalformedMessageException {
        assertThat(TaskMessage.read(TaskMessage.write(TASK)))
                .usingRecursiveComparison()
                .isEqualTo(TASK);
    }

    @Test
    void bodyThatStaysWithTheGatewayIsOnlyMeasured() throws MalformedMessageException {
        var task = with(new Task.Kept(1L << 40));

        assertThat(TaskMessage.read(TaskMessage.write(task)))
                .usingRecursiveComparison()
                .isEqualTo(task);
    }

    @Property(tries = 100)
    void bodyIsCarriedByteForByte(@ForAll byte[] body) throws MalformedMessageException {
        var message = TaskMessage.write(with(new Task.Inline(body)));

        assertThat(message).endsWith(body);
        assertThat(TaskMessage.read(message).body())
                .usingRecursiveComparison()
                .isEqualTo(new Task.Inline(body));
    }

    @Test
    void fieldOfALaterProgramIsPassedOver() throws MalformedMessageException {
        var head = head(TASK).replaceFirst("\\{", "{\"later\":[1],");

        assertThat(TaskMessage.read(message(head, "")).id()).isEqualTo(TASK.id());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "null", "1", "{", "{}", "{} {}", "{\"a\":1,\"a\":2}", "\u0000"})
    void headThatIsNoObjectIsRefused(String head) {
        assertRefused(message(head, ""));
    }

    @ParameterizedTest
    @CsvSource({
        "\"task\":\"0,\"task\":\"x0",
        "\"stream\":true,\"stream\":1",
        "\"endpoint\":\"chat\",\"endpoint\":\"gossip\"",
        "\"startBy\":\"2,\"startBy\":\"later 2",
        "\"incarnation\":\"0,\"incarnation\":\"",
        "\"nonce\":,\"none\":",
        "\"nonce\":\"secret-nonce\",\"nonce\":null",
        "\"stream\":true,'\"stream\":true,\"kept\":-1'",
        "\"stream\":true,'\"stream\":true,\"kept\":1.5'",
        "\"stream\":true,'\"stream\":true,\"kept\":1e30'",
        "\"model\":,\"model\":1,\"was\":"
    })
    void fieldOfAnotherKindIsRefusedWithoutItsValue(String good, String bad) {
        var head = head(TASK);
        assertThat(head).contains(good);

        assertThatThrownBy(() -> TaskMessage.read(message(head.replace(good, bad), "")))
                .isInstanceOf(MalformedMessageException.class)
                .hasMessageNotContaining("secret");
    }

    @Test
    void bodyThatIsKeptIsNotCarriedToo() {
        assertRefused(message(head(with(new Task.Kept(3))), "abc"));
    }

    @Test
    void lengthsAreNotBelieved() {
        var message = TaskMessage.write(TASK);
        for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, message.length}) {
            assertRefused(ByteBuffer.wrap(message.clone()).putInt(1, length).array());
        }
    }

    @Test
    void otherVersionIsRefused() {
        var message = TaskMessage.write(TASK);
        message[0] = 2;

        assertThatThrownBy(() -> TaskMessage.read(message)).hasMessageContaining("version is 2");
    }

    @Test
    void headCutAnywhereIsRefused() {
        var message = TaskMessage.write(with(new Task.Inline(new byte[0])));

        for (int length = 0; length < message.length; length++) {
            assertRefused(Arrays.copyOf(message, length));
        }
    }

    /// What a spoiled message may not do is anything else than be refused, or be a task.
    @Test
    void spoiledBytesAreRefusedInWords() {
        var random = new Random(1);
        var refused = 0;
        for (int round = 0; round < 5_000; round++) {
            var message = TaskMessage.write(TASK);
            for (int i = random.nextInt(4); i >= 0; i--) {
                message[random.nextInt(message.length)] = (byte) random.nextInt();
            }
            try {
                assertThat(TaskMessage.read(message).model()).isNotNull();
            } catch (MalformedMessageException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }
}
