// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.load;

import io.uplion.testing.http.BodyEnd;
import io.uplion.testing.http.RawHttp;
import io.uplion.testing.http.ResponseHead;
import io.uplion.testing.http.SseClient;
import io.uplion.testing.http.SseComment;
import io.uplion.testing.http.SseEvent;
import io.uplion.testing.load.End.Kind;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// One request and what is heard of it, on one virtual thread. Whether a client leaves or has
/// waited too long is decided by another one, which closes the connection.
final class Client {
    private static final String PATH = "/v1/chat/completions";

    private final Ask ask;
    private final String marker;
    private final String baseUrl;
    private final Backstage backstage;
    private final Progress progress;
    private final AtomicReference<@Nullable Kind> closedAs = new AtomicReference<>();
    private final Reception reception = new Reception();
    private final List<SseComment> comments = new ArrayList<>();
    private volatile @Nullable RawHttp http;
    private ResponseHead head = new ResponseHead(0, Map.of());
    private String code = "";
    private String detail = "";

    /// What a client tells while it is under way.
    interface Progress {
        void answered();

        void spoken();
    }

    Client(Ask ask, String marker, String baseUrl, Backstage backstage, Progress progress) {
        this.ask = ask;
        this.marker = marker;
        this.baseUrl = baseUrl;
        this.backstage = backstage;
        this.progress = progress;
    }

    Observation run() {
        backstage.connecting().acquireUninterruptibly();
        long at = System.nanoTime();
        List<Future<?>> timers = timers();
        BodyEnd body = BodyEnd.TRUNCATED;
        try {
            body = converse();
        } catch (UncheckedIOException e) {
            detail = e.getMessage() + ": " + e.getCause();
        } catch (RuntimeException e) {
            detail = "not HTTP: " + e;
        } finally {
            timers.forEach(timer -> timer.cancel(false));
        }
        End end = end(body);
        goAway(Kind.COMPLETED);
        return new Observation(
                new Sent(marker, baseUrl, ask.model(), ask.stream(), ask.promptWords(), at),
                new Heard(
                        head.status(),
                        head.headers(),
                        reception.frames(),
                        comments,
                        reception.usage()),
                end);
    }

    private List<Future<?>> timers() {
        List<Future<?>> timers = new ArrayList<>();
        timers.add(backstage.after(ask.hungAfter(), () -> goAway(Kind.HUNG)));
        if (ask.leave() instanceof Leave.AfterTime(Duration delay)) {
            timers.add(backstage.after(delay, this::leave));
        }
        return timers;
    }

    void leave() {
        goAway(Kind.CANCELLED_BY_CLIENT);
    }

    /// Closes the connection; the first reason counts.
    private void goAway(Kind why) {
        if (closedAs.compareAndSet(null, why)) {
            RawHttp open = http;
            if (open != null) {
                open.close();
            }
        }
    }

    private BodyEnd converse() {
        try (RawHttp open = connect()) {
            post(open);
            SseClient answer = SseClient.read(open);
            head = answer.head();
            if (head.status() == 0) {
                return open.end();
            }
            progress.answered();
            if (head.status() == 200 && ask.stream()) {
                stream(answer);
            } else {
                whole(answer);
            }
            return open.end();
        }
    }

    /// One that was told to leave before it was connected is closed here.
    private RawHttp connect() {
        try {
            RawHttp open =
                    RawHttp.connect(baseUrl, ask.manners().intake()).waitAtMost(Duration.ZERO);
            http = open;
            if (closedAs.get() != null) {
                open.close();
            }
            return open;
        } finally {
            backstage.connecting().release();
        }
    }

    private void post(RawHttp open) {
        Map<String, String> headers = new LinkedHashMap<>(backstage.headers());
        headers.putAll(ask.headers());
        try {
            open.post(URI.create(baseUrl).getRawPath() + PATH, ask.body(marker), headers);
        } catch (UncheckedIOException e) {
            // A server that refuses need not read the body: its answer may be there all the same.
            detail = "could not send: " + e.getCause();
        }
    }

    private void stream(SseClient answer) {
        int frames = 0;
        for (Optional<SseEvent> next = answer.next(); next.isPresent(); next = answer.next()) {
            reception.event(next.get());
            if (frames++ == 0) {
                progress.spoken();
            }
            if (ask.leave() instanceof Leave.AfterFrames(int limit) && frames >= limit) {
                leave();
                break;
            }
        }
        comments.addAll(answer.timedComments());
    }

    private void whole(SseClient answer) {
        String body = answer.body();
        if (head.status() == 200) {
            progress.spoken();
            if (answer.end() == BodyEnd.COMPLETE) {
                reception.whole(body, System.nanoTime());
            }
        } else {
            code = Reception.code(body);
        }
    }

    private End end(BodyEnd body) {
        Kind closed = closedAs.get();
        Kind kind = closed == null || isComplete(body) ? kind(body) : closed;
        String told = kind == Kind.ERROR_EVENT ? reception.errorCode() : code;
        return new End(kind, told, detail, body, System.nanoTime());
    }

    private Kind kind(BodyEnd body) {
        if (isComplete(body)) {
            return Kind.COMPLETED;
        }
        if (reception.heard(Frame.Kind.ERROR)) {
            return Kind.ERROR_EVENT;
        }
        boolean refused = head.status() != 200 && head.status() != 0;
        return refused && body == BodyEnd.COMPLETE ? Kind.HTTP_ERROR : Kind.CONNECTION_BROKEN;
    }

    /// A client that has read `[DONE]` has its answer, whatever happens to the connection then.
    private boolean isComplete(BodyEnd body) {
        return ask.stream()
                ? reception.heard(Frame.Kind.DONE)
                : reception.heard(Frame.Kind.FINISH) && body == BodyEnd.COMPLETE;
    }
}
