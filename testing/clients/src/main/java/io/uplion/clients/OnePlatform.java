// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients;

import io.uplion.testing.platform.Platform;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives tests the one platform of this run, started when the first asks for it.
public final class OnePlatform implements ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(OnePlatform.class);

    /// Soon enough for a test to see what a client does with headers and comments that come before
    /// the first token.
    private static final Map<String, String> SOON =
            Map.of("UPLION_GATEWAY_HEADERS_WAIT", "300ms", "UPLION_GATEWAY_KEEP_ALIVE", "300ms");

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == PlatformUnderTest.class;
    }

    @Override
    public PlatformUnderTest resolveParameter(
            ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(
                        PlatformUnderTest.class,
                        _ -> new PlatformUnderTest(Platform.start(SOON, Behaviour.scripts())),
                        PlatformUnderTest.class);
    }
}
