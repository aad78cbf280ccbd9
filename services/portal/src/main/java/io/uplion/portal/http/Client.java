// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.portal.http;

/// Where a request comes from.
///
/// @param address of the client itself, if proxies before us may be believed
/// @param secure nobody on the way can read along: TLS, or the machine itself
public record Client(String address, String userAgent, boolean secure) {}
