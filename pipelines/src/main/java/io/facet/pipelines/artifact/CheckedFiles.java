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
 * file, by its size and modification time, is known from writing it or computed once, and kept
 * beside it in the attempt folder. Safe for several threads.
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

  /** The sizes of files that were hashed while they were written; none is read. */
  List<Damage> firstLook(Collection<Manifest.DataFile> files) throws IOException {
    return check(files, this::firstLook);
  }

  private List<Damage> check(Collection<Manifest.DataFile> files, boolean again)
      throws IOException {
    return check(files, (file, name, digests) -> check(file, name, digests, again));
  }

  /** How one file is looked at. */
  private interface Look {
    Optional<Damage> at(Manifest.DataFile file, String name, KnownDigests digests)
        throws IOException;
  }

  private List<Damage> check(Collection<Manifest.DataFile> files, Look look) throws IOException {
    List<Damage> damage = new ArrayList<>();
    Set<KnownDigests> used = new LinkedHashSet<>();
    for (Manifest.DataFile file : files) {
      Matcher place = IN_ATTEMPT.matcher(file.uri());
      boolean inAttempt = place.matches();
      String folder = inAttempt ? root + "/" + place.group(1) : "";
      KnownDigests digests = known.computeIfAbsent(folder, KnownDigests::of);
      used.add(digests);
      look.at(file, inAttempt ? place.group(2) : file.uri(), digests).ifPresent(damage::add);
    }
    used.forEach(KnownDigests::keep);
    return damage;
  }

  private Optional<Damage> firstLook(Manifest.DataFile file, String name, KnownDigests digests)
      throws IOException {
    Optional<StoredFiles.Listed> there = listed(file);
    Optional<Damage> damage = damage(file, there);
    if (damage.isEmpty()) {
      digests.remember(name, there.orElseThrow(), file.sha256(), System.currentTimeMillis());
    }
    return damage;
  }

  private Optional<Damage> check(
      Manifest.DataFile file, String name, KnownDigests digests, boolean again) throws IOException {
    Optional<StoredFiles.Listed> listed = listed(file);
    Optional<Damage> damage = damage(file, listed);
    if (damage.isPresent()) {
      return damage;
    }
    StoredFiles.Listed there = listed.orElseThrow();
    Optional<String> remembered = again ? Optional.empty() : digests.of(name, there);
    if (remembered.filter(file.sha256()::equals).isPresent()) {
      return Optional.empty();
    }
    long began = System.currentTimeMillis();
    String digest = FileDigests.sha256(file.in(root));
    digests.remember(name, there, digest, began);
    return digest.equals(file.sha256())
        ? Optional.empty()
        : Optional.of(Damage.digest(file.in(root), file.sha256(), digest));
  }

  private Optional<StoredFiles.Listed> listed(Manifest.DataFile file) throws IOException {
    try {
      return Optional.of(StoredFiles.stat(file.in(root)));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** That a file is not there, or has not its size. */
  private Optional<Damage> damage(Manifest.DataFile file, Optional<StoredFiles.Listed> there) {
    String uri = file.in(root);
    if (there.isEmpty()) {
      return Optional.of(Damage.missing(uri, file.bytes() + " bytes"));
    }
    return there.get().size() == file.bytes()
        ? Optional.empty()
        : Optional.of(Damage.size(uri, file.bytes(), there.get().size()));
  }
}
