package io.facet.pipelines.forget;

import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.Attempts;
import io.facet.pipelines.artifact.LocalFiles;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.artifact.ModelStages;
import io.facet.pipelines.run.RunRecord;
import io.facet.pipelines.run.RunRecords;
import io.facet.pipelines.stage.Stages;
import io.facet.pipelines.trace.StoreGraph;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.parquet.TextColumns;
import io.facet.transforms.row.SampleRow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What of a store holds images or people that are to be forgotten.
 *
 * @param artifacts committed ones with rows or files that name them
 * @param models what was trained on them, and what was made from that
 * @param attempts never committed or set aside, of runs that read them, or of nobody known
 */
record Holdings(List<Artifact> artifacts, List<Artifact> models, List<Path> attempts) {
  private static boolean isTrained(String stage) {
    return ModelStages.NAMES.contains(stage)
        || stage.equals(Stages.PROMPT)
        || stage.equals(Stages.PUBLISH);
  }

  /** Searches a store on this machine. */
  static Holdings find(Path store, StoreGraph graph, Wanted wanted) {
    ForgottenWords words = new ForgottenWords(wanted);
    Set<String> known = new HashSet<>(wanted.artifacts());
    List<Artifact> holders = new ArrayList<>();
    try {
      Set<String> related = related(graph, words, known);
      for (Artifact artifact : graph.artifacts().values()) {
        String fingerprint = artifact.manifest().fingerprint();
        if (known.contains(fingerprint) || holds(artifact, words, related.contains(fingerprint))) {
          holders.add(artifact);
        }
      }
      Set<String> ingests = ingests(holders, wanted);
      return new Holdings(holders, models(graph, holders, wanted), attempts(store, graph, ingests));
    } catch (IOException e) {
      throw new InfrastructureException(store + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Ingests that know one of the images, and all that was made from them. */
  private static Set<String> related(StoreGraph graph, ForgottenWords words, Set<String> known)
      throws IOException {
    Set<String> related = new LinkedHashSet<>(known);
    for (Artifact ingest : graph.of(Stages.INGEST)) {
      if (holds(ingest, words, false)) {
        related.add(ingest.manifest().fingerprint());
      }
    }
    graph.descendants(related).forEach(one -> related.add(one.manifest().fingerprint()));
    return related;
  }

  private static Set<String> ingests(List<Artifact> holders, Wanted wanted) {
    Set<String> ingests = new LinkedHashSet<>(wanted.artifacts());
    holders.forEach(artifact -> ingests.add(artifact.manifest().fingerprint()));
    return ingests;
  }

  private static boolean holds(Artifact artifact, ForgottenWords words, boolean related)
      throws IOException {
    Manifest manifest = artifact.manifest();
    for (Manifest.Table table : manifest.tables()) {
      for (String uri : artifact.tableUris(table.name())) {
        if (TextColumns.any(uri, (column, value) -> words.matches(column, value, related))) {
          return true;
        }
      }
    }
    for (Manifest.Attachment attachment : manifest.attachments()) {
      if (words.in(LocalFiles.path(artifact.resolve(attachment.file())))) {
        return true;
      }
    }
    return words.in(manifest.json().getBytes(StandardCharsets.UTF_8));
  }

  /** A set that only measures makes no model. */
  private static List<Artifact> models(StoreGraph graph, List<Artifact> holders, Wanted wanted) {
    Set<String> learnt = new LinkedHashSet<>(wanted.models());
    Set<String> ids = new HashSet<>(wanted.imageIds());
    for (Artifact holder : holders) {
      if (holder.manifest().stage().equals(Stages.INGEST) && teaches(holder, ids)) {
        learnt.add(holder.manifest().fingerprint());
      }
    }
    List<Artifact> models = new ArrayList<>();
    for (Artifact artifact : graph.descendants(learnt)) {
      if (isTrained(artifact.manifest().stage()) && !artifact.manifest().attachments().isEmpty()) {
        models.add(artifact);
      }
    }
    wanted.models().stream()
        .flatMap(fingerprint -> graph.get(fingerprint).stream())
        .filter(artifact -> !models.contains(artifact))
        .forEach(models::add);
    return models;
  }

  private static boolean teaches(Artifact ingest, Set<String> ids) {
    try (ParquetTable.Rows<SampleRow> rows =
        ParquetTable.read(SampleRow.class, ingest.tableUris("samples"))) {
      for (SampleRow row : rows) {
        boolean learnt =
            row.split().equals(SampleRow.TRAIN) || row.split().equals(SampleRow.VALIDATION);
        if (learnt && ids.contains(row.imageId())) {
          return true;
        }
      }
      return false;
    }
  }

  /** Half-made files cannot be searched: attempts of runs that surely read other data stay. */
  private static List<Path> attempts(Path store, StoreGraph graph, Set<String> holders)
      throws IOException {
    Set<String> others = new HashSet<>();
    Set<String> concerned = new HashSet<>();
    for (RunRecord run : new RunRecords(store).all()) {
      Set<String> fingerprints = new HashSet<>();
      run.instances().forEach(instance -> fingerprints.add(instance.fingerprint()));
      boolean reads = fingerprints.stream().anyMatch(holders::contains);
      boolean known =
          fingerprints.stream()
              .anyMatch(
                  one ->
                      graph
                          .get(one)
                          .filter(a -> a.manifest().stage().equals(Stages.INGEST))
                          .isPresent());
      (reads || !known ? concerned : others).addAll(fingerprints);
    }
    others.removeAll(concerned);
    List<Path> found = new ArrayList<>();
    for (StoreFiles.Place place : StoreFiles.fingerprints(store)) {
      String committed = graph.get(place.fingerprint()).map(Artifact::uri).orElse("");
      for (AttemptFolder attempt :
          Attempts.of(store.toString(), place.stage(), place.fingerprint())) {
        if (!attempt.uri().equals(committed) && !others.contains(place.fingerprint())) {
          found.add(Path.of(attempt.uri()));
        }
      }
    }
    return found;
  }
}
