package io.facet.transforms.file;

import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;

/**
 * Whole files on any of Beam's file systems (local paths, HDFS, S3, GCS), named by path or URI.
 *
 * <p>Beam knows schemes other than local files once {@code FileSystems.setDefaultPipelineOptions}
 * was called. Runners do so on workers; elsewhere those on the class path become known when they
 * are first used.
 */
public final class StoredFiles {
  private StoredFiles() {}

  /**
   * One file of a listing.
   *
   * @param uri of the file
   * @param name relative to the listed folder, with {@code /}
   * @param size in bytes
   * @param lastModified milliseconds since 1970, 0 if the file system does not tell
   */
  public record Listed(String uri, String name, long size, long lastModified) {}

  /** The file as Beam names it. */
  public static ResourceId resource(String uri) {
    return resource(uri, false);
  }

  /** The folder as Beam names it. */
  public static ResourceId folder(String uri) {
    return resource(uri, true);
  }

  private static ResourceId resource(String uri, boolean folder) {
    try {
      return FileSystems.matchNewResource(uri, folder);
    } catch (IllegalArgumentException unknown) { // as it may be, until the class path is asked
      var unused = SharedFiles.of(uri); // names libraries that are missing
      FileSystems.setDefaultPipelineOptions(SharedFiles.options());
      return FileSystems.matchNewResource(uri, folder);
    }
  }

  /**
   * The URI of a file below a folder.
   *
   * @param name relative, with {@code /}; parts that are empty, {@code .} or {@code ..} are refused
   */
  public static String below(String folderUri, String name) {
    ResourceId current = folder(folderUri);
    String[] parts = name.split("/", -1);
    for (int i = 0; i < parts.length; i++) {
      if (parts[i].isEmpty() || parts[i].equals(".") || parts[i].equals("..")) {
        throw new IllegalArgumentException("'" + name + "' is not a name below a folder");
      }
      current =
          current.resolve(
              parts[i],
              i < parts.length - 1
                  ? StandardResolveOptions.RESOLVE_DIRECTORY
                  : StandardResolveOptions.RESOLVE_FILE);
    }
    return current.toString();
  }

  /**
   * The URI of a file in the folder of another one, or below it.
   *
   * @param name as in {@link #below}
   */
  public static String sibling(String uri, String name) {
    return below(resource(uri).getCurrentDirectory().toString(), name);
  }

  /**
   * All bytes of a file.
   *
   * @throws FileNotFoundException if there is none
   */
  public static byte[] read(String uri) throws IOException {
    return read(uri, Integer.MAX_VALUE);
  }

  /**
   * The first bytes of a file, all if it has no more than {@code limit}.
   *
   * @throws FileNotFoundException if there is none
   */
  public static byte[] read(String uri, int limit) throws IOException {
    Optional<SharedFiles> shared = SharedFiles.of(uri);
    if (shared.isPresent()) {
      return shared.get().read(uri, limit);
    }
    try (InputStream in = open(uri)) {
      return in.readNBytes(limit);
    }
  }

  /**
   * The bytes of a file, from the first.
   *
   * @throws FileNotFoundException if there is none
   */
  public static InputStream open(String uri) throws IOException {
    return Channels.newInputStream(channel(uri));
  }

  private static ReadableByteChannel channel(String uri) throws IOException {
    try {
      return FileSystems.open(resource(uri));
    } catch (RuntimeException e) { // Beam's S3 does not tell a missing file as others do
      if (SharedFiles.of(uri).isPresent() && !exists(uri)) {
        throw (IOException) new FileNotFoundException(uri).initCause(e);
      }
      throw e;
    }
  }

  /** Writes the bytes of a file from first to last. */
  @FunctionalInterface
  public interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Opens a file that is read from any place in it.
   *
   * @throws FileNotFoundException if there is none
   */
  public static SeekableByteChannel seekable(String uri) throws IOException {
    ReadableByteChannel channel = channel(uri);
    if (channel instanceof SeekableByteChannel seekable) {
      return seekable;
    }
    channel.close();
    throw new IOException(uri + " cannot be read: its file system cannot seek");
  }

  /**
   * Creates or replaces a file. A failure may leave a part of it: readers need a checksum; where
   * {@link SharedFiles} serve, it leaves what was there. An interrupt of the thread does not cut it
   * short, since what a stopped training leaves is written by interrupted threads; the interrupt
   * stays set.
   */
  public static void write(String uri, byte[] bytes) throws IOException {
    FileWriting.write(uri, bytes);
  }

  /** The same for bytes of any number, which may be asked for again. */
  public static void write(String uri, Content content) throws IOException {
    FileWriting.write(uri, content);
  }

