// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/// Looks whether the ports are free before anything is started or written: a port that is taken
/// should cost nothing but one line.
final class Ports {
    private Ports() {}

    static void requireFree(StandaloneConfig.Options options) {
        InetAddress host = address(options.address().host());
        requireOurs(host, options.address().host());
        requireFree(host, options.address().port(), "--port");
        requireFree(host, options.managementPort(), "--management-port");
    }

    private static InetAddress address(String host) {
        if (host.isBlank()) {
            throw new StartException("--host must not be empty");
        }
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new StartException("--host " + host + " is neither an address nor a known name");
        }
    }

    private static void requireOurs(InetAddress host, String given) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(host, 0));
        } catch (IOException e) {
            throw new StartException(
                    "--host " + given + " is no address of this machine (" + e.getMessage() + ")");
        }
    }

    private static void requireFree(InetAddress host, int port, String option) {
        if (port == 0) {
            return;
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new StartException(
                    "port "
                            + port
                            + " on "
                            + host.getHostAddress()
                            + " cannot be used ("
                            + e.getMessage()
                            + "); choose another one with "
                            + option);
        }
    }
}
