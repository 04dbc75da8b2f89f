package io.facet.transforms.source.format;

import io.facet.models.face.OtherImage;
import io.facet.transforms.file.StoredFiles;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The files of a folder by the names that a pair list gives them. A list may have another case,
 * another ending ({@code .jpg} for {@code .JPG} or {@code .png}) or another form of accents than
 * the folder, as long as one file only fits.
 */
final class ListedImages {
  private static final Set<String> ENDINGS = Set.of("jpg", "jpeg", "png", "webp", "bmp");

  private final Map<String, StoredFiles.Listed> exact = new HashMap<>();
  private final List<StoredFiles.Listed> files;
  private Map<String, List<StoredFiles.Listed>> alike = Map.of();
  private Map<String, List<StoredFiles.Listed>> stems = Map.of();

  ListedImages(List<StoredFiles.Listed> files) {
    this.files = files;
    files.forEach(file -> exact.put(file.name(), file));
  }

  /** The file of that name, else the only one that is alike; null if there is none or several. */
  StoredFiles.Listed find(String name) {
    StoredFiles.Listed file = exact.get(name);
    return file != null ? file : nearest(name);
  }

  private StoredFiles.Listed nearest(String name) {
    if (alike.isEmpty()) {
      index();
    }
    List<StoredFiles.Listed> found = alike.getOrDefault(plain(name), List.of());
    if (found.isEmpty()) {
      found = stems.getOrDefault(stem(plain(name)), List.of());
    }
    return found.size() == 1 ? found.get(0) : null;
  }

  private void index() {
    alike = new HashMap<>();
    stems = new HashMap<>();
    for (StoredFiles.Listed file : files) {
      String plain = plain(file.name());
      alike.computeIfAbsent(plain, p -> new ArrayList<>()).add(file);
      String ending = ImageFolder.ending(plain);
      if (ENDINGS.contains(ending) || OtherImage.hasEnding(ending)) {
        stems.computeIfAbsent(stem(plain), s -> new ArrayList<>()).add(file);
      }
    }
  }

  private static String plain(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
  }

  private static String stem(String name) {
    int dot = name.lastIndexOf('.');
    return dot > name.lastIndexOf('/') ? name.substring(0, dot) : name;
  }
}
