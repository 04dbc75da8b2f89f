package io.facet.pipelines.artifact;

import io.facet.pipelines.InfrastructureException;
import io.facet.transforms.file.SharedFiles;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries on a shared storage what every commit rests on. Of two puts of one object, the second is
 * refused: servers that do not know the condition overwrite without a word, and two runs would both
 * take an artifact for theirs. And a listing shows at once what was put: from a late one, the last
 * steps of a history would be missing.
 */
final class StorageProbe {
  /** Hidden from listings by its dot. */
  private static final String FOLDER = ".probe";

  private static final Logger LOG = LoggerFactory.getLogger(StorageProbe.class);
  private static final Set<String> PASSED = ConcurrentHashMap.newKeySet();

  private StorageProbe() {}

  /**
   * Refuses a storage that does not give both; once a process and place. One that may only be read
   * passes: a commit there is refused anyway.
   *
   * @throws InfrastructureException that names the cure
   */
  static void require(PutIfAbsent putIfAbsent, String root) {
    Optional<SharedFiles> shared = SharedFiles.of(root);
    if (shared.isEmpty() || PASSED.contains(root)) {
      return;
    }
    String uri = root + "/" + FOLDER + "/" + UUID.randomUUID();
    try {
      boolean first = putIfAbsent.put(uri, bytes("first"));
      if (!listed(shared.get(), root, uri)) {
        throw new InfrastructureException(
            ("%s: the listings of this storage are late: what was written a moment ago is not in"
                    + " them; use a server whose listings are consistent (infra/docs/storage.md)")
                .formatted(root));
      }
      if (!first || putIfAbsent.put(uri, bytes("second"))) {
        throw new InfrastructureException(
            ("%s: this storage has no conditional puts (If-None-Match), so two runs could commit"
                    + " over each other; use a server that has them (infra/docs/storage.md)")
                .formatted(root));
      }
      PASSED.add(root);
    } catch (AccessDeniedException e) {
      LOG.debug("{} may only be read: {}", root, e.getMessage());
    } catch (IOException e) {
      throw StoreErrors.failed("open the store", root, e);
    } finally {
      remove(uri);
    }
  }

  private static boolean listed(SharedFiles shared, String root, String uri) throws IOException {
    return shared.list(root + "/" + FOLDER).stream().anyMatch(file -> file.uri().equals(uri));
  }

  private static void remove(String uri) {
    try {
      StoredFiles.delete(List.of(uri));
    } catch (IOException | InfrastructureException e) {
      LOG.debug("{} stays: {}", uri, e.getMessage());
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
