// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.process;

import com.sun.net.httpserver.HttpServer;
import io.uplion.platform.process.ParentWatch;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;

/// A child for tests: serves `/readyz` on the port it is told, and notes its end in a file.
final class ChildMain {
    private ChildMain() {}

    public static void main(String[] arguments) throws Exception {
        var name = System.getenv("CHILD_NAME");
        System.out.println(name + " is process " + ProcessHandle.current().pid());
        if (System.getenv("CHILD_FAILS") != null) {
            System.err.println("there is no way to do this");
            System.exit(3);
        }
        ParentWatch.begin();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(name)));
        var server =
                HttpServer.create(
                        new InetSocketAddress(
                                "127.0.0.1", Integer.parseInt(System.getenv("CHILD_PORT"))),
                        0);
        server.createContext(
                "/readyz",
                call -> {
                    try (call) {
                        var status = System.getenv("CHILD_NEVER_READY") == null ? 200 : 503;
                        call.sendResponseHeaders(status, -1);
                    }
                });
        server.start();
        new CountDownLatch(1).await();
    }

    private static void end(String name) {
        try {
            Files.writeString(
                    Path.of(System.getenv("CHILD_ENDS")),
                    name + "\n",
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
            if (System.getenv("CHILD_STAYS") != null) {
                new CountDownLatch(1).await();
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
