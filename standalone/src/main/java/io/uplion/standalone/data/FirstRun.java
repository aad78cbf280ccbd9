// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.data;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.uplion.openai.JsonText;
import io.uplion.platform.secret.Secret;
import io.uplion.portal.identity.AdminCreation;
import io.uplion.portal.identity.PasswordReset;
import io.uplion.portal.identity.Users;
import io.uplion.portal.keys.KeyCreation;
import io.uplion.portal.keys.Keys;
import io.uplion.portal.keys.NewKey;
import io.uplion.store.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the first start makes: an administrator and a key. Their secrets are shown once and written
/// to `first-run.json`, which only the owner may read.
///
/// @param file where they are
public record FirstRun(Path file, String email, Secret password, Secret apiKey) {
    private static final Logger LOG = LoggerFactory.getLogger(FirstRun.class);
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String FILE = "first-run.json";

    /// There as long as secrets are valid that nobody has been shown.
    private static final String MARK = "first-run.pending";

    private static final String FIRST_KEY = "first key";
    public static final String ADMIN_EMAIL = "admin@localhost";
    private static final String ADMIN_NAME = "Administrator";

    /// A start that ends before [#write], however it ends, has shown its secrets to nobody. The
    /// mark that it leaves lets the next one make new ones.
    ///
    /// @return nothing where there are users already
    public static Optional<FirstRun> make(Database database, Path data, Clock clock) {
        Users users = new Users(database, clock);
        Path mark = data.resolve(MARK);
        boolean again = Files.exists(mark);
        if (!again && !users.isEmpty()) {
            return Optional.empty();
        }
        replace(mark, new byte[0]);
        Optional<Secret> password = password(users, again);
        if (password.isEmpty()) {
            delete(mark);
        }
        return password.map(
                secret ->
                        new FirstRun(
                                data.resolve(FILE),
                                ADMIN_EMAIL,
                                secret,
                                firstKey(new Keys(database, clock))));
    }

    private static Optional<Secret> password(Users users, boolean again) {
        return switch (users.createFirstAdmin(ADMIN_EMAIL, ADMIN_NAME)) {
            case AdminCreation.Created admin -> Optional.of(admin.password());
            case AdminCreation.NotTheFirst() -> again ? reset(users) : Optional.empty();
            case AdminCreation.EmailTaken() -> Optional.empty();
            case AdminCreation.Invalid(String problem) -> throw new IllegalStateException(problem);
        };
    }

    private static Optional<Secret> reset(Users users) {
        LOG.warn("the first start ended before it kept its secrets; here are new ones");
        return switch (users.resetPassword(ADMIN_EMAIL)) {
            case PasswordReset.Done done -> Optional.of(done.password());
            case PasswordReset.NoSuchUser() -> Optional.empty();
        };
    }

    /// One that nobody has seen is of no use to anybody.
    private static Secret firstKey(Keys keys) {
        keys.listOf(ADMIN_EMAIL).stream()
                .filter(key -> key.name().equals(FIRST_KEY) && key.revokedAt().isEmpty())
                .forEach(key -> keys.revoke(key.id()));
        NewKey asked = new NewKey(FIRST_KEY, ADMIN_EMAIL, Set.of(), Optional.empty());
        KeyCreation creation = keys.create(asked);
        if (creation instanceof KeyCreation.Created created) {
            return created.secret();
        }
        throw new IllegalStateException("the first key was not made: " + creation);
    }

    /// @param url where the platform is
    public void write(String url) {
        byte[] json =
                JsonText.object(
                        out -> {
                            out.writeStringField("url", url);
                            out.writeObjectFieldStart("admin");
                            out.writeStringField("email", email);
                            out.writeStringField("password", password.reveal());
                            out.writeEndObject();
                            out.writeStringField("apiKey", apiKey.reveal());
                        });
        replace(file, json);
        delete(file.resolveSibling(MARK));
    }

    /// The file of an earlier start names the address of this one: whoever reads it wants to call.
    /// Its secrets stay as they are; a file that somebody has removed or changed is left alone.
    public static void moved(Path data, String url) {
        Path file = data.resolve(FILE);
        try {
            if (Files.isRegularFile(file)
                    && MAPPER.readTree(Files.readAllBytes(file)) instanceof ObjectNode known
                    && !url.equals(known.path("url").asText())) {
                replace(file, MAPPER.writeValueAsBytes(known.put("url", url)));
            }
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("{} could not be brought up to date", file);
        }
    }

    private static void replace(Path file, byte[] json) {
        try {
            OwnerFile.replace(file, json);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be written", e);
        }
    }

    private static void delete(Path file) {
        try {
            OwnerFile.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be deleted", e);
        }
    }
}
