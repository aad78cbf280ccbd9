// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.store.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpRangeTest {

    @ParameterizedTest
    @CsvSource({
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.0/24, 192.0.3.0, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false",
        "192.0.2.0/24, ::ffff:192.0.2.1, true",
        "fe80::/10, fe80::1%eth0, true"
    })
    void containsWhatBeginsWithItsBits(String range, String address, boolean contained) {
        assertThat(IpRange.parse(range).contains(IpRange.address(address).orElseThrow()))
                .isEqualTo(contained);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "localhost",
                "1",
                "10.1",
                "1.2.3",
                "10.0.0.0/",
                "10.0.0.0/33",
                "10.0.0.0/-1",
                "10.0.0.0/8/8",
                "300.0.0.1",
                "2001:db8::/129",
                "::g",
                "10.0.0.0/99999999999",
                "a:b"
            })
    void refusesWhatIsNoRange(String text) {
        assertThatThrownBy(() -> IpRange.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'" + text + "'");
    }

    @Test
    void namesTheRangeThatWasPerhapsMeant() {
        assertThatThrownBy(() -> IpRange.parse("10.1.2.3/8")).hasMessageContaining("10.0.0.0/8");
    }

    @Test
    void printsWhatItReads() {
        assertThat(IpRange.parse("192.0.2.7")).hasToString("192.0.2.7/32");
        assertThat(IpRange.parse(IpRange.parse("2001:db8::/32").toString()))
                .isEqualTo(IpRange.parse("2001:db8::/32"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "example.org", "1", "unknown", "_hidden", "1.2.3.4:80"})
    void looksNoNameUp(String text) {
        assertThat(IpRange.address(text)).isEmpty();
    }
}
