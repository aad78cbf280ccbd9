// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.logging;

import org.slf4j.LoggerFactory;

/// A process that logs a little, as every process of ours does.
public final class LogOneLine {
    private LogOneLine() {}

    public static void main(String[] arguments) {
        var log = LoggerFactory.getLogger("io.uplion.some.Service");
        log.atDebug().addKeyValue("request", "req_0").log("at debug level");
        log.atInfo()
                .setCause(new IllegalStateException("why"))
                .addKeyValue("request", "req_1")
                .addKeyValue("text", "a \"quoted\" text")
                .log("something happened");
    }
}
