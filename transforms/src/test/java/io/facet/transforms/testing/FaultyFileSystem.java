package io.facet.transforms.testing;

import com.google.auto.service.AutoService;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.beam.sdk.io.FileSystem;
import org.apache.beam.sdk.io.FileSystemRegistrar;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.CreateOptions;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MoveOptions;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * Local files behind faults that permissions cannot give to root.
 *
 * <ul>
 *   <li>{@code faulty://full-after-BYTES-NAME/tmp/store}: a disk that is full once that many bytes
 *       were written by this JVM under this authority; NAME keeps tests apart
 *   <li>{@code faulty://full-while-NAME/tmp/store}: a disk that is full while a file of that name
 *       is in the system's folder for temporary files, so that other processes can fill and free it
 *   <li>{@code faulty://read-only/tmp/store}: reads work, every change fails
 *   <li>{@code faulty://sound/tmp/store}: no fault
 * </ul>
 *
 * The rest of the URI is an ordinary local path.
 */
public final class FaultyFileSystem extends FileSystem<FaultyResource> {
  static final String SCHEME = "faulty";
  private static final String FULL_WHILE = "full-while-";

  private final Map<String, AtomicLong> written = new ConcurrentHashMap<>();

  /** Registers the scheme wherever this class is on the class path. */
  @AutoService(FileSystemRegistrar.class)
  public static final class Registrar implements FileSystemRegistrar {
    private static final FaultyFileSystem SHARED = new FaultyFileSystem();

    @Override
    public Iterable<FileSystem<?>> fromOptions(PipelineOptions options) {
      return List.of(SHARED);
    }
  }

  @Override
  protected String getScheme() {
    return SCHEME;
  }

  @Override
  protected FaultyResource matchNewResource(String spec, boolean isDirectory) {
    return FaultyResource.parse(spec, isDirectory);
  }

  @Override
  protected List<MatchResult> match(List<String> specs) throws IOException {
    List<MatchResult> results = new ArrayList<>();
    for (String spec : specs) {
      FaultyResource pattern = FaultyResource.parse(spec, false);
      if (!pattern.path().contains("*") && !Files.exists(pattern.local())) {
        results.add(
            MatchResult.create(
                MatchResult.Status.NOT_FOUND, new FileNotFoundException(spec + ": no such file")));
        continue; // Beam would look through the whole folder
      }
      MatchResult local = FileSystems.match(pattern.path(), EmptyMatchTreatment.DISALLOW);
      if (local.status() != MatchResult.Status.OK) {
        results.add(local);
        continue;
      }
      List<MatchResult.Metadata> found = new ArrayList<>();
      for (MatchResult.Metadata metadata : local.metadata()) {
        boolean isDirectory = metadata.resourceId().isDirectory();
        found.add(
            MatchResult.Metadata.builder()
                .setResourceId(pattern.at(metadata.resourceId().toString(), isDirectory))
                .setSizeBytes(metadata.sizeBytes())
                .setLastModifiedMillis(metadata.lastModifiedMillis())
                .setIsReadSeekEfficient(true)
                .build());
      }
      results.add(MatchResult.create(MatchResult.Status.OK, found));
    }
    return results;
  }

  @Override
  protected WritableByteChannel create(FaultyResource file, CreateOptions options)
      throws IOException {
    requireWritable(file);
    Files.createDirectories(file.local().getParent());
    return new WholeFileChannel(file);
  }

  /** Replaces a file once all of it was written, as object stores do; else it stays as it was. */
  private final class WholeFileChannel implements WritableByteChannel {
    private final FaultyResource file;
    private final Path temporary;
    private final WritableByteChannel channel;
    private boolean failed;

    WholeFileChannel(FaultyResource file) throws IOException {
      this.file = file;
      Path target = file.local();
      temporary = target.resolveSibling("." + target.getFileName() + "-" + UUID.randomUUID());
      channel = Channels.newChannel(Files.newOutputStream(temporary));
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      try {
        requireSpace(file, bytes.remaining());
        return channel.write(bytes);
      } catch (IOException e) {
        failed = true;
        throw e;
      }
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      if (!channel.isOpen()) {
        return;
      }
      channel.close();
      if (failed) {
        Files.delete(temporary);
      } else {
        Files.move(temporary, file.local(), StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  @Override
  protected ReadableByteChannel open(FaultyResource file) throws IOException {
    if (!Files.exists(file.local())) {
      throw new FileNotFoundException(file + " (No such file or directory)");
    }
    return Files.newByteChannel(file.local());
  }

  @Override
  protected void copy(List<FaultyResource> from, List<FaultyResource> to) throws IOException {
    for (int i = 0; i < from.size(); i++) {
      requireWritable(to.get(i));
      requireSpace(to.get(i), Files.size(from.get(i).local()));
      Files.createDirectories(to.get(i).local().getParent());
      Files.copy(from.get(i).local(), to.get(i).local(), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  protected void rename(List<FaultyResource> from, List<FaultyResource> to, MoveOptions... options)
      throws IOException {
    for (int i = 0; i < from.size(); i++) {
      requireWritable(to.get(i));
      Files.createDirectories(to.get(i).local().getParent());
      Files.move(from.get(i).local(), to.get(i).local(), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  protected void delete(Collection<FaultyResource> files) throws IOException {
    for (FaultyResource file : files) {
      requireWritable(file);
      Files.deleteIfExists(file.local());
    }
  }

  /**
   * Creates a file only if there is none, for stores that commit this way.
   *
   * @throws FileAlreadyExistsException if there is one
   */
  public static void createNew(String uri, byte[] bytes) throws IOException {
    FaultyResource file = FaultyResource.parse(uri, false);
    Registrar.SHARED.requireWritable(file);
    Registrar.SHARED.requireSpace(file, bytes.length);
    Path path = file.local();
    Files.createDirectories(path.getParent());
    Files.write(path, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
  }

  private void requireWritable(FaultyResource file) throws IOException {
    if (file.authority().equals("read-only")) {
      throw new IOException(file + ": Read-only file system");
    }
  }

  private void requireSpace(FaultyResource file, long bytes) throws IOException {
    if (file.authority().startsWith(FULL_WHILE)) {
      String flag = file.authority().substring(FULL_WHILE.length());
      if (Files.exists(Path.of(System.getProperty("java.io.tmpdir"), flag))) {
        throw full(file);
      }
    }
    if (!file.authority().startsWith("full-after-")) {
      return;
    }
    long capacity = Long.parseLong(file.authority().split("-", -1)[2]);
    AtomicLong used = written.computeIfAbsent(file.authority(), name -> new AtomicLong());
    if (used.addAndGet(bytes) > capacity) {
      throw full(file);
    }
  }

  private static IOException full(FaultyResource file) {
    return new IOException(file + ": No space left on device");
  }
}
