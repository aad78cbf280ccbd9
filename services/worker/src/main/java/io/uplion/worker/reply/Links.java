// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.reply;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// The connections of one worker, one for each gateway that it has to do with.
final class Links {
    private final GrpcReplyDeskConfig config;
    private final Consumer<String> answered;
    private final Map<String, Link> current = new HashMap<>();

    /// Those included that only finish their streams.
    private final Set<Link> all = new HashSet<>();

    /// @param answered told of each address where a connection was made
    Links(GrpcReplyDeskConfig config, Consumer<String> answered) {
        this.config = config;
        this.answered = answered;
    }

    /// Counts a stream on the link to a gateway. Each is ended once.
    ///
    /// A link that has failed to connect tries again by itself, after longer and longer rests;
    /// whoever asks meanwhile gets one that tries now.
    ///
    /// @throws IllegalArgumentException if that is no address
    synchronized Link open(String address) {
        Link link = current.get(address);
        if (link != null && link.hasFailed()) {
            retire(link);
            link = null;
        }
        if (link == null) {
            link = Link.to(address, config);
            current.put(address, link);
            all.add(link);
            watch(link);
        }
        link.opened();
        return link;
    }

    /// A connection may come after those who waited for it have given up.
    private void watch(Link link) {
        ConnectivityState state = link.channel().getState(false);
        if (state == ConnectivityState.READY) {
            answered.accept(link.address());
        }
        if (state != ConnectivityState.SHUTDOWN) {
            link.channel().notifyWhenStateChanged(state, () -> watch(link));
        }
    }

    synchronized void ended(Link link) {
        link.ended(System.nanoTime());
        if (current.get(link.address()) != link) {
            retire(link);
        }
    }

    private void retire(Link link) {
        current.remove(link.address(), link);
        if (link.isIdle()) {
            all.remove(link);
            link.channel().shutdown();
        }
    }

    synchronized void closeIdle(long now) {
        List<Link> idle = new ArrayList<>(current.values().stream().filter(Link::isIdle).toList());
        idle.sort(Comparator.comparingLong(link -> link.idleSince() - now));
        int tooMany = idle.size() - config.maxIdle();
        for (int i = 0; i < idle.size(); i++) {
            Link link = idle.get(i);
            if (i < tooMany || now - link.idleSince() > config.idle().toNanos()) {
                retire(link);
            }
        }
    }

    /// Gives streams that have said everything a moment to be heard.
    void close(Duration moment) {
        List<ManagedChannel> channels = closing();
        long deadline = System.nanoTime() + moment.toNanos();
        try {
            for (ManagedChannel channel : channels) {
                channel.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        channels.forEach(ManagedChannel::shutdownNow);
    }

    private synchronized List<ManagedChannel> closing() {
        List<ManagedChannel> channels = all.stream().map(Link::channel).toList();
        current.clear();
        all.clear();
        channels.forEach(ManagedChannel::shutdown);
        return channels;
    }
}
