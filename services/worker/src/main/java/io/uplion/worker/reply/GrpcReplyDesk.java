// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.reply;

import io.grpc.CallOptions;
import io.grpc.Status;
import io.uplion.task.Attach;
import io.uplion.task.FromGateway;
import io.uplion.task.FromWorker;
import io.uplion.task.ReplyDesk;
import io.uplion.task.Task;
import io.uplion.task.wire.ReplyWire;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens reply streams to gateways in other processes, over gRPC.
public final class GrpcReplyDesk implements ReplyDesk, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GrpcReplyDesk.class);
    private static final Duration TICK = Duration.ofMillis(50);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    private final GrpcReplyDeskConfig config;
    private final Links links;
    private final UnreachableGateways unreachable;
    private final Set<GrpcReplyStream> unanswered = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("reply-clock").daemon().factory());
    private volatile boolean closed;

    private GrpcReplyDesk(GrpcReplyDeskConfig config) {
        this.config = config;
        this.unreachable = new UnreachableGateways(config.unreachable(), System::nanoTime);
        this.links = new Links(config, unreachable::answered);
    }

    public static GrpcReplyDesk start(GrpcReplyDeskConfig config) {
        GrpcReplyDesk desk = new GrpcReplyDesk(config);
        Link.rehearse(config);
        desk.clock.scheduleWithFixedDelay(
                desk::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
        return desk;
    }

    @Override
    public ReplyStream attach(Attach attach, Consumer<FromGateway> fromGateway) {
        Task.Gateway gateway = attach.gateway();
        if (closed || unreachable.contains(gateway)) {
            return lost(fromGateway);
        }
        Link link;
        try {
            link = links.open(gateway.address());
        } catch (IllegalArgumentException e) {
            unreachable(gateway, String.valueOf(e.getMessage()));
            return lost(fromGateway);
        }
        GrpcReplyStream stream =
                new GrpcReplyStream(
                        link.channel().newCall(ReplyWire.ATTACH, CallOptions.DEFAULT),
                        new Outbox(config.queuedBytes()),
                        fromGateway,
                        new OnLink(link, gateway));
        unanswered.add(stream);
        stream.start(attach);
        return stream;
    }

    private void unreachable(Task.Gateway gateway, String why) {
        if (unreachable.add(gateway)) {
            LOG.atWarn()
                    .addKeyValue("gateway", gateway.address())
                    .addKeyValue("why", why)
                    .log("a gateway cannot be reached; its tasks go back to the queue");
        }
    }

    private static ReplyStream lost(Consumer<FromGateway> fromGateway) {
        fromGateway.accept(new FromGateway.Lost(false));
        return NobodyThere.STREAM;
    }

    /// Where one stream leads, and who is told how it goes.
    private final class OnLink implements GrpcReplyStream.Place {
        private final Link link;
        private final Task.Gateway gateway;

        private OnLink(Link link, Task.Gateway gateway) {
            this.link = link;
            this.gateway = gateway;
        }

        @Override
        public void answered(GrpcReplyStream stream) {
            unanswered.remove(stream);
        }

        @Override
        public void ended(GrpcReplyStream stream, Status status) {
            unanswered.remove(stream);
            links.ended(link);
            if (!closed && !wasThere(stream, status)) {
                Throwable cause = status.getCause();
                String why = cause == null ? status.getDescription() : cause.getMessage();
                unreachable(gateway, String.valueOf(why));
            }
        }

        /// A proxy in between may take the stream and find nobody behind it; and a connection may
        /// come in the moment that the stream is given up.
        private boolean wasThere(GrpcReplyStream stream, Status end) {
            return stream.isConnected()
                    ? stream.hasHeard() || end.getCode() != Status.Code.UNAVAILABLE
                    : link.isConnected();
        }
    }

    private void tick() {
        try {
            long now = System.nanoTime();
            for (GrpcReplyStream stream : unanswered) {
                stream.giveUpIfLate(config, now);
            }
            links.closeIdle(now);
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a fault of ours; the clock goes on");
        }
    }

    /// Streams that have said everything are given a moment to be heard; the others are lost.
    @Override
    public void close() {
        closed = true;
        links.close(LAST_WORDS);
        clock.shutdownNow();
    }

    private enum NobodyThere implements ReplyStream {
        STREAM;

        @Override
        public void send(FromWorker message) {
            // It was said that nobody hears it.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
