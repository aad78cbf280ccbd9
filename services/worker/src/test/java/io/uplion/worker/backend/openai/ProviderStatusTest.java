// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.openai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderStatusTest {
    @ParameterizedTest
    @CsvSource({
        "200,,SUCCESS",
        "201,,ATTEMPT",
        "204,,ATTEMPT",
        "301,,ATTEMPT",
        "307,,ATTEMPT",
        "400,,CLIENT",
        "400,content_policy_violation,CLIENT",
        "401,,POOL",
        "402,,POOL",
        "403,,POOL",
        "403,content_policy_violation,CLIENT",
        "403,content_filter,CLIENT",
        "404,,POOL",
        "408,,ATTEMPT",
        "409,,ATTEMPT",
        "413,,CLIENT",
        "418,,CLIENT",
        "422,,CLIENT",
        "429,,POOL",
        "429,insufficient_quota,POOL",
        "451,,CLIENT",
        "500,,ATTEMPT",
        "502,,ATTEMPT",
        "503,,ATTEMPT",
        "504,,ATTEMPT",
        "529,,ATTEMPT",
    })
    void statusSaysWhoseFaultItIs(int status, String code, ProviderStatus expected) {
        assertThat(ProviderStatus.of(status, code == null ? "" : code)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "401,,AuthenticationError",
        "403,,AuthenticationError",
        "402,,QuotaExceeded",
        "404,,ConfigurationError",
        "429,,RateLimited",
        "429,insufficient_quota,QuotaExceeded",
    })
    void reasonIsOneWord(int status, String code, String expected) {
        assertThat(ProviderStatus.reason(status, code == null ? "" : code)).isEqualTo(expected);
    }
}
