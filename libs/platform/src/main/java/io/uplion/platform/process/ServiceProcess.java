// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.platform.process;

import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.uplion.platform.logging.LogSettings;
import io.uplion.platform.management.ManagementServer;
import io.uplion.platform.settings.Settings;
import io.uplion.platform.settings.Settings.SettingsException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs one service until it is asked to end (SIGTERM, Ctrl-C): start, health and metrics on a port
/// of their own, drain, end. One that a supervisor has started also ends when that is gone.
public final class ServiceProcess {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceProcess.class);

    private ServiceProcess() {}

    /// Starts the service and says what it needs.
    @FunctionalInterface
    public interface Start {
        /// @param settings the service reads its own of them, then [Settings#check]s
        /// @param meters what `/metrics` shows
        Service start(Settings settings, PrometheusMeterRegistry meters) throws Exception;
    }

    /// Returns when the service has ended.
    ///
    /// @param name in lower case; its settings begin with `UPLION_<NAME>_`
    /// @return the exit code
    public static int run(String name, Start start) {
        Settings settings = new Settings(System.getenv());
        LogSettings.check(settings);
        PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        new JvmMemoryMetrics().bindTo(meters);
        new JvmThreadMetrics().bindTo(meters);
        try {
            InetSocketAddress health = managementAddress(settings, name);
            Service service = start.start(settings, meters);
            ManagementServer management = management(health, meters, service);
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().unstarted(() -> end(service, management)));
            ParentWatch.begin();
            LOG.info("{} is ready; health and metrics on port {}", name, management.port());
            // Only a signal ends it, and then the hook does the work.
            new CountDownLatch(1).await();
            return 0;
        } catch (SettingsException wrong) {
            String.valueOf(wrong.getMessage())
                    .lines()
                    .forEach(problem -> LOG.error("{}: {}", name, problem));
            return 2;
        } catch (Exception e) {
            LOG.atError().setCause(e).log("{} could not start", name);
            return 1;
        }
    }

    /// Where health and metrics are.
    public static InetSocketAddress managementAddress(Settings settings, String name)
            throws IOException {
        String prefix = "UPLION_" + name.toUpperCase(Locale.ROOT) + "_MANAGEMENT_";
        String host = settings.text(prefix + "HOST", "127.0.0.1");
        return new InetSocketAddress(
                InetAddress.getByName(host), settings.integer(prefix + "PORT", 9090, 0, 65535));
    }

    private static ManagementServer management(
            InetSocketAddress address, PrometheusMeterRegistry meters, Service service)
            throws IOException {
        try {
            return ManagementServer.start(address, meters, service);
        } catch (IOException e) {
            service.close();
            throw e;
        }
    }

    /// Health is answered to the last. The JVM ends when its shutdown hooks have.
    private static void end(Service service, ManagementServer management) {
        try (management) {
            service.close();
        }
    }
}
