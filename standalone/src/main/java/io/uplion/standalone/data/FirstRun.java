// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.data;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.uplion.openai.JsonText;
import io.uplion.platform.secret.Secret;
import io.uplion.portal.identity.AdminCreation;
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
    public static final String ADMIN_EMAIL = "admin@localhost";
    private static final String ADMIN_NAME = "Administrator";

    /// @return nothing where there are users already
    public static Optional<FirstRun> make(Database database, Path data, Clock clock) {
        return switch (new Users(database, clock).createFirstAdmin(ADMIN_EMAIL, ADMIN_NAME)) {
            case AdminCreation.Created admin ->
                    Optional.of(
                            new FirstRun(
                                    data.resolve(FILE),
                                    ADMIN_EMAIL,
                                    admin.password(),
                                    firstKey(database, clock)));
            case AdminCreation.NotTheFirst() -> Optional.empty();
            case AdminCreation.EmailTaken() -> Optional.empty();
            case AdminCreation.Invalid(String problem) -> throw new IllegalStateException(problem);
        };
    }

    private static Secret firstKey(Database database, Clock clock) {
        NewKey asked = new NewKey("first key", ADMIN_EMAIL, Set.of(), Optional.empty());
        KeyCreation creation = new Keys(database, clock).create(asked);
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
}
