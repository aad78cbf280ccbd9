// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.e2e;

import io.netty.buffer.ByteBuf;
import io.netty.util.ResourceLeakDetector;
import java.lang.reflect.Field;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/// The pooled buffers of this process that somebody has taken and not given back, by Netty's own
/// books. Those whose holder the garbage collector took are no longer in the books: they are lost.
final class HeldBuffers implements AutoCloseable {
    private final ResourceLeakDetector.Level before = ResourceLeakDetector.getLevel();
    private final ResourceLeakDetector<ByteBuf> detector;
    private final Set<?> held;
    private final List<String> lost = new CopyOnWriteArrayList<>();
    private Set<?> heldBefore = Set.of();

    @SuppressWarnings("unchecked")
    HeldBuffers() {
        try {
            var books = field(Class.forName("io.netty.buffer.AbstractByteBuf"), "leakDetector");
            detector = (ResourceLeakDetector<ByteBuf>) books.get(null);
            held = (Set<?>) field(ResourceLeakDetector.class, "allLeaks").get(detector);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("Netty keeps its books elsewhere", e);
        }
    }

    private static Field field(Class<?> type, String name) throws NoSuchFieldException {
        var field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    /// Those that are taken from now on are counted.
    void begin() {
        heldBefore = Set.copyOf(held);
        detector.setLeakListener((_, records) -> lost.add(records));
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
    }

    int count() {
        return (int) held.stream().filter(one -> !heldBefore.contains(one)).count();
    }

    /// Where they had been, as far as it is known.
    List<String> whereabouts() {
        return held.stream()
                .filter(one -> !heldBefore.contains(one))
                .map(Object::toString)
                .toList();
    }

    List<String> lost() {
        return lost;
    }

    @Override
    public void close() {
        ResourceLeakDetector.setLevel(before);
        detector.setLeakListener(null);
    }
}
