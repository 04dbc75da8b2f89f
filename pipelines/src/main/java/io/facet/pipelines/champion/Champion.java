package io.facet.pipelines.champion;

import io.facet.models.DataException;
import io.facet.pipelines.artifact.Damage;
import io.facet.pipelines.artifact.FileDigests;
import io.facet.pipelines.artifact.Manifest;
import java.io.IOException;
import java.util.Optional;

/**
 * A model became champion. Entries are never changed: the last one counts.
 *
 * @param number from 1, one a change
 * @param model name in the registry
 * @param student label of the student, {@code cakd#1}
 * @param fingerprint of the artifact of {@code publish} that holds it
 * @param weights its model file
 * @param action how it came about
 * @param why reason in words: the gate's, or a person's
 * @param gate fingerprint of the gate's artifact; empty where none was asked
 * @param restores number of the entry a rollback went back to, else 0
 * @param run that published it
 * @param at ISO time
 */
public record Champion(
    int number,
    String model,
    String student,
    String fingerprint,
    Manifest.DataFile weights,
    Action action,
    String why,
    String gate,
    int restores,
    String run,
    String at) {

  /** How a champion came about. */
  public enum Action {
    /** There was none. */
    FIRST,
    /** The gate let it through. */
    PROMOTED,
    /** A person decided against or without the gate. */
    FORCED,
    /** A person went back to an earlier one. */
    ROLLED_BACK
  }

  /** The first eight digits of its model's SHA-256. */
  public String shortDigest() {
    return weights.sha256().substring(0, 8);
  }

  /** {@code cakd#1 (champion 3, 0a1b2c3d)}. */
  public String describe() {
    return "%s (champion %d, %s)".formatted(student, number, shortDigest());
  }

  /**
   * Where its model file is, whose bytes are compared with its digest first.
   *
   * @param store root of the store
   * @throws DataException if the file is gone or damaged
   */
  public String modelUri(String store) throws IOException {
    Optional<Damage> damage = FileDigests.damage(weights, store);
    if (damage.isPresent()) {
      throw new DataException(
          "%s cannot be measured: %s; go back with './infra/facet rollback %s'"
              .formatted(describe(), damage.get().text(), model));
    }
    return weights.in(store);
  }
}
