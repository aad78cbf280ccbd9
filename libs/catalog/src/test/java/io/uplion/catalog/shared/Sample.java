// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.shared;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.Serving;
import io.uplion.openai.Endpoint;
import java.util.Set;

/// Models.
final class Sample {
    private Sample() {}

    static AIModel pool(String name, String model, int concurrency) {
        return new AIModel(
                name,
                model,
                Serving.Simulator.DEFAULT,
                Set.of(Endpoint.CHAT),
                concurrency,
                AIModel.DEFAULT_TIMEOUT,
                AIModel.DEFAULT_FIRST_FRAME_TIMEOUT,
                AIModel.Scaling.defaults(concurrency),
                AIModel.Price.FREE,
                AIModel.Limits.DEFAULT,
                AIModel.Access.EVERYONE);
    }

    static AIModel pool(String name) {
        return pool(name, name, 4);
    }
}
