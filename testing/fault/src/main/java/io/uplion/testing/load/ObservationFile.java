// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.testing.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Observations as lines of JSON, one each. Moments are `System.nanoTime()`, so a file means what
/// it says on the machine it was written on, until that is restarted.
public final class ObservationFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ObservationFile() {}

    public static void write(Path file, List<Observation> observations) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            for (Observation one : observations) {
                out.write(JSON.writeValueAsString(one));
                out.newLine();
            }
        }
    }

    /// @throws IOException if there is no such file, or it is another kind of file
    public static List<Observation> read(Path file) throws IOException {
        List<Observation> observations = new ArrayList<>();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            observations.add(JSON.readValue(line, Observation.class));
        }
        return observations;
    }
}
