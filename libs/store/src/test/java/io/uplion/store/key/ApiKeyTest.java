// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.store.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ApiKeyTest {

    @Test
    void hasTheDocumentedForm() {
        var key = ApiKey.generate(new SecureRandom()).secret().reveal();

        assertThat(key).matches("upl_[0-9A-Za-z]{43}[0-9A-Za-z]{6}").hasSize(ApiKey.LENGTH);
    }

    /// Computed independently (Python: zlib.crc32, hashlib.sha256), so that the format cannot
    /// drift.
    @Test
    void agreesWithAnotherImplementation() {
        var bytes = new byte[32];
        for (var i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        var key = ApiKey.generate(fixed(bytes));

        assertThat(key.secret().reveal())
                .isEqualTo("upl_003aUlTJC7tjlCTQj2uNU3MFagCXG9LRKRcwGkBIDlf2XRn9I");
        assertThat(HexFormat.of().formatHex(key.sha256().toBytes()))
                .isEqualTo("3424b9bf260d84a7aac97d34bbc8d2b4863dafffb4de76a9c807f6bd9c8298d9");
        assertThat(key.prefix()).isEqualTo("upl_003a");
        assertThat(key.last4()).isEqualTo("Rn9I");
    }

    @Test
    void theSmallestAndTheLargestRandomNumberFit() {
        var largest = new byte[32];
        Arrays.fill(largest, (byte) 0xff);

        assertThat(ApiKey.parse(ApiKey.generate(fixed(new byte[32])).secret().reveal()))
                .isPresent();
        assertThat(ApiKey.parse(ApiKey.generate(fixed(largest)).secret().reveal())).isPresent();
    }

    @Test
    void refusesOtherLengthsSchemesAndAlphabets() {
        var key = ApiKey.generate(new SecureRandom()).secret().reveal();

        assertThat(ApiKey.parse("")).isEmpty();
        assertThat(ApiKey.parse(key.substring(1))).isEmpty();
        assertThat(ApiKey.parse(key + "0")).isEmpty();
        assertThat(ApiKey.parse("sk-_" + key.substring(4))).isEmpty();
        assertThat(ApiKey.parse(key.substring(0, 10) + "ü" + key.substring(11))).isEmpty();
        assertThat(ApiKey.parse("x".repeat(1_000_000))).isEmpty();
    }

    @Test
    void doesNotPrintItself() {
        var key = ApiKey.generate(new SecureRandom());

        assertThat(key.toString()).isEqualTo("upl_[REDACTED]");
        assertThat(key.secret().toString()).isEqualTo("[REDACTED]");
    }

    private static SecureRandom fixed(byte[] bytes) {
        return new SecureRandom() {
            private static final long serialVersionUID = 1;

            @Override
            public void nextBytes(byte[] target) {
                System.arraycopy(bytes, 0, target, 0, target.length);
            }
        };
    }
}
