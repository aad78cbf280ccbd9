// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench.process;

import io.uplion.bench.load.Exchange;
import io.uplion.bench.load.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// nginx as a plain proxy before the fake provider: the practical limit of what a proxy can do.
///
/// @param wholePort buffers answers, as it does by default
/// @param streamPort passes on what comes as it comes
public record NginxProcess(int wholePort, int streamPort, ChildProcess process) {
    private static final List<String> PLACES =
            List.of(
                    "/usr/sbin/nginx",
                    "/usr/bin/nginx",
                    "/usr/local/bin/nginx",
                    "/opt/homebrew/bin/nginx");

    /// @return nothing where nginx is not installed
    public static Optional<NginxProcess> start(Bed bed, ProviderProcess provider) {
        Optional<String> program =
                PLACES.stream().filter(place -> Files.isExecutable(Path.of(place))).findFirst();
        return program.map(nginx -> start(bed, provider, nginx));
    }

    private static NginxProcess start(Bed bed, ProviderProcess provider, String program) {
        int whole = Bed.freePort();
        int stream = Bed.freePort();
        try {
            Path home = Files.createDirectory(bed.directory().resolve("nginx"));
            Path conf = home.resolve("nginx.conf");
            Files.writeString(conf, conf(home, provider.url().getPort(), whole, stream));
            List<String> command =
                    List.of(
                            program,
                            "-p",
                            home.toString(),
                            "-c",
                            conf.toString(),
                            "-e",
                            "error.log");
            ChildProcess process =
                    bed.add(ChildProcess.start("nginx", command, Map.of(), bed.directory()));
            Stream.of(whole, stream)
                    .forEach(port -> Exchange.awaitListener(port, Duration.ofSeconds(10)));
            return new NginxProcess(whole, stream, process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String conf(Path home, int provider, int whole, int stream) {
        String user = System.getProperty("user.name").equals("root") ? "user root;" : "";
        return """
                daemon off; worker_processes auto; pid %1$s/nginx.pid; %2$s
                events { worker_connections 8192; }
                http {
                  access_log off;
                  client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy;
                  fastcgi_temp_path %1$s/f; uwsgi_temp_path %1$s/u; scgi_temp_path %1$s/s;
                  keepalive_requests 1000000000;
                  upstream provider {
                    server 127.0.0.1:%3$d; keepalive 1024; keepalive_requests 1000000000;
                  }
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  server { listen 127.0.0.1:%4$d; location / { proxy_pass http://provider; } }
                  server {
                    listen 127.0.0.1:%5$d;
                    location / { proxy_pass http://provider; proxy_buffering off; }
                  }
                }
                """
                .formatted(home, user, provider, whole, stream);
    }

    public Duration cpu() {
        return process.cpu();
    }

    public Target target(String script, boolean stream) {
        return new Target("nginx", "127.0.0.1", stream ? streamPort : wholePort, "", script);
    }
}
