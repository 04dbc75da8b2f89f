package io.facet.pipelines.storage.hdfs;

import io.facet.pipelines.InfrastructureException;
import io.facet.transforms.file.StoredFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.security.AccessControlException;

/** Calls of HDFS. */
final class HdfsCalls {
  private HdfsCalls() {}

  /** Something that asks the name node. */
  private interface Call<T> {
    T on(DistributedFileSystem hdfs, Path path) throws IOException;
  }

  /** The first bytes of a file. */
  static byte[] read(String uri, int limit) throws IOException {
    return call(
        uri,
        (hdfs, path) -> {
          try (InputStream in = hdfs.open(path)) {
            return in.readNBytes(limit);
          }
        });
  }

  /** Creates or replaces a file, by a rename that the name node makes at once. */
  static void write(String uri, byte[] bytes) throws IOException {
    put(uri, bytes, Options.Rename.OVERWRITE);
  }

  /** Creates a file unless there is one. */
  static boolean putIfAbsent(String uri, byte[] bytes) throws IOException {
    try {
      put(uri, bytes, Options.Rename.NONE);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  private static void put(String uri, byte[] bytes, Options.Rename rename) throws IOException {
    call(
        uri,
        (hdfs, path) -> {
          Path temporary =
              new Path(path.getParent(), "." + path.getName() + "-" + UUID.randomUUID());
          try {
            try (OutputStream out = hdfs.create(temporary, false)) {
              out.write(bytes);
            }
            hdfs.rename(temporary, path, rename);
          } catch (IOException e) {
            hdfs.delete(temporary, false);
            throw e;
          }
          return null;
        });
  }

  /** Size and time of a file. */
  static StoredFiles.Listed stat(String uri) throws IOException {
    return call(
        uri,
        (hdfs, path) -> {
          FileStatus status = hdfs.getFileStatus(path);
          if (status.isDirectory()) {
            throw new FileNotFoundException(uri);
          }
          return new StoredFiles.Listed(
              uri, path.getName(), status.getLen(), status.getModificationTime());
        });
  }

  /** All files below a folder. */
  static List<StoredFiles.Listed> list(String folderUri) throws IOException {
    String folder = folderUri.endsWith("/") ? folderUri : folderUri + "/";
    return call(
        folderUri,
        (hdfs, path) -> {
          List<StoredFiles.Listed> files = new ArrayList<>();
          try {
            int prefix = path.toUri().getPath().length();
            RemoteIterator<LocatedFileStatus> found = hdfs.listFiles(path, true);
            while (found.hasNext()) {
              FileStatus status = found.next();
              String below = status.getPath().toUri().getPath().substring(prefix);
              String name = below.startsWith("/") ? below.substring(1) : below;
              files.add(
                  new StoredFiles.Listed(
                      folder + name, name, status.getLen(), status.getModificationTime()));
            }
          } catch (FileNotFoundException e) {
            return files; // not there, or deleted meanwhile
          }
          return files;
        });
  }

  /** Folders directly below a folder. */
  static List<String> folders(String folderUri) throws IOException {
    return call(
        folderUri,
        (hdfs, path) -> {
          List<String> names = new ArrayList<>();
          try {
            for (FileStatus status : hdfs.listStatus(path)) {
              if (status.isDirectory()) {
                names.add(status.getPath().getName());
              }
            }
          } catch (FileNotFoundException e) {
            return List.of();
          }
          return names;
        });
  }

  /** Deletes files, and the folders that are empty then, as object stores have none. */
  static void delete(List<String> uris) throws IOException {
    for (String uri : uris) {
      call(
          uri,
          (hdfs, path) -> {
            hdfs.delete(path, false);
            deleteEmpty(hdfs, path.getParent());
            return null;
          });
    }
  }

  private static void deleteEmpty(DistributedFileSystem hdfs, Path folder) throws IOException {
    try {
      for (Path at = folder; at.getParent() != null; at = at.getParent()) {
        hdfs.delete(at, false);
      }
    } catch (PathIsNotEmptyDirectoryException e) {
      // the others are needed
    }
  }

  private static <T> T call(String uri, Call<T> call) throws IOException {
    Path path = new Path(uri);
    try {
      FileSystem hdfs = HdfsClients.of(path);
      return call.on((DistributedFileSystem) hdfs, path);
    } catch (AccessControlException e) {
      AccessDeniedException denied =
          new AccessDeniedException(uri, null, "permission denied; HADOOP_USER_NAME or a ticket");
      denied.initCause(e);
      throw denied;
    } catch (ConnectException | UnknownHostException e) {
      throw new InfrastructureException(
          "%s: no answer from the name node; correct the URI or HADOOP_CONF_DIR, and check that it"
                  .formatted(uri)
              + " runs",
          e);
    } catch (IllegalArgumentException e) {
      throw new InfrastructureException(
          "%s: the name node is not known (%s); correct the URI, or set HADOOP_CONF_DIR"
              .formatted(uri, e.getMessage()),
          e);
    }
  }
}
