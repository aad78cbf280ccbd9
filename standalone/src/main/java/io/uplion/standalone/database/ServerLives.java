// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.database;

/// Told when the database server begins and when it has died. Calls come one at a time, on a thread
/// of the database's own.
public interface ServerLives {
    ServerLives UNHEARD =
            new ServerLives() {
                @Override
                public void began(ProcessHandle server) {
                    // Nobody wants to know.
                }

                @Override
                public void died() {
                    // Nobody wants to know.
                }
            };

    void began(ProcessHandle server);

    /// It will be started again.
    void died();
}
