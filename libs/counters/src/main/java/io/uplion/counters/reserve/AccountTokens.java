// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.reserve;

import io.uplion.counters.rate.Standing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The tokens a minute of one account's subjects. For one thread at a time.
final class AccountTokens {
    private final Map<String, Held> buckets = new HashMap<>();

    /// @param perMinute the limit it was drained by last
    private record Held(TokenBucket bucket, long perMinute) {}

    private TokenBucket bucket(Subject subject, long now) {
        @Nullable Held held = buckets.get(subject.name());
        TokenBucket bucket = held == null ? TokenBucket.EMPTY : held.bucket();
        return bucket.at(now, subject.tokensPerMinute().orElseThrow());
    }

    private void put(Subject subject, TokenBucket bucket) {
        long perMinute = subject.tokensPerMinute().orElseThrow();
        buckets.put(subject.name(), new Held(bucket, perMinute));
    }

    /// How many milliseconds pass until there is room.
    long wait(Subject subject, long tokens, long now) {
        return subject.tokensPerMinute().isEmpty()
                ? 0
                : bucket(subject, now).wait(tokens, subject.tokensPerMinute().getAsLong());
    }

    void charge(Ask ask, long tokens, long now) {
        for (Subject subject : ask.subjects()) {
            if (subject.tokensPerMinute().isPresent()) {
                put(subject, bucket(subject, now).plus(tokens));
            }
        }
    }

    void correct(Ask ask, long charged, long chargedAt, long used, long now) {
        for (Subject subject : ask.subjects()) {
            if (subject.tokensPerMinute().isPresent()) {
                put(subject, bucket(subject, now).corrected(charged, used, chargedAt));
            }
        }
    }

    Optional<Standing> standing(Subject subject, long weight, long now) {
        if (subject.tokensPerMinute().isEmpty()) {
            return Optional.empty();
        }
        long perMinute = subject.tokensPerMinute().getAsLong();
        return Optional.of(bucket(subject, now).standing(subject.name(), perMinute, weight));
    }

    List<Standing> standings(Ask ask, long weight, long now) {
        List<Standing> standings = new ArrayList<>(ask.subjects().size());
        for (Subject subject : ask.subjects()) {
            standing(subject, weight, now).ifPresent(standings::add);
        }
        return standings;
    }

    boolean isEmptyAt(long now) {
        buckets.values()
                .removeIf(held -> held.bucket().at(now, held.perMinute()).level().units() == 0);
        return buckets.isEmpty();
    }
}
