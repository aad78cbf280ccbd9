// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed.controller;

import io.uplion.catalog.AIModel;
import io.uplion.catalog.shared.CatalogPublisher;
import io.uplion.counters.SharedState;
import io.uplion.counters.redis.RedisSharedState;
import io.uplion.platform.process.Service;
import io.uplion.queue.pulsar.PulsarAdmin;
import io.uplion.queue.pulsar.PulsarStatistics;
import io.uplion.queue.pulsar.PulsarTopics;
import io.uplion.standalone.models.Models;
import java.time.Clock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes what the models need: topics first, so that nothing is asked for that cannot be kept; then
/// workers; then the catalog that gateways admit by. Composition root.
public final class Controller implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(Controller.class);

    private final PulsarAdmin admin;
    private final PulsarStatistics statistics;
    private final SharedState shared;
    private final CatalogPublisher publisher;
    private final PulsarTopics topics;
    private final PoolFiles pools;
    private final PoolWatch poolWatch;
    private final AutoCloseable models;
    private volatile boolean ready;

    private Controller(ControllerConfig config, Clock clock) {
        this.admin = new PulsarAdmin(config.pulsarAdminUrl());
        this.topics = new PulsarTopics(admin);
        topics.prepare();
        this.statistics = new PulsarStatistics(admin);
        this.shared = RedisSharedState.at(config.redis());
        this.publisher = CatalogPublisher.start(shared);
        this.pools = new PoolFiles(config.pools());
        this.poolWatch =
                PoolWatch.start(
                        new PoolWatch.Ports(statistics::poll, topics, publisher, clock),
                        config.workers());
        this.models = Models.watching(config.models(), config.discovery(), this::apply);
        ready = true;
    }

    public static Controller start(ControllerConfig config, Clock clock) {
        return new Controller(config, clock);
    }

    private void apply(List<AIModel> wanted) {
        wanted.stream().map(AIModel::model).distinct().forEach(topics::createTopic);
        pools.write(wanted);
        publisher.publish(wanted);
        poolWatch.wanted(wanted);
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    /// Nothing is taken back: gateways and workers go on without it.
    @Override
    public void close() {
        ready = false;
        try {
            models.close();
        } catch (Exception e) {
            LOG.atWarn().setCause(e).log("the models are watched no longer, and did not like it");
        }
        poolWatch.close();
        publisher.close();
        statistics.close();
        shared.close();
        admin.close();
    }
}
