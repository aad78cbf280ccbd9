// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A TCP proxy on the loopback address, between two processes that know nothing of it. It passes
/// everything until it is told otherwise. Faults add up, hold for connections that exist and for
/// new ones, and end with [#heal]. All methods may be called from any thread.
///
/// What a process has written before a fault and the kernel has taken may still arrive. Buffers are
/// bounded: where the receiver does not read, the sender soon cannot write.
public final class FaultProxy implements AutoCloseable {
    static final int KERNEL_BUFFER = 64 * 1024;

    private final InetSocketAddress target;
    private final Weather weather = new Weather();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final Door door = new Door(this::arrived);
    private volatile boolean closed;

    private FaultProxy(InetSocketAddress target) {
        this.target = target;
    }

    /// On a free port, before a server on this machine.
    public static FaultProxy before(String host, int port) {
        InetSocketAddress target = new InetSocketAddress(host, port);
        if (target.isUnresolved() || !target.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException("Not on the loopback address: " + target);
        }
        FaultProxy proxy = new FaultProxy(target);
        proxy.checked(proxy.door::open);
        return proxy;
    }

    /// @param url of which host and port are used
    public static FaultProxy before(String url) {
        URI uri = URI.create(url);
        return before(uri.getHost(), uri.getPort());
    }

    public int port() {
        return door.port();
    }

    /// `127.0.0.1:PORT`
    public String address() {
        return "127.0.0.1:" + port();
    }

    /// Connections that are open, those included that wait for a black hole to end.
    public int connections() {
        return links.size();
    }

    /// Moves no byte in either direction, and no end of a connection either: neither side hears
    /// anything. New connections are accepted and get nowhere.
    public FaultProxy blackHole() {
        return blackHole(Direction.TO_TARGET, Direction.TO_CLIENT);
    }

    public FaultProxy blackHole(Direction... directions) {
        weather.holes(List.of(directions));
        return this;
    }

    /// Everything arrives so much later, in each direction; the rate stays.
    public FaultProxy latency(Duration delay) {
        weather.latency(delay);
        return this;
    }

    /// Each direction of each connection moves at most so many bytes a second.
    public FaultProxy bandwidth(long bytesPerSecond) {
        if (bytesPerSecond < 1) {
            throw new IllegalArgumentException("bytesPerSecond: " + bytesPerSecond);
        }
        weather.bandwidth(bytesPerSecond);
        return this;
    }

    /// Resets every connection there is, on both sides. New ones are taken.
    public FaultProxy resetAll() {
        links.forEach(Link::reset);
        return this;
    }

    /// Refuses new connections, as a port does where nobody listens; those that exist go on.
    public FaultProxy refuseNew() {
        checked(door::shut);
        return this;
    }

    /// Ends all faults. What was held back moves on, on connections that are still open.
    public FaultProxy heal() {
        weather.clear();
        checked(door::open);
        return this;
    }

    private void arrived(Socket client) {
        Link link = new Link(client, target, weather, links::remove);
        links.add(link);
        link.start();
        if (closed) {
            link.reset();
        }
    }

    /// Closes every connection, and returns when nothing runs any more.
    @Override
    public void close() {
        closed = true;
        checked(door::close);
        try {
            for (Link link : links) {
                link.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    private void checked(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            throw new UncheckedIOException("The proxy before " + target + " has no port", e);
        }
    }
}
