package io.facet.pipelines.forget;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.LocalFiles;
import io.facet.pipelines.run.RunRecord;
import io.facet.pipelines.run.RunRecords;
import io.facet.pipelines.stage.Stages;
import io.facet.pipelines.trace.StoreGraph;
import io.facet.transforms.ingest.ForgottenImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Forgets images in a store on this machine. First the store notes what it is about to do and that
 * these images are left out from now on, then it deletes; the note goes last. A crash in between
 * leaves whole artifacts and the note, and {@link #pending} goes on from there.
 *
 * @param folder of the store
 * @param store the same, open
 */
public record Forgetting(Path folder, ArtifactStore store) {
  private static final String PENDING = "pending.json";

  /** What of a training's folder is of no use once its model is committed. */
  private static final List<String> OF_TRAINING =
      List.of("checkpoints", "progress", "damaged", ".temp");

  /** Work that was begun and not ended. */
  public record Begun(Wanted wanted, Outlook outlook) {
    /** How it is told. */
    public String described() {
      return wanted.identities().isEmpty()
          ? "%d images".formatted(wanted.imageIds().size())
          : "%d images of %s"
              .formatted(wanted.imageIds().size(), String.join(", ", wanted.identities()));
    }
  }

  /**
   * What forgetting an image or a person would do. Nothing is changed.
   *
   * @param text a file, id or name of an image, or an identity
   * @throws DataException if the store knows neither
   */
  public Begun look(String text) {
    StoreGraph graph = StoreGraph.of(store);
    return outlook(graph, new Search(graph).of(text, folder.toString()));
  }

  /** What an earlier forgetting that was cut short left to do. */
  public Optional<Begun> pending() {
    Path note = note();
    if (!Files.exists(note)) {
      return Optional.empty();
    }
    try {
      Wanted wanted = Wanted.parse(Files.readString(note, StandardCharsets.UTF_8));
      return Optional.of(outlook(StoreGraph.of(store), wanted));
    } catch (IOException e) {
      throw new InfrastructureException(note + " cannot be read: " + e.getMessage(), e);
    } catch (RecipeException e) {
      throw new DataException(
          note + " is damaged; delete it and forget the same images again: " + e.getMessage(), e);
    }
  }

  private Outlook tracked(Holdings holdings, Wanted wanted) throws IOException {
    TrackedCopies tracked = new TrackedCopies(folder, wanted);
    List<Path> attempts = new ArrayList<>(holdings.attempts());
    for (Artifact model : holdings.models()) {
      for (String part : OF_TRAINING) {
        Path path = LocalFiles.path(model.uri()).resolve(part);
        if (Files.exists(path)) {
          attempts.add(path);
        }
      }
    }
    return new Outlook(
        wanted.imageIds().size(),
        holdings.artifacts(),
        holdings.models(),
        attempts,
        new LooseFiles(folder, wanted).find(),
        tracked.outbox().look(),
        tracked.served(),
        byHand(holdings.artifacts(), tracked));
  }

  private Begun outlook(StoreGraph graph, Wanted wanted) {
    Holdings holdings = Holdings.find(folder, graph, wanted);
    Wanted whole =
        wanted.in(
            union(wanted.artifacts(), holdings.artifacts()),
            union(wanted.models(), holdings.models()));
    try {
      return new Begun(whole, tracked(holdings, whole));
    } catch (IOException e) {
      throw new InfrastructureException(folder + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static List<String> union(List<String> before, List<Artifact> artifacts) {
    List<String> all = new ArrayList<>(before);
    artifacts.stream()
        .map(artifact -> artifact.manifest().fingerprint())
        .filter(fingerprint -> !all.contains(fingerprint))
        .forEach(all::add);
    return all;
  }

  /** What a server elsewhere was told, and files that a running server has open. */
  private List<String> byHand(List<Artifact> artifacts, TrackedCopies tracked) throws IOException {
    Map<String, String> servers = new HashMap<>();
    for (RunRecord run : new RunRecords(folder).all()) {
      servers.put(run.run(), run.trackingUri());
    }
    List<String> places = new ArrayList<>();
    for (Artifact artifact : artifacts) {
      String server = servers.getOrDefault(artifact.manifest().originRun(), "");
      if (!server.isEmpty() && artifact.manifest().stage().equals(Stages.EVALUATE)) {
        places.add(
            "%s: the runs with the tag facet.fingerprint = %s hold tables/scores and tables/identities"
                .formatted(server, artifact.manifest().fingerprint()));
      }
    }
    for (Path file : tracked.database()) {
      places.add(file + " holds ids or names; delete the runs in MLflow, then 'mlflow gc'");
    }
    return places;
  }

  /**
   * Deletes. Done again after a crash, it ends what was begun.
   *
   * @return artifacts that were committed in the place of others
   * @throws RecipeException if a run of the store is alive; nothing is deleted then
   */
  public Optional<Artifact> execute(Begun begun) {
    Wanted wanted = begun.wanted();
    LivingRuns.refuse(folder, store);
    try {
      Path record = record(wanted);
      boolean again = Files.exists(note());
      boolean known = Files.exists(record);
      write(record, ForgottenImages.fileContent(wanted.imageIds(), wanted.when()));
      write(note(), wanted.json().getBytes(StandardCharsets.UTF_8));
      try {
        LivingRuns.refuse(folder, store); // one may have begun before it could read the record
      } catch (RecipeException e) {
        withdraw(again, known, record);
        throw e;
      }
      return delete(begun);
    } catch (IOException e) {
      throw new InfrastructureException(
          "%s: forgetting was cut short: %s; mend it, then run ./infra/facet forget --store %s"
              .formatted(folder, e.getMessage(), folder),
          e);
    }
  }

  private void withdraw(boolean again, boolean known, Path record) throws IOException {
    if (!again) {
      Files.deleteIfExists(note());
      if (!known) {
        Files.deleteIfExists(record);
      }
    }
  }

  private Optional<Artifact> delete(Begun begun) throws IOException {
    Wanted wanted = begun.wanted();
    Outlook outlook = begun.outlook();
    Optional<Artifact> reduced = new ReducedFaces(store, wanted).commit(outlook.artifacts());
    for (Artifact artifact : outlook.artifacts()) {
      store.remove(artifact);
      removeIfEmpty(LocalFiles.path(artifact.uri()).getParent());
    }
    for (Path attempt : outlook.attempts()) {
      LocalFiles.deleteTree(attempt);
      removeIfEmpty(attempt.getParent());
    }
    LooseFiles loose = new LooseFiles(folder, wanted);
    for (Path file : outlook.files()) {
      loose.clean(file);
    }
    new TrackedCopies(folder, wanted).outbox().takeOut();
    for (Path file : outlook.served()) {
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(note());
    return reduced;
  }

  /** A fingerprint without attempts leaves no folder. */
  private static void removeIfEmpty(Path place) throws IOException {
    try (var children = Files.list(place)) {
      if (children.findAny().isPresent()) {
        return;
      }
    }
    Files.delete(place);
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    LocalFiles.replace(file.toString(), bytes);
  }

  private Path note() {
    return folder.resolve(ForgottenImages.FOLDER).resolve(PENDING);
  }

  private Path record(Wanted wanted) {
    return folder
        .resolve(ForgottenImages.FOLDER)
        .resolve(ForgottenImages.fileName(wanted.imageIds()));
  }
}
