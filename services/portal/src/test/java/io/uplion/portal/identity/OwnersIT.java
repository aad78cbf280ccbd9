// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.uplion.platform.identity.Limits;
import io.uplion.platform.identity.Subject;
import io.uplion.portal.PostgresServer;
import io.uplion.portal.changes.AfterChange;
import io.uplion.portal.limits.Change;
import io.uplion.portal.limits.LimitsChange;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OwnersIT {
    private static final String ADA = "ada@example.org";
    private static final PostgresServer SERVER = new PostgresServer();

    private final Owners owners = new Owners(SERVER.database(), AfterChange.NOTHING);

    @AfterAll
    static void stop() {
        SERVER.close();
    }

    @BeforeEach
    void oneUser() {
        SERVER.empty();
        assertThat(new Users(SERVER.database(), Clock.systemUTC()).createAdmin(ADA, "Ada"))
                .isInstanceOf(AdminCreation.Created.class);
    }

    @Test
    void usersAndAccountsAreLimitedAndSwitchedOff() {
        for (var owner :
                new Subject[] {
                    owners.user(ADA).orElseThrow(), owners.personalAccount(ADA).orElseThrow()
                }) {
            var limits =
                    new Limits(
                            Optional.of(9L), Optional.empty(), Optional.empty(), Optional.empty());
            assertThat(owners.limit(owner, rpm(9)))
                    .isEqualTo(new OwnerChange.Changed(limits, false));
            assertThat(owners.setDisabled(owner, true))
                    .isEqualTo(new OwnerChange.Changed(limits, true));
            assertThat(owners.limit(owner, rpm(0))).isInstanceOf(OwnerChange.Invalid.class);
        }
    }

    @Test
    void whoIsNotThereIsNotFound() {
        assertThat(owners.user("nobody@example.org")).isEmpty();
        assertThat(owners.user("a\u0000@b.c")).isEmpty();
        assertThat(owners.limit(Subject.account(UUID.randomUUID()), rpm(1)))
                .isEqualTo(new OwnerChange.NoSuchOwner());
    }

    private static LimitsChange rpm(long value) {
        return new LimitsChange(
                new Change.To<>(value),
                new Change.Keep<>(),
                new Change.Keep<>(),
                new Change.Keep<>());
    }
}
