package io.facet.transforms.train;

import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.device.DeviceChoice;
import io.facet.models.device.DeviceTurn;
import io.facet.models.format.FloatTensor;
import io.facet.models.format.Safetensors;
import io.facet.models.onnx.LearntRanges;
import io.facet.models.tensor.Torch;
import io.facet.models.train.ClassifierStart;
import io.facet.models.train.TrainingResult;
import io.facet.models.train.TrainingSetup;
import io.facet.models.train.data.PackedTrainingSet;
import io.facet.models.weights.ClassWeights;
import io.facet.models.weights.ModelFile;
import io.facet.transforms.attempt.AttemptFolder;
import io.facet.transforms.pack.LocalPack;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.PairRow;
import io.facet.transforms.row.SampleRow;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains one network from the files a {@link TrainingJob} names: a student with or without teacher,
 * or a teacher. Progress and checkpoints go into the attempt folder, so a second call with the same
 * folder goes on where the first was stopped; the model is left there as {@link #MODEL}.
 */
public final class NetworkTraining {
  /** The trained network. */
  public static final String MODEL = "model.safetensors";

  /** Prompts that learnt with the student. */
  public static final String PROMPTS = "prompts.safetensors";

  private static final String CHECKPOINTS = "training";

  /** Most bytes of class weights that a model file has room for. */
  private static final long LARGEST_CLASSIFIER = 2_100_000_000;

  private static final Logger LOG = LoggerFactory.getLogger(NetworkTraining.class);

  private NetworkTraining() {}

  /**
   * Trains to the end.
   *
   * @throws InterruptedException if the thread is interrupted, after a checkpoint
   * @throws DataException if the inputs cannot be used
   * @throws io.facet.models.train.NonFiniteLossException if a loss or gradient is not finite
   */
  public static void run(TrainingJob job, AttemptFolder attempt)
      throws IOException, InterruptedException {
    Torch.setThreads(job.threads());
    DeviceChoice device = DeviceChoice.of(job.device());
    LOG.info("{} runs on {}: {}", job.name(), device.name(), device.description());
    try (DeviceTurn turn = DeviceTurn.take(device, job.name());
        LocalPack pack = LocalPack.open(job.pack());
        JobTeachers teachers = new JobTeachers(job, pack.train())) {
      PackedTrainingSet set = pack.train();
      Network network = Backbone.create(job.backbone());
      TrainingSetup setup =
          TrainingSetup.of(network, job.preprocessing(), set, job.options(), job.seed())
              .device(device.device())
              .precision(job.precision())
              .method(job.method())
              .head(job.head())
              .checkpoints(new HistoryCheckpoints(attempt, CHECKPOINTS))
              .listener(new ProgressListener(attempt));
      job.quantisation().ifPresent(setup::quantisation);
      validation(pack.validation(), job.validation()).ifPresent(setup::validation);
      if (job.initial().isPresent()) {
        setup.initial(initial(job, job.initial().get()));
      }
      if (job.classifier().isPresent()) {
        setup.classifier(classifier(job.classifier().get(), set));
      }
      teachers.addTo(setup);
      TrainingResult result = TrainingFailure.reporting(setup, attempt);
      leave(job, result, set, attempt);
    }
  }

  private static Optional<PairValidation> validation(
      PackedTrainingSet crops, TrainingJob.Validation wanted) {
    if (wanted.given().isEmpty()) {
      return PairValidation.of(crops, wanted.pairs());
    }
    List<PairRow> pairs = new ArrayList<>();
    try (ParquetTable.Rows<PairRow> rows = ParquetTable.read(PairRow.class, wanted.given())) {
      for (PairRow row : rows) {
        if (row.set().equals(SampleRow.VALIDATION)) {
          pairs.add(row);
        }
      }
    }
    pairs.sort(Comparator.comparingInt(PairRow::position));
    return Optional.of(PairValidation.of(crops, pairs));
  }

  private static Map<String, float[]> initial(TrainingJob job, TrainingJob.Start start)
      throws IOException {
    StoredWeights.Start filled =
        StoredWeights.into(
            Backbone.create(job.backbone()),
            StoredWeights.read(start.uri()),
            start.uri(),
            start.naming(),
            job.seed());
    LOG.info("{} starts from {}: {}", job.name(), start.uri(), filled.report().summary());
    return filled.values();
  }

  private static ClassifierStart classifier(
      TrainingJob.Classifier classifier, PackedTrainingSet set) throws IOException {
    ClassWeights weights =
        TeacherFiles.classifier(classifier.model(), set)
            .orElseThrow(
                () ->
                    new DataException(
                        "teacher '%s' (%s) has no class weights to share; train it here, or give it classifier: {path: FILE, names: FILE}"
                            .formatted(classifier.teacher(), classifier.model())));
    Optional<String> mismatch = weights.mismatch(set.classes(), set.identityDigest());
    if (mismatch.isPresent()) {
      throw new DataException(
          "the class weights of teacher '%s' cannot be shared: %s; train it on these identities, or give it classifier: {path: FILE, names: FILE} with a row for each of them"
              .formatted(classifier.teacher(), mismatch.get()));
    }
    return new ClassifierStart(weights.rows(), classifier.frozen());
  }

  private static void leave(
      TrainingJob job, TrainingResult result, PackedTrainingSet set, AttemptFolder attempt)
      throws IOException {
    Map<String, String> notes = new TreeMap<>();
    notes.put("method", job.method().key());
    notes.put("methodOptions", job.method().json());
    notes.put("seed", Long.toString(job.seed()));
    notes.put("steps", Long.toString(result.steps()));
    notes.put("epoch", Integer.toString(result.epoch()));
    result.ranges().ifPresent(ranges -> notes.put(LearntRanges.NOTE, ranges.note()));
    int width = Backbone.create(job.backbone()).embeddingSize();
    ModelFile model =
        new ModelFile(
            job.backbone(),
            job.preprocessing(),
            result.student(),
            result
                .classifier()
                .filter(rows -> fits(job, rows))
                .map(rows -> new ClassWeights(width, rows, set.identityDigest())),
            notes);
    attempt.put(MODEL, model.bytes());
    if (!result.prompts().isEmpty()) {
      attempt.put(PROMPTS, promptFile(result.prompts()));
    }
  }

  private static boolean fits(TrainingJob job, float[] rows) {
    long bytes = (long) rows.length * Float.BYTES;
    if (bytes > LARGEST_CLASSIFIER) {
      LOG.warn(
          "{}: its class weights, {} bytes, are not kept: a model file has room for {}",
          job.name(),
          bytes,
          LARGEST_CLASSIFIER);
    }
    return bytes <= LARGEST_CLASSIFIER;
  }

  /** Prompts as a safetensors file. */
  static byte[] promptFile(Map<String, float[]> prompts) {
    Map<String, FloatTensor> tensors = new TreeMap<>();
    prompts.forEach(
        (name, values) ->
            tensors.put(name, FloatTensor.of(name, new Shape(values.length), values)));
    return Safetensors.write(tensors, Map.of());
  }
}