  /**
   * Size and time of a file, under its own name.
   *
   * @throws FileNotFoundException if there is none
   */
  public static Listed stat(String uri) throws IOException {
    Optional<SharedFiles> shared = SharedFiles.of(uri);
    if (shared.isPresent()) {
      return shared.get().stat(uri);
    }
    ResourceId resource = resource(uri);
    if (isLocal(resource)) { // a pattern would read brackets in a name as a set of letters
      Path path = Path.of(resource.toString());
      try {
        BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class);
        return new Listed(
            resource.toString(),
            path.getFileName().toString(),
            found.size(),
            found.lastModifiedTime().toMillis());
      } catch (NoSuchFileException e) {
        throw (IOException) new FileNotFoundException(uri).initCause(e);
      }
    }
    MatchResult.Metadata metadata = FileSystems.matchSingleFileSpec(uri);
    ResourceId file = metadata.resourceId();
    return new Listed(
        file.toString(), file.getFilename(), metadata.sizeBytes(), metadata.lastModifiedMillis());
  }

  /**
   * The files that fit a pattern of Beam's ({@code part-*.rec}), under their own names, in order.
   */
  public static List<Listed> matching(String pattern) throws IOException {
    MatchResult match = FileSystems.match(pattern, EmptyMatchTreatment.ALLOW);
    if (match.status() == MatchResult.Status.NOT_FOUND) {
      return List.of();
    }
    return match.metadata().stream()
        .filter(file -> !file.resourceId().isDirectory())
        .map(
            file ->
                new Listed(
                    file.resourceId().toString(),
                    file.resourceId().getFilename(),
                    file.sizeBytes(),
                    file.lastModifiedMillis()))
        .sorted(Comparator.comparing(Listed::uri))
        .toList();
  }

  /** Whether the file is there. */
  public static boolean exists(String uri) throws IOException {
    if (SharedFiles.of(uri).isPresent()) {
      try {
        stat(uri);
        return true;
      } catch (FileNotFoundException e) {
        return false;
      }
    }
    ResourceId file = resource(uri);
    if (isLocal(file)) {
      return Files.exists(Path.of(file.toString())); // Beam would look through the whole folder
    }
    MatchResult match = FileSystems.match(uri, EmptyMatchTreatment.DISALLOW);
    return match.status() != MatchResult.Status.NOT_FOUND && !match.metadata().isEmpty();
  }

  /** Gives a file another name; one of that name is replaced. Not atomic on object stores. */
  public static void move(String from, String to) throws IOException {
    FileSystems.rename(List.of(resource(from)), List.of(resource(to)));
  }

  /** Copies a file; one of that name is replaced. */
  public static void copy(String from, String to) throws IOException {
    FileSystems.copy(List.of(resource(from)), List.of(resource(to)));
  }

  /** Deletes files of one file system; those that are gone already do not matter. */
  public static void delete(List<String> uris) throws IOException {
    if (uris.isEmpty()) {
      return;
    }
    Optional<SharedFiles> shared = SharedFiles.of(uris.get(0));
    if (shared.isPresent()) {
      shared.get().delete(uris);
      return;
    }
    for (String uri : uris) {
      if (exists(uri)) {
        FileSystems.delete(List.of(resource(uri)));
      }
    }
  }

  /**
   * All files below a folder, at any depth, by name in order; those with a part that begins with a
   * dot (such as Beam's temporary folders) are left out. A link to nothing is a file of 0 bytes
   * that cannot be read; a link to a folder above it adds nothing. A folder that is not there has
   * none.
   */
  public static List<Listed> list(String folderUri) throws IOException {
    List<Listed> files = listUnsorted(folderUri);
    files.sort(Comparator.comparing(Listed::name));
    return files;
  }

  private static List<Listed> listUnsorted(String folderUri) throws IOException {
    Optional<SharedFiles> shared = SharedFiles.of(folderUri);
    if (shared.isPresent()) {
      List<Listed> files = new ArrayList<>(shared.get().list(folderUri));
      files.removeIf(file -> isHidden(file.name()));
      return files;
    }
    ResourceId resource = folder(folderUri);
    return isLocal(resource)
        ? listLocal(Path.of(resource.toString()))
        : listByPattern(resource.toString());
  }

  /** Whether a part of a relative name begins with a dot. */
  private static boolean isHidden(String name) {
    return ("/" + name).contains("/.");
  }

  private static boolean isLocal(ResourceId resource) {
    return resource.getScheme().equals("file");
  }

  /** A plain walk: Beam's patterns would read brackets in a folder's name as a set of letters. */
  private static List<Listed> listLocal(Path folder) throws IOException {
    List<Listed> files = new ArrayList<>();
    if (!Files.isDirectory(folder)) {
      return files;
    }
    SimpleFileVisitor<Path> visitor =
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            boolean hidden =
                !directory.equals(folder) && directory.getFileName().toString().startsWith(".");
            return hidden ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            boolean listed = attributes.isRegularFile() || attributes.isSymbolicLink();
            if (listed && !file.getFileName().toString().startsWith(".")) {
              files.add(
                  new Listed(
                      file.toString(),
                      folder.relativize(file).toString().replace(File.separatorChar, '/'),
                      attributes.isSymbolicLink() ? 0 : attributes.size(),
                      attributes.lastModifiedTime().toMillis()));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException || e instanceof FileSystemLoopException) {
              return FileVisitResult.CONTINUE; // deleted meanwhile, or listed already
            }
            throw e;
          }
        };
    Files.walkFileTree(
        folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, visitor);
    return files;
  }

  private static List<Listed> listByPattern(String folderUri) throws IOException {
    String folder = folderUri.endsWith("/") ? folderUri : folderUri + "/";
    List<Listed> files = new ArrayList<>();
    MatchResult match = FileSystems.match(folder + "**", EmptyMatchTreatment.ALLOW);
    if (match.status() == MatchResult.Status.NOT_FOUND) {
      return files;
    }
    for (MatchResult.Metadata metadata : match.metadata()) {
      String uri = metadata.resourceId().toString();
      if (metadata.resourceId().isDirectory() || !uri.startsWith(folder)) {
        continue;
      }
      String name = uri.substring(folder.length());
      if (!isHidden(name)) {
        files.add(new Listed(uri, name, metadata.sizeBytes(), metadata.lastModifiedMillis()));
      }
    }
    return files;
  }
}
