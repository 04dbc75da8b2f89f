package io.facet.transforms.source;

import io.facet.models.DataException;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Pictures below a folder: what file-based sources share. */
final class ImageFolder {
  private static final Set<String> EXTENSIONS = Set.of("jpg", "jpeg", "png", "webp", "bmp");

  private ImageFolder() {}

  /**
   * All files below the folder that are named like pictures, by name in order.
   *
   * @throws DataException if there is none
   */
  static List<StoredFiles.Listed> list(String folder) throws IOException {
    List<StoredFiles.Listed> files =
        StoredFiles.list(folder).stream().filter(file -> named(file.name())).toList();
    if (files.isEmpty()) {
      throw new DataException(
          "%s: no picture found below this folder (jpg, jpeg, png, webp, bmp); correct the path or data.root"
              .formatted(folder));
    }
    return files;
  }

  /** The same by name. */
  static Map<String, StoredFiles.Listed> byName(String folder) throws IOException {
    return list(folder).stream().collect(Collectors.toMap(StoredFiles.Listed::name, file -> file));
  }

  private static boolean named(String name) {
    return EXTENSIONS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }

  /** Size and time as a stamp. */
  static String stamp(StoredFiles.Listed file) {
    return file.size() + ":" + file.lastModified();
  }

  /** {@code 001/frontal/01.jpg} gives {@code 001}, with a namespace {@code cfp/001}. */
  static String firstDirectory(String name, String namespace) {
    int slash = name.indexOf('/');
    return slash < 0 ? "" : inNamespace(name.substring(0, slash), namespace);
  }

  /** Identities of different sources are different people unless their namespaces agree. */
  static String inNamespace(String identity, String namespace) {
    return namespace.isEmpty() ? identity : namespace + "/" + identity;
  }
}
