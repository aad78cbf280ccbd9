// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.clients;

/// Whose models are asked for.
public enum Client {
    OPENAI_JAVA("java"),
    OPENAI_NODE("node"),
    OPENAI_PYTHON("python"),
    LANGCHAIN4J("langchain4j"),
    SPRING_AI("spring-ai");

    private final String id;

    Client(String id) {
        this.id = id;
    }

    public String id() {
        return id;
    }
}
