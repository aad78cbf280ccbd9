// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.task.wire;

import io.uplion.task.FromGateway;
import io.uplion.task.wire.v1.GatewayMessage;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// What the gateway says, written and read.
final class GatewayWords {
    private static final int HEADERS = 100;

    private GatewayWords() {}

    /// @throws IllegalArgumentException for what the adapter says itself
    static GatewayMessage write(FromGateway message) {
        GatewayMessage.Builder written = GatewayMessage.newBuilder();
        switch (message) {
            case FromGateway.Go(int attempt, byte[] body) ->
                    written.getGoBuilder().setAttempt(attempt).setBody(Fields.of(body));
            case FromGateway.Done(Optional<FromGateway.Letter> letter, boolean blameless) -> {
                GatewayMessage.Done.Builder done = written.getDoneBuilder();
                done.setBlameless(blameless);
                letter.ifPresent(given -> done.setLetter(letter(given)));
            }
            case FromGateway.Later(Duration backoff) ->
                    written.getLaterBuilder().setBackoff(Fields.of(backoff));
            case FromGateway.Committed committed ->
                    written.getCommittedBuilder()
                            .setAttempt(committed.attempt())
                            .setClaim(ClaimWords.write(committed.claim()));
            case FromGateway.Pace(boolean hold) -> written.getPaceBuilder().setHold(hold);
            case FromGateway.Cancel(FromGateway.Cancel.Reason reason) ->
                    written.getCancelBuilder().setReason(reason(reason));
            case FromGateway.Lost lost -> throw new IllegalArgumentException(lost + " is not said");
        }
        return written.build();
    }

    private static GatewayMessage.Letter letter(FromGateway.Letter letter) {
        GatewayMessage.Letter.Builder written =
                GatewayMessage.Letter.newBuilder()
                        .setBody(Fields.of(letter.body()))
                        .setReason(Fields.of(letter.reason()));
        letter.headers()
                .forEach((name, value) -> written.putHeaders(Fields.of(name), Fields.of(value)));
        return written.build();
    }

    static FromGateway read(GatewayMessage message) {
        return switch (message.getMessageCase()) {
            case GO ->
                    new FromGateway.Go(
                            Fields.attempt(message.getGo().getAttempt()),
                            message.getGo().getBody().toByteArray());
            case DONE -> done(message.getDone());
            case LATER -> later(message.getLater());
            case COMMITTED -> committed(message.getCommitted());
            case CANCEL -> new FromGateway.Cancel(reason(message.getCancel().getReason()));
            case PACE -> new FromGateway.Pace(message.getPace().getHold());
            case MESSAGE_NOT_SET -> throw new MalformedException("no message that is known here");
        };
    }

    private static FromGateway done(GatewayMessage.Done done) {
        return new FromGateway.Done(
                done.hasLetter() ? Optional.of(letter(done.getLetter())) : Optional.empty(),
                done.getBlameless());
    }

    private static FromGateway.Letter letter(GatewayMessage.Letter letter) {
        Map<String, String> headers = letter.getHeadersMap();
        if (headers.size() > HEADERS) {
            throw new MalformedException("letter.headers are " + headers.size());
        }
        headers.forEach(
                (name, value) -> {
                    Fields.text(name, "letter.headers");
                    Fields.text(value, "letter.headers");
                });
        return new FromGateway.Letter(
                headers,
                letter.getBody().toByteArray(),
                Fields.text(letter.getReason(), "letter.reason"));
    }

    private static FromGateway later(GatewayMessage.Later later) {
        Fields.present(later.hasBackoff(), "later.backoff");
        return new FromGateway.Later(Fields.duration(later.getBackoff(), "later.backoff"));
    }

    private static FromGateway committed(GatewayMessage.Committed committed) {
        return new FromGateway.Committed(
                Fields.attempt(committed.getAttempt()), ClaimWords.read(committed.getClaim()));
    }

    private static GatewayMessage.Cancel.Reason reason(FromGateway.Cancel.Reason reason) {
        return switch (reason) {
            case CLIENT_GONE -> GatewayMessage.Cancel.Reason.REASON_CLIENT_GONE;
            case CLIENT_TOO_SLOW -> GatewayMessage.Cancel.Reason.REASON_CLIENT_TOO_SLOW;
            case KEY_REVOKED -> GatewayMessage.Cancel.Reason.REASON_KEY_REVOKED;
            case SHUTTING_DOWN -> GatewayMessage.Cancel.Reason.REASON_SHUTTING_DOWN;
        };
    }

    private static FromGateway.Cancel.Reason reason(GatewayMessage.Cancel.Reason reason) {
        return switch (reason) {
            case REASON_CLIENT_GONE -> FromGateway.Cancel.Reason.CLIENT_GONE;
            case REASON_CLIENT_TOO_SLOW -> FromGateway.Cancel.Reason.CLIENT_TOO_SLOW;
            case REASON_KEY_REVOKED -> FromGateway.Cancel.Reason.KEY_REVOKED;
            case REASON_SHUTTING_DOWN -> FromGateway.Cancel.Reason.SHUTTING_DOWN;
            case REASON_UNSPECIFIED, UNRECOGNIZED ->
                    throw new MalformedException("cancel.reason is unknown here");
        };
    }
}
