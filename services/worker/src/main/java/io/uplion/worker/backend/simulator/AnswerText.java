// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import java.util.ArrayList;
import java.util.List;

/// The words of the engine without weights.
final class AnswerText {
    static final String WHO = "This is UPLION's simulator, no language model.";

    /// Said in turn until the answer is long enough.
    private static final List<List<String>> FILLER =
            List.of(
                    Pieces.of(" It has no weights and knows nothing about anything."),
                    Pieces.of(" It speaks at the pace it was told, one word after the other."),
                    Pieces.of(" Your words took the way they would take to a real model."),
                    Pieces.of(" A queue kept them until a worker had a free slot."),
                    Pieces.of(" The worker streams this text back to you as it comes."),
                    Pieces.of(" Every token you see here is counted, as it would be on a bill."),
                    Pieces.of(" Add a model of your own, and it will answer in this place."));

    private final String opening;
    private final int tokens;

    /// @param opening what is said before the filler
    /// @param tokens the answer's length
    private AnswerText(String opening, int tokens) {
        this.opening = opening;
        this.tokens = tokens;
    }

    static AnswerText toMessages(Messages messages, int tokens) {
        StringBuilder opening = new StringBuilder(WHO);
        String quote = Quote.of(messages.text());
        if (!quote.isEmpty()) {
            opening.append(messages.toolAnswered() ? " The tool answered: “" : " You wrote: “");
            opening.append(quote).append("”.");
        }
        switch (messages.images()) {
            case 0 -> {}
            case 1 -> opening.append(" You sent 1 image, which it cannot see.");
            default ->
                    opening.append(" You sent ")
                            .append(messages.images())
                            .append(" images, which it cannot see.");
        }
        return new AnswerText(opening.toString(), tokens);
    }

    static AnswerText toPrompt(String prompt, int tokens) {
        return toMessages(new Messages(prompt, 0, false), tokens);
    }

    /// There are no more texts than there are fillers to begin with, so many choices share one.
    List<Choice.Text> choices(Limits limits, long seed, int n) {
        List<Choice.Text> variants = new ArrayList<>();
        for (int variant = 0; variant < Math.min(n, FILLER.size()); variant++) {
            variants.add(Choice.Text.of(Limited.of(pieces(seed + variant), limits, Finish.STOP)));
        }
        List<Choice.Text> choices = new ArrayList<>();
        for (int index = 0; index < n; index++) {
            choices.add(variants.get(index % FILLER.size()));
        }
        return choices;
    }

    private List<String> pieces(long variant) {
        List<String> pieces = new ArrayList<>(Pieces.of(opening));
        for (long turn = variant; pieces.size() < tokens; turn++) {
            pieces.addAll(FILLER.get((int) Math.floorMod(turn, (long) FILLER.size())));
        }
        if (pieces.size() == tokens || tokens < 2) {
            return List.copyOf(pieces.subList(0, tokens));
        }
        List<String> cut = new ArrayList<>(pieces.subList(0, tokens - 1));
        cut.add("…");
        return List.copyOf(cut);
    }
}
