// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.manifest;

import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.parser.Parser;

/// Stops at a document that is nested or aliased beyond reason, before anything is built from it:
/// the composer recurses, and has no limit of its own.
final class BoundedParser implements Parser {
    static final int MAX_DEPTH = 50;
    static final int MAX_ALIASES = 50;

    private final Parser parser;
    private int depth;
    private int aliases;

    BoundedParser(Parser parser) {
        this.parser = parser;
    }

    @Override
    public boolean checkEvent(Event.ID choice) {
        return parser.checkEvent(choice);
    }

    @Override
    public Event peekEvent() {
        return parser.peekEvent();
    }

    @Override
    public boolean hasNext() {
        return parser.hasNext();
    }

    @Override
    public Event next() {
        Event event = parser.next();
        switch (event.getEventId()) {
            case MappingStart, SequenceStart -> depth++;
            case MappingEnd, SequenceEnd -> depth--;
            case Alias -> aliases++;
            case Comment, DocumentStart, DocumentEnd, Scalar, StreamStart, StreamEnd -> {}
        }
        if (depth > MAX_DEPTH) {
            throw refuse("nested deeper than " + MAX_DEPTH + " levels", event);
        }
        if (aliases > MAX_ALIASES) {
            throw refuse("more than " + MAX_ALIASES + " aliases", event);
        }
        return event;
    }

    private static ParserException refuse(String problem, Event event) {
        return new ParserException(problem, event.getStartMark());
    }
}
