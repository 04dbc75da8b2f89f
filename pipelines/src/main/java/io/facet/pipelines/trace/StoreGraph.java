package io.facet.pipelines.trace;

import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.Manifest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which artifact of a store was made from which: the manifests, no rows.
 *
 * @param artifacts all committed ones by fingerprint
 */
public record StoreGraph(Map<String, Artifact> artifacts) {

  /** Reads the manifests of a store. */
  public static StoreGraph of(ArtifactStore store) {
    Map<String, Artifact> artifacts = new LinkedHashMap<>();
    for (String stage : store.folders("")) {
      for (Artifact artifact : store.listed(stage)) {
        artifacts.put(artifact.manifest().fingerprint(), artifact);
      }
    }
    return new StoreGraph(artifacts);
  }

  /** All artifacts of a stage, newest first. */
  public List<Artifact> of(String stage) {
    return artifacts.values().stream()
        .filter(artifact -> artifact.manifest().stage().equals(stage))
        .toList();
  }

  /** The artifact of a fingerprint. */
  public Optional<Artifact> get(String fingerprint) {
    return Optional.ofNullable(artifacts.get(fingerprint));
  }

  /** Those whose fingerprint begins with a text. */
  public List<Artifact> startingWith(String prefix) {
    return artifacts.values().stream()
        .filter(artifact -> artifact.manifest().fingerprint().startsWith(prefix))
        .toList();
  }

  /** What an artifact was made from, its parents first; what is no longer there is left out. */
  public List<Artifact> ancestors(Artifact artifact) {
    Set<Artifact> seen = new LinkedHashSet<>();
    Deque<Artifact> open = new ArrayDeque<>(List.of(artifact));
    while (!open.isEmpty()) {
      for (String parent : open.remove().manifest().parents().values()) {
        Artifact found = artifacts.get(parent);
        if (found != null && seen.add(found)) {
          open.add(found);
        }
      }
    }
    return List.copyOf(seen);
  }

  /** Parents that an artifact names and the store no longer has, by instance. */
  public Map<String, String> missingParents(Artifact artifact) {
    Map<String, String> missing = new LinkedHashMap<>(artifact.manifest().parents());
    missing.values().removeIf(artifacts::containsKey);
    return missing;
  }

  /** What was made from some artifacts, directly or not, in the order of their stages. */
  public List<Artifact> descendants(Collection<String> fingerprints) {
    Set<String> known = new LinkedHashSet<>(fingerprints);
    List<Artifact> found = new ArrayList<>();
    boolean grows = true;
    while (grows) {
      grows = false;
      for (Artifact artifact : artifacts.values()) {
        Manifest manifest = artifact.manifest();
        if (!known.contains(manifest.fingerprint())
            && manifest.parents().values().stream().anyMatch(known::contains)) {
          known.add(manifest.fingerprint());
          found.add(artifact);
          grows = true;
        }
      }
    }
    return found;
  }

  /** Of an artifact and its ancestors, the first of a stage. */
  public Optional<Artifact> nearest(Artifact artifact, String stage) {
    if (artifact.manifest().stage().equals(stage)) {
      return Optional.of(artifact);
    }
    return ancestors(artifact).stream()
        .filter(one -> one.manifest().stage().equals(stage))
        .findFirst();
  }
}
