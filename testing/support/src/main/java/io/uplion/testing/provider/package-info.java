// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// A stand-in for an OpenAI-compatible provider: scripted by the model's name, true to the wire.
/// Start at [io.uplion.testing.provider.FakeProvider].
@NullMarked
package io.uplion.testing.provider;

import org.jspecify.annotations.NullMarked;
