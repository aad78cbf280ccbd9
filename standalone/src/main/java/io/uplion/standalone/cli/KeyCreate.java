// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import io.uplion.platform.identity.Principal.Scope;
import io.uplion.platform.settings.Amounts;
import io.uplion.portal.keys.KeyCreation;
import io.uplion.portal.keys.KeyTerms;
import io.uplion.portal.keys.Keys;
import io.uplion.portal.keys.NewKey;
import io.uplion.standalone.data.FirstRun;
import io.uplion.store.key.IpRange;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `./uplion key create`.
@Command(
        name = "create",
        description = "Makes an API key and prints it. Works beside a running up.",
        mixinStandardHelpOptions = true)
final class KeyCreate implements Callable<Integer> {
    /// Set by picocli before the command runs.
    @SuppressWarnings("NullAway.Init")
    @Spec
    private CommandSpec spec;

    @Mixin private DataOption data = new DataOption();
    @Mixin private LimitOptions limits = new LimitOptions();

    @Option(names = "--name", defaultValue = "key", description = "What it is for.")
    private String name = "key";

    @Option(
            names = "--email",
            defaultValue = FirstRun.ADMIN_EMAIL,
            description = "Whose key (default: " + FirstRun.ADMIN_EMAIL + ").")
    private String email = FirstRun.ADMIN_EMAIL;

    @Option(
            names = "--account",
            paramLabel = "ID",
            description = "Which account pays (default: its owner's own).")
    private @Nullable UUID account;

    @Option(
            names = "--scope",
            paramLabel = "SCOPE",
            defaultValue = "inference",
            description = "inference, or management: such a key cannot run inference.")
    private String scope = "inference";

    @Option(
            names = "--models",
            split = ",",
            paramLabel = "MODEL",
            description = "The only models it may use (default: all its owner may).")
    private Set<String> models = Set.of();

    @Option(
            names = "--groups",
            split = ",",
            paramLabel = "GROUP",
            description = "The only groups of its owner that count for it (default: all).")
    private Set<String> groups = Set.of();

    @Option(
            names = "--ip-ranges",
            split = ",",
            paramLabel = "CIDR",
            description = "Where it may be used from, such as 192.0.2.0/24 (default: everywhere).")
    private List<String> ranges = List.of();

    @Option(
            names = "--expires-in",
            paramLabel = "TIME",
            description = "For example 12h (default: never).")
    private @Nullable String expiresIn;

    @Override
    public Integer call() {
        KeyTerms terms = new KeyTerms(scope(), models, groups, parsedRanges(), limits.limits(spec));
        NewKey asked = new NewKey(name, email, Optional.ofNullable(account), terms, expiry());
        KeyCreation creation =
                DatabaseAccess.with(
                        data.directory(),
                        database -> new Keys(database, Clock.systemUTC()).create(asked));
        return switch (creation) {
            case KeyCreation.Created created -> {
                spec.commandLine().getOut().println(created.secret().reveal());
                yield 0;
            }
            case KeyCreation.NoSuchUser() -> throw new CommandFailure("there is no user " + email);
            case KeyCreation.NotInAccount() ->
                    throw new CommandFailure(email + " belongs to no account " + account);
            case KeyCreation.TooManyKeys(int limit) ->
                    throw new CommandFailure(email + " has " + limit + " keys, the most");
            case KeyCreation.Invalid(var problem) -> throw new CommandFailure(problem.toString());
        };
    }

    private Scope scope() {
        return switch (scope) {
            case "inference" -> Scope.INFERENCE;
            case "management" -> Scope.MANAGEMENT;
            default ->
                    throw wrong("--scope", "must be inference or management; is '" + scope + "'");
        };
    }

    private List<IpRange> parsedRanges() {
        try {
            return ranges.stream().map(String::strip).map(IpRange::parse).toList();
        } catch (IllegalArgumentException e) {
            throw wrong("--ip-ranges", e.getMessage());
        }
    }

    private Optional<Instant> expiry() {
        if (expiresIn == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Clock.systemUTC().instant().plus(Amounts.duration(expiresIn)));
        } catch (IllegalArgumentException e) {
            throw wrong("--expires-in", e.getMessage());
        }
    }

    private ParameterException wrong(String option, @Nullable String problem) {
        return new ParameterException(spec.commandLine(), option + " " + problem);
    }
}
