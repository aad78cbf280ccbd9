// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.platform.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.jspecify.annotations.Nullable;
import org.slf4j.bridge.SLF4JBridgeHandler;

/// Logs to standard error: `UPLION_LOG_FORMAT` is `text` or `json`, `UPLION_LOG_LEVEL` is `debug`,
/// `info`, `warn` or `error`. In code, because reading a configuration file costs half a second at
/// each start.
public final class LogConfigurator extends ContextAwareBase implements Configurator {
    private static final String PATTERN =
            "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0}: %msg %kvp%n";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(encoder(context));
        console.start();
        context.getLogger("org.flywaydb").setLevel(Level.WARN);
        context.getLogger("com.zaxxer.hikari").setLevel(Level.WARN);
        // Says everything twice, with stack traces; the adapters say what matters.
        context.getLogger("org.apache.pulsar").setLevel(Level.ERROR);
        // The same: gateway and worker say whom they refuse and whom they cannot reach.
        context.getLogger("io.grpc").setLevel(Level.ERROR);
        // gRPC logs through the JDK.
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        Logger root = context.getLogger("ROOT");
        root.setLevel(Level.toLevel(chosen(System.getenv("UPLION_LOG_LEVEL"), LogSettings.LEVEL)));
        root.addAppender(console);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /// A wrong word is no reason to say nothing: [LogSettings] reports it.
    private static String chosen(@Nullable String text, LogSettings.Choice choice) {
        return choice.of(text == null ? "" : text);
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context) {
        String format = chosen(System.getenv("UPLION_LOG_FORMAT"), LogSettings.FORMAT);
        if (format.equals("json")) {
            JsonEncoder json = new JsonEncoder();
            json.setContext(context);
            json.start();
            return json;
        }
        PatternLayoutEncoder text = new PatternLayoutEncoder();
        text.setContext(context);
        text.setPattern(PATTERN);
        text.start();
        return text;
    }
}
