// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.bench;

import io.uplion.bench.billing.BillingCommand;
import io.uplion.bench.billing.PagesCommand;
import io.uplion.bench.gateway.GatewayCommand;
import io.uplion.bench.idle.IdleCommand;
import io.uplion.bench.memory.MemoryCommand;
import io.uplion.bench.pulsar.PulsarCommand;
import io.uplion.bench.start.StartCommand;
import io.uplion.bench.streams.StreamsCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// `./uplion bench`.
@Command(
        name = "bench",
        description = "Measures the platform on this machine, against bare yardsticks.",
        mixinStandardHelpOptions = true,
        subcommands = {
            GatewayCommand.class,
            StreamsCommand.class,
            IdleCommand.class,
            MemoryCommand.class,
            StartCommand.class,
            PulsarCommand.class,
            BillingCommand.class,
            PagesCommand.class
        })
public final class Bench {
    private Bench() {}

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new Bench());
        line.setUsageHelpAutoWidth(true);
        line.setExecutionExceptionHandler((failure, _, _) -> failed(line, failure));
        System.exit(line.execute(arguments));
    }

    private static int failed(CommandLine line, Exception failure) {
        if (failure instanceof IllegalStateException known && known.getCause() == null) {
            line.getErr().println("bench: " + known.getMessage());
        } else {
            failure.printStackTrace(line.getErr());
        }
        return 1;
    }
}
