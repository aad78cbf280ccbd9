// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.gateway.http;

import io.uplion.catalog.live.ServedModel;
import io.uplion.platform.identity.Principal;
import java.util.List;
import java.util.Optional;

/// The models a principal may see.
public interface ModelListing {
    List<ServedModel> of(Principal principal);

    Optional<ServedModel> one(Principal principal, String model);
}
