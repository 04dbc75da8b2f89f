package io.facet.pipelines.nightly;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.champion.Candidate;
import io.facet.pipelines.champion.Champion;
import io.facet.pipelines.champion.Champions;
import io.facet.pipelines.plan.StageInstance;
import io.facet.pipelines.recipe.NightlyRecipe;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes artifacts of nights that are too old. What champions, newer nights, nights of other
 * recipes and runs by hand are made from stays, and so does an artifact whose files a kept one
 * lists as its own.
 */
public final class Retention {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  /** An artifact's place in the store: {@code STAGE/FINGERPRINT}. */
  private record Place(String stage, String fingerprint) {
    static Place of(Artifact artifact) {
      return new Place(artifact.manifest().stage(), artifact.manifest().fingerprint());
    }
  }

  /**
   * What was deleted.
   *
   * @param artifacts how many
   * @param bytes of their files
   */
  public record Removed(int artifacts, long bytes) {}

  private final ArtifactStore store;
  private final Map<Place, Artifact> there = new LinkedHashMap<>();

  private Retention(ArtifactStore store) {
    this.store = store;
  }

  /**
   * Cleans up at the end of a night of a recipe. Does nothing while another run writes into the
   * store, which might be about to reuse something old.
   *
   * @param folder of the store
   * @param tonight what this night made and reused
   */
  public static Removed clean(
      ArtifactStore store,
      Path folder,
      String recipe,
      NightlyRecipe policy,
      List<Night.Part> tonight) {
    Nights own = new Nights(folder, recipe);
    List<Night> nights = own.all();
    int expired = Math.max(0, nights.size() + 1 - policy.keep());
    if (expired == 0) {
      return new Removed(0, 0);
    }
    if (store.busy()) {
      LOG.info("Another run writes into {}: cleaning waits for the next night", store.root());
      return new Removed(0, 0);
    }
    nights.subList(0, expired).forEach(own::expire);
    Retention retention = new Retention(store);
    Set<Place> old = places(nights.subList(0, expired));
    Set<Place> needed = places(nights.subList(expired, nights.size()));
    needed.addAll(placesOf(tonight));
    for (String other : Nights.recipes(folder)) {
      if (!other.equals(recipe)) {
        needed.addAll(places(new Nights(folder, other).kept()));
      }
    }
    needed.addAll(retention.champions(policy.keepChampions()));
    return retention.remove(old, needed);
  }

  private Removed remove(Set<Place> old, Set<Place> needed) {
    Set<String> stages = new LinkedHashSet<>(store.folders(""));
    for (String stage : stages) {
      store.listed(stage).forEach(artifact -> there.put(Place.of(artifact), artifact));
    }
    Set<Place> roots = new LinkedHashSet<>(there.keySet());
    roots.removeAll(old);
    roots.addAll(needed);
    Set<Place> kept = closure(roots);
    int artifacts = 0;
    long bytes = 0;
    for (Place place : old) {
      Artifact artifact = there.get(place);
      if (artifact != null && !kept.contains(place)) {
        bytes += store.remove(artifact);
        artifacts++;
      }
    }
    return new Removed(artifacts, bytes);
  }

  /** The roots, all they are made from, and all whose files they list. */
  private Set<Place> closure(Set<Place> roots) {
    Set<Place> kept = new HashSet<>();
    Deque<Place> open = new ArrayDeque<>(roots);
    while (!open.isEmpty()) {
      Place place = open.remove();
      Artifact artifact = there.get(place);
      if (artifact == null || !kept.add(place)) {
        continue;
      }
      Manifest manifest = artifact.manifest();
      manifest
          .parents()
          .forEach(
              (instance, fingerprint) ->
                  open.add(new Place(StageInstance.stageOf(instance), fingerprint)));
      for (Manifest.DataFile file : manifest.files()) {
        String[] parts = file.uri().split("/", 3);
        if (parts.length == 3) {
          open.add(new Place(parts[0], parts[1]));
        }
      }
    }
    return kept;
  }

  private static Set<Place> places(List<Night> nights) {
    Set<Place> places = new LinkedHashSet<>();
    nights.forEach(night -> places.addAll(placesOf(night.stages())));
    return places;
  }

  private static Set<Place> placesOf(List<Night.Part> parts) {
    Set<Place> places = new LinkedHashSet<>();
    parts.stream()
        .filter(Night.Part::there)
        .forEach(part -> places.add(new Place(part.stage(), part.fingerprint())));
    return places;
  }

  /** The published students of the last champions of all models, and the candidates. */
  private Set<Place> champions(int keep) {
    Set<Place> places = new LinkedHashSet<>();
    for (String model : Champions.models(store)) {
      Champions champions = new Champions(store, model);
      List<Champion> newestFirst = new ArrayList<>(champions.history());
      Collections.reverse(newestFirst);
      newestFirst.stream()
          .map(Champion::fingerprint)
          .distinct()
          .limit(keep)
          .forEach(fingerprint -> places.add(new Place("publish", fingerprint)));
      Optional<Candidate> candidate = champions.candidate();
      candidate.ifPresent(one -> places.add(new Place("publish", one.fingerprint())));
    }
    return places;
  }
}
