// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import java.util.Optional;

/// How a completion looks on the wire. Every result is one JSON object on one line.
sealed interface AnswerFormat permits ChatFormat, TextFormat {

    /// What a choice's stream begins with, where it begins with something of its own.
    Optional<byte[]> opening(int index, Choice choice);

    /// One token.
    byte[] piece(int index, Choice choice, String piece);

    byte[] finish(int index, Choice choice);

    byte[] usage(Completion completion);

    byte[] whole(Completion completion);
}
