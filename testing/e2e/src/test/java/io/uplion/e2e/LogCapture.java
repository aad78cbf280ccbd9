// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/// What the platform logs while this is open, as one line an event with its keys.
final class LogCapture implements AutoCloseable {
    private final Logger root = (Logger) LoggerFactory.getLogger("ROOT");
    private final ListAppender<ILoggingEvent> events = new ListAppender<>();

    LogCapture() {
        events.start();
        root.addAppender(events);
    }

    List<String> lines() {
        return List.copyOf(events.list).stream()
                .map(
                        event ->
                                event.getLevel()
                                        + " "
                                        + event.getFormattedMessage()
                                        + " "
                                        + event.getKeyValuePairs()
                                        + trace(event))
                .toList();
    }

    private static String trace(ILoggingEvent event) {
        var thrown = event.getThrowableProxy();
        return thrown == null ? "" : "\n" + ThrowableProxyUtil.asString(thrown);
    }

    void assertSays(String... parts) {
        assertThat(lines()).anySatisfy(line -> assertThat(line).contains(parts));
    }

    /// What clients send is no fault of ours.
    void assertNoTrace() {
        assertThat(lines()).noneMatch(line -> line.contains("\n\tat "));
    }

    @Override
    public void close() {
        root.detachAppender(events);
        events.stop();
    }
}
