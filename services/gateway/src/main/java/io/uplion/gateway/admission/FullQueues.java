// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.admission;

import io.uplion.catalog.live.ServedModel;
import io.uplion.openai.ErrorCode;
import io.uplion.openai.OpenAiError;
import io.uplion.openai.RequestHead;
import io.uplion.platform.identity.Principal;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/// Refuses what comes to a full queue, and lets in who was promised a place of it.
public final class FullQueues {
    /// Of a key that has fewer waiting than the limit's share of this many, nobody says that it has
    /// filled the queue.
    private static final int SHARES = 20;

    private final Waiting waiting;
    private final DrainRates rates;
    private final PromisedPlaces promised;

    /// How many tasks wait for a model.
    public interface Waiting {
        int all(String model);

        /// As far as this gateway has them.
        ///
        /// @param owner a key, or a user where there is none
        int of(String model, UUID owner);
    }

    public FullQueues(Waiting waiting, DrainRates rates, PromisedPlaces promised) {
        this.waiting = waiting;
        this.rates = rates;
        this.promised = promised;
    }

    /// @param body that a client sends again when it comes back
    Optional<OpenAiError> refusal(
            Principal principal, RequestHead head, ServedModel model, byte[] body) {
        String name = model.model();
        int now = waiting.all(name);
        int limit = model.queuedLimit();
        int due = promised.due(name);
        if (due == 0 && now < limit) {
            return Optional.empty();
        }
        if (hasFew(principal, name, now, limit)) {
            return Optional.empty();
        }
        Asker asker = Asker.of(principal, head.endpoint(), body);
        if (keepsPromise(name, asker, now, limit) || now + reserved(due, limit) < limit) {
            return Optional.empty();
        }
        Duration wait = rates.untilFewer(name, now, limit);
        if (wait.compareTo(DrainRates.LONGEST) < 0) {
            promised.promise(name, asker, wait);
        }
        return Optional.of(full(name, now).retryAfter(wait));
    }

    /// A queue that one key has filled is full for that key: others are let in beyond the limit, as
    /// those are who were promised a place.
    private boolean hasFew(Principal principal, String model, int now, int limit) {
        UUID owner = principal.key().orElse(principal.user());
        return now < 2L * limit && waiting.of(model, owner) < Math.max(1, limit / SHARES);
    }

    /// A queue that empties more slowly than was thought is longer than its limit for a while.
    /// Twice its limit is too much: then it hardly empties at all.
    private boolean keepsPromise(String model, Asker asker, int now, int limit) {
        return now < 2L * limit && promised.take(model, asker);
    }

    /// Newcomers do not take the places of those who are about to come; but some never come, and no
    /// slot may be idle for them.
    private static int reserved(int due, int limit) {
        return Math.min(due, limit / 2);
    }

    private static OpenAiError full(String model, int now) {
        return ErrorCode.QUEUE_FULL.error(
                "The queue of the model '" + model + "' is full (" + now + " waiting).");
    }
}
