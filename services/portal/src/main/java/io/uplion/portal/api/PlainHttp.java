// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.api;

import io.uplion.portal.http.Call;
import io.uplion.portal.http.ProblemException;

/// Where nobody's password may be taken.
final class PlainHttp {
    private PlainHttp() {}

    static void refuse(Call call) {
        if (!call.client().secure()) {
            throw ProblemException.of(
                    403,
                    "plain_http",
                    "Passwords are not taken over plain HTTP: whoever is on the way could read"
                            + " yours. Use https, or this machine's own address.");
        }
    }
}
