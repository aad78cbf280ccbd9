// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.reply;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.uplion.task.Attach;
import io.uplion.task.Task;
import io.uplion.task.wire.v1.GatewayMessage;
import io.uplion.task.wire.v1.WorkerMessage;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class GrpcReplyStreamTest {
    private static final GrpcReplyDeskConfig CONFIG = GrpcReplyDeskConfig.DEFAULT;
    private static final Attach ATTACH =
            new Attach(
                    UUID.randomUUID(),
                    new Task.Gateway("127.0.0.1:1", UUID.randomUUID()),
                    "nonce",
                    "pool",
                    "worker");

    private final HeldUpCall call = new HeldUpCall();
    private final GrpcReplyStream stream =
            new GrpcReplyStream(call, new Outbox(1000), _ -> {}, new NobodyCares());

    /// Cancelled while it is being started, a call of gRPC's throws, starts, and never ends.
    @Test
    void callIsNotGivenUpBeforeItHasBegunHoweverLongThatTakes() {
        call.whileItStarts = () -> stream.giveUpIfLate(CONFIG, in(Duration.ofMinutes(1)));
        stream.start(ATTACH);
        assertThat(call.cancelled).isZero();

        stream.giveUpIfLate(CONFIG, in(CONFIG.connect().minusMillis(500)));
        assertThat(call.cancelled).isZero();
        stream.giveUpIfLate(CONFIG, in(CONFIG.connect().plusSeconds(1)));
        assertThat(call.cancelled).isOne();
    }

    private static long in(Duration delay) {
        return System.nanoTime() + delay.toNanos();
    }

    /// One that has not begun while it is told to.
    private static final class HeldUpCall extends ClientCall<WorkerMessage, GatewayMessage> {
        private Runnable whileItStarts = () -> {};
        private int cancelled;

        @Override
        public void start(Listener<GatewayMessage> listener, Metadata headers) {
            whileItStarts.run();
        }

        @Override
        public void request(int messages) {
            // None comes.
        }

        @Override
        public void cancel(String message, Throwable cause) {
            cancelled++;
        }

        @Override
        public void halfClose() {
            // It has not begun.
        }

        @Override
        public void sendMessage(WorkerMessage message) {
            // Nobody hears it.
        }
    }

    private static final class NobodyCares implements GrpcReplyStream.Place {
        @Override
        public void answered(GrpcReplyStream answered) {
            // Not here.
        }

        @Override
        public void ended(GrpcReplyStream ended, Status status) {
            // Nor here.
        }
    }
}
