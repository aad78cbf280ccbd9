// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import io.uplion.catalog.SecretSource;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;

/// Names the place a secret is read from. Nothing that stands in the wrong place here is repeated
/// in a message: it may be the secret.
record ApiKeyFormat() implements Format<SecretSource> {
    private static final String FORMS =
            "{secretRef: {name: NAME, key: KEY}}, {env: VARIABLE} or {file: PATH}";
    private static final List<String> NAMES = List.of("secretRef", "env", "file");
    private static final KnownFields SOURCES = new KnownFields(NAMES, true);
    private static final KnownFields SECRET_REF = KnownFields.besideSecrets("name", "key");

    @Override
    public Optional<SecretSource> read(Value value) {
        if (!(value.node() instanceof MappingNode)) {
            value.refuse(
                    "found "
                            + value.kind()
                            + "; secrets never stand in the manifest, name the place instead: "
                            + FORMS);
            return Optional.empty();
        }
        Fields fields = Fields.of(value, SOURCES);
        long given = NAMES.stream().filter(name -> fields.find(name).isPresent()).count();
        if (given != 1 && fields.isReadable()) {
            value.refuse("found " + given + " places for the key; expected exactly one: " + FORMS);
        }
        return secretRef(fields).or(() -> env(fields)).or(() -> file(fields));
    }

    private static Optional<SecretSource> secretRef(Fields fields) {
        if (fields.find("secretRef").isEmpty()) {
            return Optional.empty();
        }
        Fields ref = fields.nested("secretRef", SECRET_REF);
        Optional<String> name = ref.required("name", TextFormat.SECRET_NAME);
        Optional<String> key = ref.required("key", TextFormat.SECRET_KEY);
        return name.flatMap(n -> key.map(k -> new SecretSource.SecretRef(n, k)));
    }

    private static Optional<SecretSource> env(Fields fields) {
        return fields.optional("env", TextFormat.ENVIRONMENT_VARIABLE).map(SecretSource.Env::new);
    }

    private static Optional<SecretSource> file(Fields fields) {
        return fields.optional("file", TextFormat.FILE_PATH)
                .map(path -> new SecretSource.File(Path.of(path)));
    }

    @Override
    public String expected() {
        return FORMS;
    }
}
