// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.worker.backend.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.uplion.openai.Endpoint;
import io.uplion.worker.backend.Backend.Request;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A body may have tens of megabytes, and several are read at one time.
class LargeBodiesTest {
    private static final int BYTES = 20 << 20;
    private static final Replies REPLIES = new Replies("simulator", 30);

    private static String repeated(String text) {
        return text.repeat(BYTES / text.length());
    }

    private static String answer(Request request) {
        var reply = REPLIES.to(request);
        var whole =
                switch (reply) {
                    case Reply.Answered answered -> answered.answer();
                    case Reply.Refused refused -> refused.answer();
                    case Reply.Streamed _ -> throw new AssertionError(reply);
                };
        return new String(whole.body(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            commentCharacter = '!',
            value = {
                "CHAT        | 'messages':[{'role':'user','content':'hi #'}]                       "
                        + " |word ",
                "CHAT        | 'messages':[{'role':'user','content':'hi #'}]                       "
                        + " |\\u00e4",
                "CHAT        | 'messages':[{'role':'user','content':[{'type':'text','text':'hi"
                        + " #'}]}]|模",
                "CHAT        |"
                        + " 'messages':[{'role':'system','content':'#'},{'role':'user','content':'hi'}]|x",
                "COMPLETIONS | 'prompt':'hi #'                                                     "
                        + " |x",
                "COMPLETIONS | 'prompt':['hi','#']                                                 "
                        + " |x",
            })
    void nothingOfALargeBodyIsCopied(Endpoint endpoint, String fields, String text) {
        var request = Conversation.request(endpoint, fields.strip().replace("#", repeated(text)));
        answer(Conversation.request(endpoint, fields.replace("#", "")));
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        var said = answer(request);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2 << 20);
        assertThat(said).contains("simulator").contains("hi");
    }

    @Test
    void anyNumberOfMessagesAndIdsIsRead() {
        var many = repeated("{'role':'user'},") + "{'role':'user','content':'hi'}";
        assertThat(answer(Conversation.request(Endpoint.CHAT, "'messages':[" + many + "]")))
                .contains("hi");
        var ids = "'prompt':[" + repeated("7,") + "7]";
        assertThat(answer(Conversation.request(Endpoint.COMPLETIONS, ids))).contains("7 7 7");
    }

    @Test
    void longTextHasItsVector() {
        var input = "'input':['" + repeated("ab ") + "','ab','other']";
        var json =
                Conversation.json(
                        answer(Conversation.request(Endpoint.EMBEDDINGS, input))
                                .getBytes(StandardCharsets.UTF_8));
        assertThat(json.path("data").path(0).path("embedding"))
                .isEqualTo(json.path("data").path(1).path("embedding"))
                .isNotEqualTo(json.path("data").path(2).path("embedding"));
    }

    @Test
    void optionsThatWouldTakeManyTimesTheirBytesAreRefused() {
        var tools =
                "'messages':[{'role':'user','content':'hi'}],'tools':[" + repeated("[],") + "[]]";
        assertThat(answer(Conversation.request(Endpoint.CHAT, tools)))
                .contains("\"param\":\"tools\"", "\"code\":\"invalid_value\"");
    }
}
