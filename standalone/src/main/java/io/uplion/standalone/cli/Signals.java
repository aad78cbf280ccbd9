// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.cli;

import java.lang.reflect.Proxy;
import java.util.List;

/// The signals that ask a program to end: Ctrl-C, `kill`, and a terminal that goes away.
///
/// A shutdown hook hears only the first of them, and the second is the one that means it. Only
/// `sun.misc.Signal` hears both. It is called by reflection because javac warns of it by name, and
/// this warning cannot be answered.
final class Signals {
    private static final List<String> ENDING = List.of("INT", "TERM", "HUP");

    private Signals() {}

    /// From now on these signals call `handler`, on a thread of their own, and end nothing by
    /// themselves. One that the process was told to ignore (`nohup`) stays ignored.
    @SuppressWarnings("ReferenceEquality")
    static void onEnd(Runnable handler) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            Object adapter =
                    Proxy.newProxyInstance(
                            Signals.class.getClassLoader(),
                            new Class<?>[] {handlerType},
                            (proxy, method, arguments) ->
                                    switch (method.getName()) {
                                        case "handle" -> {
                                            handler.run();
                                            yield null;
                                        }
                                        case "equals" -> proxy == arguments[0];
                                        case "hashCode" -> System.identityHashCode(proxy);
                                        default -> "end";
                                    });
            for (String name : ENDING) {
                signal.getMethod("handle", signal, handlerType)
                        .invoke(
                                null,
                                signal.getConstructor(String.class).newInstance(name),
                                adapter);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("this Java does not tell about signals", e);
        }
    }
}
