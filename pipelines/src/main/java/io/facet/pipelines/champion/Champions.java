package io.facet.pipelines.champion;

import io.facet.models.DataException;
import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.artifact.ArtifactStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The champions and candidates of one registered model in a store, all there ever were. */
public final class Champions {
  /** Folder of champions in a store. */
  public static final String FOLDER = "champions";

  private static final String CANDIDATES = "candidates";

  private final ArtifactStore store;
  private final String model;
  private final NumberedRecords<Champion> champions;
  private final NumberedRecords<Candidate> candidates;

  /** Those of the model of that name. */
  public Champions(ArtifactStore store, String model) {
    this.store = store;
    this.model = model;
    champions = new NumberedRecords<>(store.root() + "/" + FOLDER + "/" + model, Champion.class);
    candidates =
        new NumberedRecords<>(store.root() + "/" + CANDIDATES + "/" + model, Candidate.class);
  }

  /** Names of all models of a store that have a champion or a candidate. */
  public static SortedSet<String> models(ArtifactStore store) {
    SortedSet<String> names = new TreeSet<>(store.folders(FOLDER));
    names.addAll(store.folders(CANDIDATES));
    return names;
  }

  /** All entries, oldest first. */
  public List<Champion> history() {
    return champions.all();
  }

  /** The present champion. */
  public Optional<Champion> current() {
    List<Champion> all = history();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }

  /** The newest candidate. */
  public Optional<Candidate> candidate() {
    List<Candidate> all = candidates.all();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }

  /** Notes a candidate; the same one again is not noted twice. */
  public void propose(Candidate candidate) {
    List<Candidate> all = candidates.all();
    boolean known =
        !all.isEmpty() && all.get(all.size() - 1).fingerprint().equals(candidate.fingerprint());
    if (!known && !candidates.add(all.size() + 1, candidate)) {
      propose(candidate); // another run noted one just now: ours is the newer one
    }
  }

  /** What a gate needs. */
  public GateContext gate() {
    return new GateContext(current(), rolledBack());
  }

  /**
   * Makes a candidate champion.
   *
   * @param expected the champion it was compared with
   * @throws InfrastructureException if there is another champion by now
   */
  public Champion promote(
      Candidate candidate,
      Optional<Champion> expected,
      Champion.Action action,
      String why,
      String gate) {
    Champion next =
        new Champion(
            expected.map(Champion::number).orElse(0) + 1,
            model,
            candidate.student(),
            candidate.fingerprint(),
            candidate.weights(),
            action,
            why,
            gate,
            0,
            candidate.run(),
            Instant.now().toString());
    return add(next);
  }

  /**
   * Goes back to the champion before the present one; called again, to the one before that.
   *
   * @throws DataException if there is none, or the store has its artifact no more
   */
  public Champion rollBack(String why) {
    List<Champion> all = history();
    if (all.isEmpty()) {
      throw new DataException("model '%s' has no champion in %s".formatted(model, store.root()));
    }
    Champion now = all.get(all.size() - 1);
    int begun = now.restores() > 0 ? now.restores() : now.number();
    if (begun == 1) {
      throw new DataException(
          "model '%s' had no champion before %s".formatted(model, now.describe()));
    }
    Champion before = all.get(begun - 2);
    Champion back = before.restores() > 0 ? all.get(before.restores() - 1) : before;
    ArtifactStore.Found found = store.find("publish", back.fingerprint());
    if (found.artifact().isEmpty()) {
      String damaged = found.damage().map(damage -> ": " + damage).orElse("");
      throw new DataException(
          "the files of %s are no more in %s%s".formatted(back.describe(), store.root(), damaged));
    }
    return add(
        new Champion(
            now.number() + 1,
            model,
            back.student(),
            back.fingerprint(),
            back.weights(),
            Champion.Action.ROLLED_BACK,
            why,
            "",
            back.number(),
            back.run(),
            Instant.now().toString()));
  }

  private Champion add(Champion next) {
    if (!champions.add(next.number(), next)) {
      throw new InfrastructureException(
          "model '%s' got another champion at the same time; run again".formatted(model));
    }
    return next;
  }

  /** Models that a rollback left, unless somebody forced them in again. */
  private SortedSet<String> rolledBack() {
    SortedSet<String> digests = new TreeSet<>();
    String before = "";
    for (Champion entry : history()) {
      if (entry.action() == Champion.Action.ROLLED_BACK) {
        digests.add(before);
      }
      digests.remove(entry.weights().sha256());
      before = entry.weights().sha256();
    }
    return digests;
  }
}
