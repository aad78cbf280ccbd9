// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.task;

import io.uplion.catalog.AIModel.Price;
import io.uplion.platform.secret.Secret;
import io.uplion.platform.settings.Settings;
import java.nio.ByteBuffer;
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
    private static final byte[] FORM = utf8("uplion claim 1");

    /// All but the texts: four of their lengths and the attempt, four ids, two flags, six prices
    /// and the cap.
    private static final int FIXED_BYTES =
            5 * Integer.BYTES + 4 * 2 * Long.BYTES + 2 + 7 * Long.BYTES;

    private static final UUID NOBODY = new UUID(0, 0);

    private final SecretKeySpec key;

    /// With the key in it; only its copies are used.
    private final Mac keyed;

    /// @param secret at least 32 bytes
    public ClaimSeal(Secret secret) {
        byte[] bytes = bytes(secret);
        if (bytes.length < LEAST_SECRET_BYTES) {
            throw new IllegalArgumentException(TOO_SHORT);
        }
        this.key = new SecretKeySpec(bytes, ALGORITHM);
        this.keyed = keyed(key);
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
        byte[] signature = mac().doFinal(bytes(claim));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
    }

    /// A copy: finding the algorithm and preparing the key take longer than a claim's bytes.
    private Mac mac() {
        try {
            return (Mac) keyed.clone();
        } catch (CloneNotSupportedException e) {
            // Another provider's need not be able to.
            return keyed(key);
        }
    }

    private static Mac keyed(SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HMAC-SHA-256 is part of every Java", e);
        }
    }

    /// Every field, each of a length that is known or told before it: no two claims have the same
    /// bytes.
    private static byte[] bytes(Claim claim) {
        byte[] model = utf8(claim.model());
        byte[] endpoint = utf8(claim.endpoint().id());
        byte[] pool = utf8(claim.pool());
        int texts = FORM.length + model.length + endpoint.length + pool.length;
        ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + texts);
        text(out, FORM);
        id(out, claim.task());
        out.putInt(claim.attempt());
        id(out, claim.account());
        id(out, claim.user());
        flag(out, claim.key().isPresent());
        id(out, claim.key().orElse(NOBODY));
        text(out, model);
        text(out, endpoint);
        text(out, pool);
        price(out, claim.price());
        flag(out, claim.cap().isPresent());
        out.putLong(claim.cap().orElse(0));
        return out.array();
    }

    private static void price(ByteBuffer out, Price price) {
        out.putLong(price.inputNanos());
        out.putLong(price.cachedInputNanos());
        out.putLong(price.outputNanos());
        out.putLong(price.reasoningNanos());
        out.putLong(price.audioInputNanos());
        out.putLong(price.audioOutputNanos());
    }

    private static void flag(ByteBuffer out, boolean is) {
        out.put((byte) (is ? 1 : 0));
    }

    private static void id(ByteBuffer out, UUID id) {
        out.putLong(id.getMostSignificantBits());
        out.putLong(id.getLeastSignificantBits());
    }

    private static void text(ByteBuffer out, byte[] text) {
        out.putInt(text.length);
        out.put(text);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
