// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.openai;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.uplion.openai.RequestHead.Edits;
import io.uplion.openai.RequestHead.Span;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Splices a few bytes into a body and leaves all others as the client wrote them.
final class BodyEdit {
    private static final String ASK = "\"include_usage\":true";

    private BodyEdit() {}

    /// @param span what is replaced; an empty one inserts
    private record Splice(Span span, String text) {}

    static byte[] apply(RequestHead head, byte[] body, String upstreamModel) {
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
        return splices.isEmpty() ? body : splice(body, splices);
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

    private static byte[] splice(byte[] body, List<Splice> splices) {
        splices.sort(Comparator.comparingInt(splice -> splice.span().from()));
        ByteArrayOutputStream edited = new ByteArrayOutputStream(body.length + 128);
        int copied = 0;
        for (Splice splice : splices) {
            edited.write(body, copied, splice.span().from() - copied);
            edited.writeBytes(splice.text().getBytes(StandardCharsets.UTF_8));
            copied = splice.span().to();
        }
        edited.write(body, copied, body.length - copied);
        return edited.toByteArray();
    }
}
