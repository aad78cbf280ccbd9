// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// One request from its head to its end, and the record of it. Used on its event loop only.
final class Exchange {
    private static final int KEPT_BODY = 64 * 1024;

    private final HttpServerRequest request;
    private final Recording recording;
    private final long serial;
    private final long atNanos = System.nanoTime();
    private Buffer body = Buffer.buffer();
    private String model = "";
    private String user = "";
    private int tokens;
    private boolean over;

    Exchange(HttpServerRequest request, Recording recording) {
        this.request = request;
        this.recording = recording;
        this.serial = recording.begin();
        HttpServerResponse response = request.response();
        response.closeHandler(_ -> finish(Ending.CLIENT_GONE));
        response.exceptionHandler(_ -> finish(Ending.CLIENT_GONE));
    }

    HttpServerRequest request() {
        return request;
    }

    String path() {
        return Objects.requireNonNullElse(request.path(), "");
    }

    HttpServerResponse response() {
        return request.response();
    }

    long serial() {
        return serial;
    }

    long startNanos() {
        return atNanos;
    }

    Buffer body() {
        return body;
    }

    void body(Buffer read) {
        body = read;
    }

    void asked(String askedModel, String askedUser) {
        model = askedModel;
        user = askedUser;
        if (!over) {
            recording.underway(new Underway(serial, user, atNanos));
        }
    }

    void sent(int more) {
        tokens += more;
    }

    boolean over() {
        return over;
    }

    /// Counts and records the end. The first call counts: what comes later is its consequence.
    void finish(Ending ending) {
        if (over) {
            return;
        }
        over = true;
        // Before it is counted out: who has waited until nothing is in flight finds it.
        keep(ending);
        recording.end(ending, tokens);
        recording.over(serial);
    }

    /// Ends with these last bytes. Recorded before they are written, so that a client that has read
    /// the answer finds it recorded; corrected if they cannot be written.
    void end(Ending ending, Buffer last) {
        finish(ending);
        Future<Void> written = response().end(last);
        if (ending == Ending.COMPLETED) {
            written.onFailure(_ -> correct());
        }
    }

    private void correct() {
        recording.correctToGone();
        keep(Ending.CLIENT_GONE);
    }

    private void keep(Ending ending) {
        if (!recording.keeping()) {
            return;
        }
        recording.keep(
                new Served(
                        serial, received(), new Served.Outcome(ending, tokens, System.nanoTime())));
    }

    private Served.Received received() {
        Buffer kept = body.length() <= KEPT_BODY ? body : Buffer.buffer();
        return new Served.Received(
                path(), model, user, headers(), kept, body.length(), sha256(body), atNanos);
    }

    private static String sha256(Buffer body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(body.getBytes()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        request.headers()
                .forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
        return headers;
    }
}
