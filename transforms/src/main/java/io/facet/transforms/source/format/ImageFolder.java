package io.facet.transforms.source.format;

import io.facet.models.DataException;
import io.facet.models.face.ImageFormat;
import io.facet.models.face.OtherImage;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.source.FileNames;
import io.facet.transforms.source.SkippedFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Images below a folder: what file-based sources share. */
final class ImageFolder {
  private static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "png", "webp", "bmp");

  /** Folders of small copies that file servers and systems make; hidden ones are never listed. */
  private static final Set<String> THUMBNAIL_FOLDERS = Set.of("@eadir", "__macosx", "thumbnails");

  private static final String NO_IMAGE = "no image";
  private static final String THUMBNAIL = "in a thumbnail folder";

  private ImageFolder() {}

  /**
   * What a folder holds.
   *
   * @param images files that are named like images or are some, by name in order
   * @param skipped all others but hidden ones
   */
  record Found(List<StoredFiles.Listed> images, SkippedFiles skipped) {}

  /**
   * All images below the folder. A file of another ending is looked into: an image of any type is
   * listed, so that it is read or ends as a reject.
   *
   * @throws DataException if there is none
   */
  static Found list(String folder) throws IOException {
    List<StoredFiles.Listed> images = new ArrayList<>();
    SkippedFiles.Counter skipped = new SkippedFiles.Counter();
    for (StoredFiles.Listed file : all(folder)) {
      if (inThumbnailFolder(file.name())) {
        skipped.add(THUMBNAIL, file.name());
      } else if (ENDINGS.contains(ending(file.name())) || isImage(file)) {
        images.add(file);
      } else {
        skipped.add(NO_IMAGE, file.name());
      }
    }
    if (images.isEmpty()) {
      throw none(folder, skipped.files());
    }
    return new Found(List.copyOf(images), skipped.files());
  }

  /**
   * All files below the folder.
   *
   * @throws DataException if there is none
   */
  static List<StoredFiles.Listed> all(String folder) throws IOException {
    List<StoredFiles.Listed> files = StoredFiles.list(folder);
    if (files.isEmpty()) {
      throw none(folder, SkippedFiles.NONE);
    }
    FileNames.requireReadable(files, folder);
    return files;
  }

  private static DataException none(String folder, SkippedFiles skipped) {
    return new DataException(
        "%s: no image found below this folder (JPEG, PNG, WebP, BMP)%s; correct the path or data.root"
            .formatted(folder, skipped.count() == 0 ? "" : "; " + skipped.text()));
  }

  private static boolean inThumbnailFolder(String name) {
    String[] parts = name.toLowerCase(Locale.ROOT).split("/", -1);
    for (int i = 0; i < parts.length - 1; i++) {
      if (THUMBNAIL_FOLDERS.contains(parts[i])) {
        return true;
      }
    }
    return false;
  }

  static String ending(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /** By its first bytes. Two letters do not make a text a bitmap: that one needs its ending. */
  private static boolean isImage(StoredFiles.Listed file) throws IOException {
    try {
      byte[] start = StoredFiles.read(file.uri(), OtherImage.BYTES);
      return ImageFormat.of(start).filter(format -> format != ImageFormat.BMP).isPresent()
          || OtherImage.of(start).isPresent();
    } catch (FileNotFoundException e) {
      return OtherImage.hasEnding(ending(file.name())); // a link to nothing
    }
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
