// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.SplittableRandom;

/// `/v1/embeddings`: the same text gives the same unit vector.
record Embeddings(Asked asked, Script script) {

    String whole() {
        StringBuilder out = new StringBuilder("{\"object\":\"list\",\"data\":[");
        List<Long> seeds = asked.prompt().seeds();
        for (int i = 0; i < seeds.size(); i++) {
            out.append(i == 0 ? "" : ",")
                    .append("{\"object\":\"embedding\",\"index\":")
                    .append(i)
                    .append(",\"embedding\":");
            embedding(out, vector(seeds.get(i)));
            out.append('}');
        }
        int words = asked.prompt().words();
        out.append("],\"model\":").append(JsonText.quoted(asked.model()));
        if (script.frames().usage()) {
            out.append(",\"usage\":{\"prompt_tokens\":")
                    .append(words)
                    .append(",\"total_tokens\":")
                    .append(words)
                    .append('}');
        }
        return out.append('}').toString();
    }

    private float[] vector(long seed) {
        int asks = asked.vectors().dimensions();
        float[] vector = new float[asks > 0 ? asks : script.content().dimensions()];
        SplittableRandom random = new SplittableRandom(seed);
        double square = 0;
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) random.nextDouble(-1, 1);
            square += (double) vector[i] * vector[i];
        }
        double length = Math.sqrt(square);
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (vector[i] / length);
        }
        return vector;
    }

    private void embedding(StringBuilder out, float[] vector) {
        if (asked.vectors().base64()) {
            out.append('"').append(base64(vector)).append('"');
            return;
        }
        out.append('[');
        for (int i = 0; i < vector.length; i++) {
            out.append(i == 0 ? "" : ",").append(vector[i]);
        }
        out.append(']');
    }

    /// Little-endian 32-bit floats, as OpenAI sends them.
    private static String base64(float[] vector) {
        ByteBuffer bytes = ByteBuffer.allocate(vector.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : vector) {
            bytes.putFloat(value);
        }
        return Base64.getEncoder().encodeToString(bytes.array());
    }
}
