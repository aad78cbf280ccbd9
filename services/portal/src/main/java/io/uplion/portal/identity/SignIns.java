// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import io.uplion.platform.secret.Secret;
import io.uplion.store.Database;
import io.uplion.store.key.IpRange;
import io.uplion.store.key.KeyHash;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/// Signs people in by email and password, and slows down whoever guesses: for one email, whether
/// anybody has it or not, and from one address; by all portal nodes together.
///
/// Whoever guesses for another's email does not keep him out: from an address where he has been
/// signed in before, he has his own count.
///
/// An attempt counts as failed before it is looked at, and is taken back if it was right: many at
/// once are no way around. Calls block.
public final class SignIns {
    private static final Duration SWEPT_EACH = Duration.ofMinutes(1);
    private static final int MOST_ROWS = 100_000;

    /// What one customer has of the sixth version's addresses.
    private static final int NETWORK_BYTES = 8;

    private final Users users;
    private final Jdbi jdbi;
    private final Clock clock;
    private final int mostRows;
    private final AtomicReference<Instant> swept = new AtomicReference<>(Instant.EPOCH);

    public SignIns(Users users, Database database, Clock clock) {
        this(users, database, clock, MOST_ROWS);
    }

    SignIns(Users users, Database database, Clock clock, int mostRows) {
        this.users = users;
        this.jdbi = database.jdbi();
        this.clock = clock;
        this.mostRows = mostRows;
    }

    /// One of those who are slowed down.
    private record Slowed(KeyHash hash, Throttle throttle) {
        static Slowed of(String name, Throttle throttle) {
            return new Slowed(KeyHash.ofUtf8(name), throttle);
        }
    }

    /// @param address the client's, as it is given to [Sessions] too
    public SignIn signIn(String email, Secret password, String address) {
        sweep();
        String origin = new Origin(address, "").address();
        Slowed byEmail = byEmail(email.strip(), origin);
        Slowed byAddress = Slowed.of("address " + network(origin), Throttle.ADDRESS);
        Optional<Duration> wait = enter(List.of(byEmail, byAddress));
        if (wait.isPresent()) {
            return new SignIn.Throttled(wait.get());
        }
        SignIn.Checked checked = users.verify(email, password);
        if (!(checked instanceof SignIn.Refused)) {
            jdbi.useHandle(handle -> SignInSql.forget(handle, byEmail.hash()));
            jdbi.useHandle(handle -> SignInSql.takeBack(handle, byAddress.hash(), clock.instant()));
        }
        return checked;
    }

    private Slowed byEmail(String email, String address) {
        SignInSql.Who who =
                Inputs.isEmail(email)
                        ? jdbi.withHandle(handle -> SignInSql.who(handle, email, address))
                        : new SignInSql.Who(email.toLowerCase(Locale.ROOT), false);
        String name = "email " + who.email();
        return Slowed.of(who.hereBefore() ? name + " at " + address : name, Throttle.EMAIL);
    }

    private static String network(String address) {
        Optional<InetAddress> parsed = IpRange.address(address);
        StringBuilder network = new StringBuilder();
        if (parsed.isPresent() && parsed.get() instanceof Inet6Address six) {
            byte[] bytes = six.getAddress();
            for (int index = 0; index < NETWORK_BYTES; index++) {
                network.append(bytes[index]).append('.');
            }
            return network.toString();
        }
        return address;
    }

    /// @return how long to wait, if there is to be waited: then nothing is counted
    private Optional<Duration> enter(List<Slowed> all) {
        // Always in the same order, so that nobody waits for another who waits for him.
        List<Slowed> ordered =
                all.stream()
                        .sorted(Comparator.comparing(slowed -> slowed.hash().toString()))
                        .toList();
        Instant now = clock.instant();
        return jdbi.inTransaction(
                handle -> {
                    List<SignInSql.Failures> failures =
                            ordered.stream()
                                    .map(slowed -> SignInSql.lock(handle, slowed.hash(), now))
                                    .toList();
                    Optional<Duration> wait = longestWait(failures.stream(), now);
                    for (int index = 0; wait.isEmpty() && index < ordered.size(); index++) {
                        count(handle, ordered.get(index), failures.get(index), now);
                    }
                    return wait;
                });
    }

    private static Optional<Duration> longestWait(
            Stream<SignInSql.Failures> failures, Instant now) {
        return failures.map(SignInSql.Failures::blockedUntil)
                .filter(until -> until.isAfter(now))
                .map(until -> Duration.between(now, until))
                .max(Comparator.naturalOrder());
    }

    private static void count(
            Handle handle, Slowed slowed, SignInSql.Failures before, Instant now) {
        boolean old = before.lastAt().isBefore(now.minus(Throttle.FORGOTTEN));
        int failures = old ? 1 : before.count() + 1;
        Instant until = now.plus(slowed.throttle().delay(failures));
        SignInSql.set(handle, slowed.hash(), new SignInSql.Failures(failures, now, until));
    }

    /// By whoever comes by, now and then: nothing of it is needed by then.
    private void sweep() {
        Instant now = clock.instant();
        Instant before = swept.get();
        if (Duration.between(before, now).compareTo(SWEPT_EACH) >= 0
                && swept.compareAndSet(before, now)) {
            jdbi.useHandle(
                    handle -> SignInSql.sweep(handle, now.minus(Throttle.FORGOTTEN), mostRows));
        }
    }
}
