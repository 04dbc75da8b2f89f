package io.facet.pipelines.estimate;

import io.facet.models.train.TrainingOptions;
import io.facet.pipelines.artifact.Artifact;
import io.facet.pipelines.artifact.Manifest;
import io.facet.pipelines.plan.Plan;
import io.facet.pipelines.plan.PlannedInstance;
import io.facet.pipelines.plan.StageInstance;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.stage.Stages;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.TimingRow;
import io.facet.transforms.train.TrainingHistory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a plan would take with other training data, from the artifacts it has in a store: the time
 * of stages that look at every image grows with the images and is shared by all slots, trainings
 * take their images at the rate they had and one slot each, all else stays as it was.
 *
 * @param stages in the order of execution
 * @param slots that work side by side
 */
public record Estimate(List<StageEstimate> stages, int slots) {
  /** Estimates a plan; instances that are not in the store are listed without figures. */
  public static Estimate of(Plan plan, DatasetSize size, int slots) {
    Optional<Long> images =
        plan.instance(Stages.INGEST)
            .flatMap(PlannedInstance::cached)
            .map(Artifact::manifest)
            .flatMap(manifest -> manifest.table("images"))
            .map(Manifest.Table::rows);
    List<StageEstimate> stages = new ArrayList<>();
    for (PlannedInstance planned : plan.instances()) {
      String name = planned.instance().name();
      stages.add(
          planned
              .cached()
              .filter(artifact -> images.isPresent())
              .map(artifact -> estimate(plan, planned.instance(), artifact, size, images.get()))
              .orElseGet(
                  () ->
                      new StageEstimate(name, "not in the store", Double.NaN, false, Double.NaN)));
    }
    return new Estimate(List.copyOf(stages), slots);
  }

  private static StageEstimate estimate(
      Plan plan, StageInstance instance, Artifact artifact, DatasetSize size, long images) {
    Manifest manifest = artifact.manifest();
    double seconds =
        Duration.between(Instant.parse(manifest.started()), Instant.parse(manifest.finished()))
                .toMillis()
            / 1000.0;
    double bytes = manifest.files().stream().mapToLong(Manifest.DataFile::bytes).sum();
    Optional<TrainingOptions> training = training(plan.context().recipe(), instance);
    double rate = training.isPresent() ? rate(artifact) : 0;
    if (rate > 0) {
      return new StageEstimate(
          instance.name(),
          "%.0f images/s".formatted(rate),
          imagesOf(training.get(), size.images()) / rate,
          false,
          bytes);
    }
    if (List.of(Stages.INGEST, Stages.ALIGN, Stages.PACK, Stages.PROMPT)
        .contains(instance.stage())) {
      int slots = Integer.parseInt(manifest.notes().getOrDefault(Manifest.SLOTS, "1"));
      double growth = (double) size.images() / images;
      return new StageEstimate(
          instance.name(),
          "%,d images, %.0f s x %d".formatted(images, seconds, slots),
          seconds * slots * growth,
          true,
          bytes * growth);
    }
    return new StageEstimate(
        instance.name(), "%.0f s whatever the size".formatted(seconds), seconds, false, bytes);
  }

  private static Optional<TrainingOptions> training(Recipe recipe, StageInstance instance) {
    if (instance.stage().equals(Stages.DISTILL)) {
      return Optional.of(recipe.distill().options());
    }
    return recipe.teachers().stream()
        .filter(
            teacher -> instance.name().equals(StageInstance.name(Stages.TEACHER, teacher.name())))
        .findFirst()
        .flatMap(teacher -> teacher.training())
        .map(training -> training.options());
  }

  /** Images a second of a training, the median of its course; 0 if it was too short to say. */
  private static double rate(Artifact artifact) {
    try (ParquetTable.Rows<TimingRow> rows =
        ParquetTable.read(TimingRow.class, artifact.tableUris("timings"))) {
      List<Double> rates = new ArrayList<>();
      for (TimingRow row : rows) {
        if (row.name().equals(TrainingHistory.THROUGHPUT)) {
          rates.add(row.value());
        }
      }
      Collections.sort(rates);
      return rates.isEmpty() ? 0 : rates.get(rates.size() / 2);
    }
  }

  private static double imagesOf(TrainingOptions options, long images) {
    double whole = (double) options.epochs() * images;
    return options
        .maxSteps()
        .map(steps -> (double) steps * options.batchSize() * options.accumulate())
        .map(limit -> Math.min(limit, whole))
        .orElse(whole);
  }

  /** Seconds of each stage, its instances side by side where there are slots. */
  public Map<String, Double> stageSeconds() {
    Map<String, List<StageEstimate>> byStage = new LinkedHashMap<>();
    stages.stream()
        .filter(StageEstimate::known)
        .forEach(
            stage ->
                byStage
                    .computeIfAbsent(StageInstance.stageOf(stage.name()), s -> new ArrayList<>())
                    .add(stage));
    Map<String, Double> seconds = new LinkedHashMap<>();
    byStage.forEach((name, instances) -> seconds.put(name, together(instances)));
    return seconds;
  }

  private double together(List<StageEstimate> instances) {
    double longest = instances.stream().mapToDouble(i -> i.seconds(slots)).max().orElse(0);
    double all = instances.stream().mapToDouble(StageEstimate::slotSeconds).sum() / slots;
    return Math.max(longest, all);
  }

  /** The stage that takes longest, if anything was measured. */
  public Optional<String> bottleneck() {
    return stageSeconds().entrySet().stream()
        .max(Comparator.comparingDouble(Map.Entry::getValue))
        .map(Map.Entry::getKey);
  }
}
