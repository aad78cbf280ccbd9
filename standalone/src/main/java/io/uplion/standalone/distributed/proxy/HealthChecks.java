// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.proxy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Asks each gateway all the time whether it is ready.
final class HealthChecks implements AutoCloseable {
    private static final long PERIOD_MILLIS = 500;
    private static final int LIMIT_MILLIS = 2_000;
    private static final int OK = 200;

    private final Vertx vertx;
    private final Gateways gateways;
    private final HttpClient http;
    private final Set<Upstream> asked = new HashSet<>();
    private long timer;

    HealthChecks(Vertx vertx, Gateways gateways) {
        this.vertx = vertx;
        this.gateways = gateways;
        this.http = vertx.createHttpClient(new HttpClientOptions().setConnectTimeout(LIMIT_MILLIS));
    }

    /// Done when each gateway has been asked once.
    Future<?> start() {
        timer = vertx.setPeriodic(PERIOD_MILLIS, _ -> gateways.all().forEach(this::check));
        List<Future<Boolean>> first = gateways.all().stream().map(this::check).toList();
        return Future.join(first).otherwiseEmpty();
    }

    /// Not again while an answer is out.
    private Future<Boolean> check(Upstream gateway) {
        synchronized (asked) {
            if (!asked.add(gateway)) {
                return Future.succeededFuture(false);
            }
        }
        RequestOptions options =
                new RequestOptions()
                        .setMethod(HttpMethod.GET)
                        .setAbsoluteURI(gateway.readiness().toString())
                        .setTimeout(LIMIT_MILLIS);
        return http.request(options)
                .compose(HttpClientRequest::send)
                .map(answer -> answer.statusCode() == OK)
                .otherwise(false)
                .onSuccess(well -> answered(gateway, well));
    }

    private void answered(Upstream gateway, boolean well) {
        synchronized (asked) {
            asked.remove(gateway);
        }
        gateways.mark(gateway, well);
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
        http.close();
    }
}
