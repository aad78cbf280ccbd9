// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone;

import io.uplion.standalone.data.FirstRun;
import java.util.List;
import java.util.Optional;

/// A platform that runs, in whatever form.
public interface Running extends AutoCloseable {
    /// Where clients connect.
    String url();

    int managementPort();

    /// The names of the models that it serves now.
    List<String> models();

    /// What the first start made; nothing at later ones.
    Optional<FirstRun> firstRun();

    /// Sends other programs away without waiting for them, for a process that ends now whatever
    /// runs.
    void abandon();

    /// Finishes the running answers, then stops everything.
    @Override
    void close();
}
