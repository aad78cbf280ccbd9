// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.uplion.queue.KeptLetters.KeptLetter;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `./uplion letters`.
@Command(
        name = "letters",
        description = "Lists the dead letters: requests that were given up. Shows one by its id.",
        mixinStandardHelpOptions = true)
final class LettersCommand implements Callable<Integer> {
    private static final int MOST = 10_000;

    /// Set by picocli before the command runs.
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Mixin private DataOption data = new DataOption();

    @Option(
            names = "--count",
            paramLabel = "N",
            defaultValue = "20",
            description = "How many are listed, the newest first (default: 20).")
    private int count;

    @Parameters(
            arity = "0..1",
            paramLabel = "REQUEST",
            description = "The id of one, as the list and the client's x-request-id have it.")
    private @Nullable String request;

    @Override
    public Integer call() {
        if (count < 1 || count > MOST) {
            throw new ParameterException(spec.commandLine(), "--count must be from 1 to " + MOST);
        }
        LetterSelection wanted =
                request == null ? LetterSelection.newest(count) : LetterSelection.of(request);
        LetterAccess.with(
                data.directory(),
                letters -> {
                    letters.read(wanted);
                    return wanted;
                });
        PrintWriter out = spec.commandLine().getOut();
        if (request == null) {
            wanted.found().forEach(letter -> out.println(LetterText.line(letter)));
        } else {
            KeptLetter letter =
                    wanted.found().stream()
                            .findFirst()
                            .orElseThrow(
                                    () -> new CommandFailure("there is no dead letter " + request));
            out.println(LetterText.whole(letter));
        }
        out.flush();
        return 0;
    }
}
