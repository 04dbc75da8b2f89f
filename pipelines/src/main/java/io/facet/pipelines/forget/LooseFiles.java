package io.facet.pipelines.forget;

import io.facet.pipelines.artifact.LocalFiles;
import io.facet.transforms.source.ContentHashes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Files of a store that are no artifacts: the caches of source hashes lose what they know of
 * forgotten images, records and logs of runs keep stars in the place of names.
 */
final class LooseFiles {
  private static final String CACHE = "content-hashes.json";

  private final Path store;
  private final Wanted wanted;
  private final ForgottenWords words;

  LooseFiles(Path store, Wanted wanted) {
    this.store = store;
    this.wanted = wanted;
    this.words = new ForgottenWords(wanted);
  }

  /** Those that name something forgotten. */
  List<Path> find() throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path file : StoreFiles.beside(store)) {
      if (isCacheOfPackedImages(file) ? holdsDigest(file) : words.in(file)) {
        found.add(file);
      }
    }
    return found;
  }

  /** Cleans one; readers see it as it was or is to be, the cache of hashes perhaps in part. */
  void clean(Path file) throws IOException {
    if (isCacheOfPackedImages(file)) {
      Files.deleteIfExists(file); // the next plan reads that source again
    } else if (file.getFileName().toString().equals(CACHE)) {
      cleanCache(file);
    } else {
      Optional<byte[]> blotted = words.without(Files.readAllBytes(file));
      if (blotted.isPresent()) {
        LocalFiles.replace(file.toString(), blotted.get());
      }
    }
  }

  private void cleanCache(Path file) throws IOException {
    Set<String> ids = Set.copyOf(wanted.imageIds());
    ContentHashes.without(
        file.toString(),
        row -> ids.contains(row.sha256()) || words.in(row.uri().getBytes(StandardCharsets.UTF_8)));
  }

  private static boolean isCacheOfPackedImages(Path file) {
    return file.getFileName().toString().startsWith(CACHE + ".");
  }

  /** Digests of 32 bytes stand in it, one after the other. */
  private boolean holdsDigest(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    for (String id : wanted.imageIds()) {
      byte[] digest = HexFormat.of().parseHex(id);
      for (int at = 0; at + digest.length <= bytes.length; at++) {
        if (bytes[at] == digest[0]
            && Arrays.equals(bytes, at, at + digest.length, digest, 0, digest.length)) {
          return true;
        }
      }
    }
    return false;
  }
}
