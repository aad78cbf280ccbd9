// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// What is known of the models' queues in a platform of many processes: one gateway asks the
/// broker, all of them know.
@NullMarked
package io.uplion.gateway.statistics;

import org.jspecify.annotations.NullMarked;
