// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
/// Which models exist on a laptop: files, what is found beside us, the simulator; and their
/// workers.
@NullMarked
package io.uplion.standalone.models;

import org.jspecify.annotations.NullMarked;
