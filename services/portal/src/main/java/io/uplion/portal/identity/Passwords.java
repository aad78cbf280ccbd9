// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.identity;

import com.password4j.Argon2Function;
import com.password4j.Password;
import com.password4j.types.Argon2;
import io.uplion.platform.secret.Secret;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.Semaphore;

/// Argon2id with OWASP's first choice of costs (Password Storage Cheat Sheet: m=19456 KiB, t=2,
/// p=1), kept as a PHC string, which carries its own costs: they can rise without a migration.
final class Passwords {

    /// Characters, not the places Java has for them.
    static final int MAX_LENGTH = 1024;

    private static final int MEMORY_KIB = 19_456;
    private static final int ITERATIONS = 2;
    private static final int PARALLELISM = 1;
    private static final int HASH_BYTES = 32;
    private static final int SALT_BYTES = 16;

    /// No 0 O 1 l I: people read it from a terminal. 20 of 56 characters are 116 bits.
    private static final String READABLE =
            "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

    private static final int RANDOM_LENGTH = 20;

    /// The hash of no password that anybody can find: all zeros, with the costs of a real one. It
    /// is written down because making one at each start takes a fifth of the start.
    static final String NOBODY =
            "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
                    .formatted(
                            MEMORY_KIB,
                            ITERATIONS,
                            PARALLELISM,
                            zeros(SALT_BYTES),
                            zeros(HASH_BYTES));

    private final SecureRandom random = new SecureRandom();

    /// 19 MiB each: a burst of sign-ins must not take the memory of what else runs here.
    private final Semaphore turns = new Semaphore(4);

    Secret random() {
        StringBuilder text = new StringBuilder(RANDOM_LENGTH);
        for (int index = 0; index < RANDOM_LENGTH; index++) {
            text.append(READABLE.charAt(random.nextInt(READABLE.length())));
        }
        return Secret.of(text.toString());
    }

    String hash(Secret password) {
        turns.acquireUninterruptibly();
        try {
            return Password.hash(password.reveal())
                    .addRandomSalt(SALT_BYTES)
                    .with(argon2id())
                    .getResult();
        } finally {
            turns.release();
        }
    }

    boolean verify(Secret password, String hash) {
        String text = password.reveal();
        if (text.isEmpty() || text.codePointCount(0, text.length()) > MAX_LENGTH) {
            return false;
        }
        turns.acquireUninterruptibly();
        try {
            return Password.check(text, hash).with(Argon2Function.getInstanceFromHash(hash));
        } finally {
            turns.release();
        }
    }

    /// Takes as long as a real check, so that the time of an answer does not tell who has a login.
    boolean verifyNobody(Secret password) {
        boolean _ = verify(password, NOBODY);
        return false;
    }

    private static String zeros(int bytes) {
        return Base64.getEncoder().withoutPadding().encodeToString(new byte[bytes]);
    }

    private static Argon2Function argon2id() {
        return Argon2Function.getInstance(
                MEMORY_KIB, ITERATIONS, PARALLELISM, HASH_BYTES, Argon2.ID);
    }
}
