// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.counters.rate;

import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletionStage;

/// Requests a minute of everybody who has a limit, on all nodes together: in any time `t` never
/// more than burst + rate × `t` are let in, and who obeys the Retry-After of a refusal is let in.
/// One contract test holds every adapter.
public interface RateLimits extends AutoCloseable {

    /// Lets a request in where all buckets have room for it, and counts it in all of them;
    /// otherwise in none.
    ///
    /// Never blocks and never throws. A store in process has answered when this returns; from a
    /// store elsewhere the answer comes on a thread that must not be blocked.
    ///
    /// @param account whose buckets they are; another account's of the same name are others
    CompletionStage<Taken> take(UUID account, List<Bucket> buckets);

    @Override
    void close();
}
