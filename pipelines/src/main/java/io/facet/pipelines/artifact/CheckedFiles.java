package io.facet.pipelines.artifact;

import io.facet.transforms.file.StoredFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares files with their manifests: size first, then the SHA-256. The digest of a version of a
 * file, by its size and modification time, is computed once and kept beside it in the attempt
 * folder. Safe for several threads.
 */
final class CheckedFiles {
  private static final Pattern IN_ATTEMPT = Pattern.compile("([^/]+/[^/]+/attempt-[^/]+)/(.+)");

  private final String root;
  private final Map<String, KnownDigests> known = new ConcurrentHashMap<>();

  CheckedFiles(String root) {
    this.root = root;
  }

  /** What is wrong with files, by digests computed now or earlier. */
  List<Damage> check(Collection<Manifest.DataFile> files) throws IOException {
    return check(files, false);
  }

  /** The same with every byte read now. */
  List<Damage> checkAgain(Collection<Manifest.DataFile> files) throws IOException {
    return check(files, true);
  }

  private List<Damage> check(Collection<Manifest.DataFile> files, boolean again)
      throws IOException {
    List<Damage> damage = new ArrayList<>();
    Set<KnownDigests> used = new LinkedHashSet<>();
    for (Manifest.DataFile file : files) {
      Matcher place = IN_ATTEMPT.matcher(file.uri());
      boolean inAttempt = place.matches();
      String folder = inAttempt ? root + "/" + place.group(1) : "";
      KnownDigests digests = known.computeIfAbsent(folder, KnownDigests::of);
      used.add(digests);
      check(file, inAttempt ? place.group(2) : file.uri(), digests, again).ifPresent(damage::add);
    }
    used.forEach(KnownDigests::keep);
    return damage;
  }

  private Optional<Damage> check(
      Manifest.DataFile file, String name, KnownDigests digests, boolean again) throws IOException {
    String uri = file.in(root);
    StoredFiles.Listed there;
    try {
      there = StoredFiles.stat(uri);
    } catch (FileNotFoundException e) {
      return Optional.of(Damage.missing(uri, file.bytes() + " bytes"));
    }
    if (there.size() != file.bytes()) {
      return Optional.of(Damage.size(uri, file.bytes(), there.size()));
    }
    Optional<String> remembered = again ? Optional.empty() : digests.of(name, there);
    if (remembered.filter(file.sha256()::equals).isPresent()) {
      return Optional.empty();
    }
    long began = System.currentTimeMillis();
    String digest = FileDigests.sha256(uri);
    digests.remember(name, there, digest, began);
    return digest.equals(file.sha256())
        ? Optional.empty()
        : Optional.of(Damage.digest(uri, file.sha256(), digest));
  }
}
