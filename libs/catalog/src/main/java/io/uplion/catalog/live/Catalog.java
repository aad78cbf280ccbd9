// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.catalog.live;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// The models that exist now. Reads are cheap: one look-up in a snapshot.
public interface Catalog {
    @Nullable ServedModel find(String model);

    Collection<ServedModel> models();
}
