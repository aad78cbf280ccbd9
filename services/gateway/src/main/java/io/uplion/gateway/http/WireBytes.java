// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/// The bytes of one connection on their way to the HTTP decoder. It counts those which are no
/// request yet.
final class WireBytes extends ChannelInboundHandlerAdapter implements UnfinishedHeads.Sender {
    private final Runnable begun;
    private final UnfinishedHeads heads;
    private @Nullable ChannelHandlerContext place;
    private boolean inBody;
    private boolean gone;

    /// What the decoder has not used up; it belongs to the decoder.
    private @Nullable ByteBuf rest;

    private long headBytes;
    private long told;

    /// @param begun bytes came that belong to no request yet
    WireBytes(Runnable begun, UnfinishedHeads heads) {
        this.begun = begun;
        this.heads = heads;
    }

    /// Lets it see what the decoder keeps.
    void watch(ByteToMessageDecoder decoder) {
        decoder.setCumulator(
                (memory, kept, more) -> {
                    // The rest of a body is no beginning of anything.
                    headBytes += inBody ? 0 : more.readableBytes();
                    ByteBuf all =
                            ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(memory, kept, more);
                    rest = all;
                    return all;
                });
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        place = context;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (gone) {
            ReferenceCountUtil.release(message);
            return;
        }
        if (!inBody) {
            begun.run();
        }
        context.fireChannelRead(message);
        tellHeld();
    }

    /// The decoder has made this of the bytes, and nobody has seen it yet.
    void decoded(Object message) {
        forgetWhatIsUsedUp();
        if (message instanceof HttpRequest) {
            inBody = true;
            headBytes = 0;
        }
        if (message instanceof LastHttpContent) {
            inBody = false;
            headBytes = rest == null ? 0 : rest.readableBytes();
        }
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
        long now = gone ? 0 : Math.max(headBytes, rest == null ? 0 : rest.capacity());
        if (now != told) {
            told = now;
            heads.holds(this, now);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        gone = true;
        tellHeld();
        context.fireChannelInactive();
    }

    /// From here, so that nobody behind, who takes his time to say good-bye, is asked.
    @Override
    public void cut() {
        gone = true;
        told = 0;
        if (place != null) {
            place.close();
        }
    }
}
