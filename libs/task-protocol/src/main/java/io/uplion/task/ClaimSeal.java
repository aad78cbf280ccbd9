// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.task;

import io.uplion.catalog.AIModel.Price;
import io.uplion.platform.secret.Secret;
import io.uplion.platform.settings.Settings;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Makes a claim the gateway's word that nobody else can say: a worker carries it, and a worker
/// that changes it, or invents one, is found out by billing. HMAC-SHA-256 over all that is claimed.
public final class ClaimSeal {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int LEAST_SECRET_BYTES = 32;
    private static final String TOO_SHORT = "must have at least " + LEAST_SECRET_BYTES + " bytes";

    /// Names what is signed, and how: no other text that is signed with this secret begins so.
    private static final String FORM = "uplion claim 1";

    /// With the key, and nothing signed: to be copied, which is cheaper than to be made.
    private final Mac unused;

    /// @param secret at least 32 bytes
    public ClaimSeal(Secret secret) {
        byte[] bytes = bytes(secret);
        if (bytes.length < LEAST_SECRET_BYTES) {
            throw new IllegalArgumentException(TOO_SHORT);
        }
        try {
            unused = Mac.getInstance(ALGORITHM);
            unused.init(new SecretKeySpec(bytes, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is part of every Java", e);
        }
    }

    /// A service's setting, without which it does not start; whoever signs or checks has the same.
    ///
    /// @param name the setting's
    public static Secret secret(Settings settings, String name) {
        Secret secret = settings.requiredSecret(name);
        int bytes = bytes(secret).length;
        if (bytes > 0 && bytes < LEAST_SECRET_BYTES) {
            settings.refuse(name, TOO_SHORT);
        }
        return secret;
    }

    private static byte[] bytes(Secret secret) {
        return secret.reveal().getBytes(StandardCharsets.UTF_8);
    }

    public Claim sign(Claim claim) {
        return claim.withSignature(signature(claim));
    }

    /// Takes as long for a wrong signature as for a right one.
    public boolean isGenuine(Claim claim) {
        byte[] right = signature(claim).getBytes(StandardCharsets.UTF_8);
        return MessageDigest.isEqual(right, claim.signature().getBytes(StandardCharsets.UTF_8));
    }

    private String signature(Claim claim) {
        try {
            byte[] signature = ((Mac) unused.clone()).doFinal(bytes(claim));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("every Java's HMAC-SHA-256 can be copied", e);
        }
    }

    /// Every field, each of a length that is known or told before it: no two claims have the same
    /// bytes.
    private static byte[] bytes(Claim claim) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            text(out, FORM);
            id(out, claim.task());
            out.writeInt(claim.attempt());
            id(out, claim.account());
            id(out, claim.user());
            out.writeBoolean(claim.key().isPresent());
            id(out, claim.key().orElse(new UUID(0, 0)));
            text(out, claim.model());
            text(out, claim.endpoint().id());
            text(out, claim.pool());
            price(out, claim.price());
            out.writeBoolean(claim.cap().isPresent());
            out.writeLong(claim.cap().orElse(0));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    private static void price(DataOutputStream out, Price price) throws IOException {
        out.writeLong(price.inputNanos());
        out.writeLong(price.cachedInputNanos());
        out.writeLong(price.outputNanos());
        out.writeLong(price.reasoningNanos());
        out.writeLong(price.audioInputNanos());
        out.writeLong(price.audioOutputNanos());
    }

    private static void id(DataOutputStream out, UUID id) throws IOException {
        out.writeLong(id.getMostSignificantBits());
        out.writeLong(id.getLeastSignificantBits());
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}
