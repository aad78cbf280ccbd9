// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.distributed;

import io.uplion.standalone.StandaloneConfig.Options;
import java.util.List;
import java.util.Map;

/// What `up --distributed` needs to know. The services read their own settings from the environment
/// that they inherit.
///
/// @param workers of each AIModel
/// @param jvm options of this JVM that its children get too
public record DistributedConfig(
        Options options,
        int gateways,
        int workers,
        Map<String, String> environment,
        List<String> jvm) {}
