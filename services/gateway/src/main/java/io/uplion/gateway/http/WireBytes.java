// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// The bytes of one connection on their way to the HTTP decoder. It counts those which are no
/// request yet.
///
/// Where requests wait behind one that is not answered, the server stops reading, and would not see
/// that the client leaves. So it is [probed][#probe]: what comes then is kept here until the server
/// reads again.
final class WireBytes extends ChannelDuplexHandler implements UnfinishedHeads.Sender {
    /// Whoever sends more behind a request that is not answered is cut: the end of what it sends
    /// may be that it leaves.
    private static final long MAX_UNREAD_BYTES = 1 << 20;

    /// About what a header takes once it is read, however short its line is.
    private static final long LINE_BYTES = 512;

    /// A line of a few bytes becomes an object of many times its size, and thousands of them fit
    /// into the bytes that a head may have.
    static final int MAX_HEAD_LINES = 200;

    private final Watcher watcher;
    private final UnfinishedHeads heads;
    private @Nullable ChannelHandlerContext place;
    private boolean inBody;
    private boolean gone;
    private int unanswered;

    /// What the decoder has not used up; it belongs to the decoder.
    private @Nullable ByteBuf rest;

    private long headBytes;
    private int lines;
    private boolean lineIsBlank = true;
    private long told;

    /// Oldest first. As long as it is probed, everything goes through here, to stay in order.
    private final Queue<ByteBuf> unread = new ArrayDeque<>();

    private long unreadBytes;
    private boolean probed;
    private boolean resuming;

    /// Is told what comes, on the connection's event loop.
    interface Watcher {
        /// Bytes that belong to no request yet.
        void begun();

        /// The head that comes is not read any further.
        void tooManyLines();
    }

    WireBytes(Watcher watcher, UnfinishedHeads heads) {
        this.watcher = watcher;
        this.heads = heads;
    }

    /// Lets it see what the decoder keeps.
    void watch(ByteToMessageDecoder decoder) {
        decoder.setCumulator(
                (memory, kept, more) -> {
                    // The rest of a body is no beginning of anything.
                    if (!inBody) {
                        addToHead(more);
                    }
                    if (lines > MAX_HEAD_LINES) {
                        kept.release();
                        more.release();
                        rest = null;
                        return Unpooled.EMPTY_BUFFER;
                    }
                    ByteBuf all = ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(memory, kept, more);
                    rest = all;
                    return all;
                });
    }

    /// Looks whether the client is still there, where the server does not.
    void probe() {
        if (place != null && unanswered > 1 && !gone && !reads(place)) {
            probed = true;
            place.read();
        }
    }

    /// One of its requests has its whole answer.
    void answered() {
        unanswered--;
    }

    private static boolean reads(ChannelHandlerContext context) {
        return context.channel().config().isAutoRead();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        place = context;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (gone) {
            ReferenceCountUtil.release(message);
        } else if (probed && message instanceof ByteBuf bytes) {
            keep(bytes);
        } else {
            pass(context, message);
        }
    }

    private void pass(ChannelHandlerContext context, Object message) {
        if (!inBody) {
            watcher.begun();
        }
        context.fireChannelRead(message);
        if (lines > MAX_HEAD_LINES) {
            beginHead();
            watcher.tooManyLines();
        }
        tellHeld();
    }

    private void keep(ByteBuf bytes) {
        unread.add(bytes);
        unreadBytes += bytes.capacity();
        tellHeld();
        if (unreadBytes > MAX_UNREAD_BYTES) {
            close();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (!probed) {
            context.fireChannelReadComplete();
        } else if (!gone && !reads(context)) {
            context.read();
        }
    }

    /// The server wants more. It may be in the middle of something: it gets what is kept here when
    /// it has done that.
    @Override
    public void read(ChannelHandlerContext context) {
        if (!probed || !reads(context)) {
            context.read();
        } else if (!resuming) {
            resuming = true;
            context.executor().execute(() -> resume(context));
        }
    }

    private void resume(ChannelHandlerContext context) {
        resuming = false;
        while (!gone && !unread.isEmpty() && reads(context)) {
            ByteBuf oldest = unread.remove();
            unreadBytes -= oldest.capacity();
            pass(context, oldest);
            context.fireChannelReadComplete();
        }
        probed = !unread.isEmpty();
        if (!gone && reads(context)) {
            context.read();
        }
    }

    /// The decoder has made this of the bytes, and nobody has seen it yet.
    void decoded(Object message) {
        forgetWhatIsUsedUp();
        if (message instanceof HttpRequest) {
            unanswered++;
            inBody = true;
            beginHead();
        }
        if (message instanceof LastHttpContent) {
            inBody = false;
            beginHead();
            if (rest != null) {
                addToHead(rest);
            }
        }
    }

    private void beginHead() {
        headBytes = 0;
        lines = 0;
        lineIsBlank = true;
    }

    private void addToHead(ByteBuf more) {
        headBytes += more.readableBytes();
        more.forEachByte(this::isWithinHead);
    }

    /// Blank lines before a head are none of it, and the one behind it ends it.
    private boolean isWithinHead(byte value) {
        if (value != '\n') {
            lineIsBlank &= value == '\r';
            return true;
        }
        boolean ends = lineIsBlank && lines > 0;
        lines += lineIsBlank ? 0 : 1;
        lineIsBlank = true;
        return !ends;
    }

    /// The decoder gives a buffer back right before it passes on what it made of its last bytes.
    /// Later the same object may be somebody else's.
    private void forgetWhatIsUsedUp() {
        if (rest != null && (rest.refCnt() == 0 || !rest.isReadable())) {
            rest = null;
        }
    }

    private void tellHeld() {
        forgetWhatIsUsedUp();
        long ofHead = Math.max(headBytes + lines * LINE_BYTES, rest == null ? 0 : rest.capacity());
        long now = gone ? 0 : ofHead + unreadBytes;
        if (now != told) {
            told = now;
            heads.holds(this, now);
        }
    }

    @Override
    public void cut() {
        told = 0;
        close();
    }

    /// From here, so that nobody behind, who takes his time to say good-bye, is asked.
    private void close() {
        forgetAll();
        if (place != null) {
            place.close();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        forgetAll();
        context.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
        forgetAll();
    }

    private void forgetAll() {
        gone = true;
        unread.forEach(ReferenceCountUtil::release);
        unread.clear();
        unreadBytes = 0;
        tellHeld();
    }
}
