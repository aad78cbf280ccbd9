// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.uplion.openai.RequestHead.Edits;
import io.uplion.openai.RequestHead.Span;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Splices a few bytes into a body and leaves all others where the client wrote them: nothing of a
/// body is copied.
final class BodyEdit {
    private static final String ASK = "\"include_usage\":true";

    private BodyEdit() {}

    /// @param span what is replaced; an empty one inserts
    private record Splice(Span span, String text) {}

    static List<ByteBuffer> apply(RequestHead head, byte[] body, String upstreamModel) {
        List<Splice> splices = new ArrayList<>(2);
        Edits edits = head.edits();
        if (!upstreamModel.equals(head.model())) {
            String quoted =
                    new String(JsonStringEncoder.getInstance().quoteAsString(upstreamModel));
            splices.add(new Splice(edits.model(), '"' + quoted + '"'));
        }
        if (head.stream() && !head.wantsUsage()) {
            splices.add(askForUsage(edits));
        }
        return splice(body, splices);
    }

    private static Splice askForUsage(Edits edits) {
        Span options = edits.streamOptions();
        if (!options.present()) {
            // Never the last field: a body without `model` is refused before this.
            return insert(edits.open(), "\"stream_options\":{" + ASK + "},");
        }
        if (edits.includeUsage().present()) {
            return new Splice(edits.includeUsage(), "true");
        }
        if (edits.streamOptionsEmpty()) {
            return new Splice(options, "{" + ASK + "}");
        }
        return insert(options.from() + 1, ASK + ",");
    }

    private static Splice insert(int at, String text) {
        return new Splice(new Span(at, at), text);
    }

    private static List<ByteBuffer> splice(byte[] body, List<Splice> splices) {
        splices.sort(Comparator.comparingInt(splice -> splice.span().from()));
        List<ByteBuffer> pieces = new ArrayList<>();
        int told = 0;
        for (Splice splice : splices) {
            pieces.add(ByteBuffer.wrap(body, told, splice.span().from() - told));
            pieces.add(ByteBuffer.wrap(splice.text().getBytes(StandardCharsets.UTF_8)));
            told = splice.span().to();
        }
        pieces.add(ByteBuffer.wrap(body, told, body.length - told));
        return pieces;
    }
}
