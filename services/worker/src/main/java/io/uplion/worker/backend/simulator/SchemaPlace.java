// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import org.jspecify.annotations.Nullable;

/// Where in an instance the simulator is.
///
/// @param depth levels below the root
/// @param variant items of an array are made with different ones, so that they differ
/// @param refs the references that led here
/// @param isSparse nothing is made that could be left out, here
record SchemaPlace(int depth, int variant, @Nullable Refs refs, boolean isSparse) {
    private static final int MAX_DEPTH = 60;
    private static final int GENEROUS_DEPTH = 12;

    /// A recursive type is shown once inside itself.
    private static final int GENEROUS_VISITS = 2;

    private static final int MAX_VISITS = 16;

    static final SchemaPlace ROOT = new SchemaPlace(0, 0, null, false);

    /// @param visits how often this pointer is on the way
    record Refs(String pointer, int visits, @Nullable Refs before) {}

    SchemaPlace child() {
        return item(variant);
    }

    SchemaPlace item(int variant) {
        return new SchemaPlace(depth + 1, variant, refs, false);
    }

    /// @param more another value than the one before
    SchemaPlace other(int more) {
        return new SchemaPlace(depth, variant + more, refs, isSparse);
    }

    SchemaPlace sparse() {
        return new SchemaPlace(depth, variant, refs, true);
    }

    SchemaPlace via(String pointer) {
        int visits = 1;
        for (Refs before = refs; before != null; before = before.before()) {
            if (before.pointer().equals(pointer)) {
                visits = before.visits() + 1;
                break;
            }
        }
        return new SchemaPlace(depth, variant, new Refs(pointer, visits, refs), isSparse);
    }

    /// Nothing is made that could be left out.
    boolean isBrief() {
        return isSparse || depth >= GENEROUS_DEPTH || visits() > GENEROUS_VISITS;
    }

    boolean isTooFar() {
        return depth > MAX_DEPTH || visits() > MAX_VISITS;
    }

    private int visits() {
        return refs == null ? 0 : refs.visits();
    }
}
