// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.data;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/// What is wrong with a file, in words for the operator: the system's own are often the path alone.
public final class FileTrouble {
    private FileTrouble() {}

    /// For example `/data is not a directory`.
    public static String words(IOException failure) {
        return switch (failure) {
            case FileAlreadyExistsException taken -> taken.getFile() + " is not a directory";
            case NotDirectoryException taken -> taken.getFile() + " is not a directory";
            case AccessDeniedException denied ->
                    denied.getFile() + " is not open to this user: it cannot be read or written";
            case NoSuchFileException missing -> missing.getFile() + " is not there";
            case FileSystemException other when other.getReason() != null ->
                    other.getFile() + ": " + other.getReason();
            default -> String.valueOf(failure.getMessage());
        };
    }

    /// Why a directory that should be read cannot be, or nothing.
    static String ofDirectory(Path directory) {
        if (Files.notExists(directory)) {
            return directory + " is not there";
        }
        if (!Files.isDirectory(directory)) {
            return directory + " is not a directory";
        }
        return Files.isReadable(directory) ? "" : directory + " cannot be read by this user";
    }
}
