// SPDX-License-Identifier: Apache-2.0
// Copyright the UPLION authors
package io.uplion.standalone.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The files of one platform. Held by one process at a time; the operating system lets go of it
/// when the process dies.
public final class DataDirectory implements AutoCloseable {
    private static final Set<PosixFilePermission> OWNER_ONLY =
            PosixFilePermissions.fromString("rwx------");

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private DataDirectory(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /// @throws DataException when another process holds it, or it cannot be used
    public static DataDirectory hold(Path path) {
        ShellSafety.check(path);
        try {
            make(path);
            FileChannel channel =
                    FileChannel.open(
                            path.resolve("up.lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                String owner = owner(channel);
                channel.close();
                throw new DataException("the data directory " + path + " is in use" + owner);
            }
            writeOwner(channel);
            OwnerFile.tidy(path);
            return new DataDirectory(path, channel, lock);
        } catch (IOException e) {
            throw new DataException("the data directory cannot be used: " + FileTrouble.words(e));
        }
    }

    /// For its owner alone: prompts, keys and passwords are in it.
    private static void make(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try {
            Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String owner(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(20);
        channel.read(text, 0);
        String pid =
                new String(text.array(), 0, text.position(), StandardCharsets.US_ASCII).strip();
        return pid.isEmpty() ? "" : " by process " + pid;
    }

    private static void writeOwner(FileChannel channel) throws IOException {
        channel.truncate(0);
        String pid = Long.toString(ProcessHandle.current().pid());
        channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)), 0);
    }

    public Path path() {
        return path;
    }

    /// Made where it is missing.
    ///
    /// @throws DataException when it is not a directory that can be read
    public Path directory(String name) {
        Path directory = path.resolve(name);
        try {
            make(directory);
        } catch (IOException e) {
            throw new DataException(directory + " cannot be made: " + FileTrouble.words(e));
        }
        return readable(directory);
    }

    /// For what nobody else may read, also where an earlier version or somebody else has made it.
    ///
    /// @throws DataException when it is not a directory that can be read
    public Path ownDirectory(String name) {
        Path directory = directory(name);
        try {
            Files.setPosixFilePermissions(directory, OWNER_ONLY);
        } catch (IOException e) {
            throw new DataException(
                    directory + " cannot be closed to other users: " + FileTrouble.words(e));
        }
        return directory;
    }

    /// @throws DataException when it is not a directory that can be read
    public static Path readable(Path directory) {
        String trouble = FileTrouble.ofDirectory(directory);
        if (!trouble.isEmpty()) {
            throw new DataException(trouble);
        }
        return directory;
    }

    @Override
    public void close() {
        try {
            lock.release();
            channel.close();
        } catch (IOException e) {
            throw new DataException("the data directory was not let go: " + e.getMessage());
        }
    }

    /// The directory cannot be used, in words for the operator.
    public static final class DataException extends RuntimeException {
        private static final long serialVersionUID = 1;

        DataException(String message) {
            super(message);
        }
    }
}
