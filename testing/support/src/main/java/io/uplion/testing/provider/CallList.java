// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.provider;

/// `GET /fake/calls`: the record, for whoever runs in another process. Moments are told by their
/// age, because processes need not agree on what `System.nanoTime()` counts from.
final class CallList {
    private CallList() {}

    static String of(Recording recording) {
        // Those under way first: one that ends in between is then listed twice, and not missed.
        StringBuilder out = new StringBuilder("{\"calls\":[");
        long now = System.nanoTime();
        for (Underway one : recording.underway()) {
            call(out, one.serial(), one.user(), now - one.atNanos()).append("},");
        }
        for (Served one : recording.served()) {
            call(out, one.serial(), one.user(), now - one.received().atNanos())
                    .append(",\"ending\":\"")
                    .append(one.ending())
                    .append("\",\"tokens\":")
                    .append(one.tokens())
                    .append(",\"endedNanosAgo\":")
                    .append(now - one.outcome().atNanos())
                    .append("},");
        }
        if (out.charAt(out.length() - 1) == ',') {
            out.setLength(out.length() - 1);
        }
        return out.append("],\"dropped\":").append(recording.dropped()).append('}').toString();
    }

    private static StringBuilder call(StringBuilder out, long serial, String user, long ago) {
        return out.append("{\"serial\":")
                .append(serial)
                .append(",\"user\":")
                .append(JsonText.quoted(user))
                .append(",\"beganNanosAgo\":")
                .append(ago);
    }
}
