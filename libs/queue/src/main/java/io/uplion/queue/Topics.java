// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.queue;

/// The models' topics. Only whoever controls models makes and removes them, never a client's words.
public interface Topics {
    /// Makes the model's topic with its subscription; does nothing where it exists.
    void createTopic(String model);

    /// Takes the topic away with every task in it; does nothing where there is none.
    void deleteTopic(String model);
}
