package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import io.facet.models.RecipeException;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TermLosses;
import io.facet.models.distill.part.DuplicateRows;
import io.facet.models.distill.part.MatchingShapes;
import io.facet.models.distill.part.OtherIdentities;
import io.facet.models.tensor.HostArray;
import io.facet.models.tensor.IndexArray;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.L2Normalise;
import io.facet.models.tensor.Linear;
import io.facet.models.tensor.TorchOps;
import io.facet.models.tensor.Weight;
import java.util.Map;

/** CRD at work: the two maps, the two memories and the constants that normalise agreement. */
final class CrdSession extends MethodSession {
  private static final String NORMALISERS = "normalisers";
  private static final long MEGABYTE = 1 << 20;

  /** Memories above this size are worth a word. */
  private static final long LARGE = 256;

  private final Crd.Options options;
  private final long samples;
  private final OtherIdentities negatives;
  private final Linear studentMap;
  private final Linear teacherMap;
  private final Weight studentMemory;
  private final Weight teacherMemory;
  private Map<String, String> alarms = Map.of();

  /** Of the student's term and the teacher's; null before the first batch. */
  private double[] normalisers;

  /** What the memories take in after this step; null between steps. */
  private Renewal renewal;

  private record Renewal(IndexArray images, NDArray student, NDArray teacher) {}

  CrdSession(Crd.Options options, MethodSetup setup) {
    this.options = options;
    samples = setup.samples();
    negatives = new OtherIdentities(setup.seed(), setup.samples(), setup.labels());
    int width = options.featureWidth();
    checkSize(width);
    studentMap = child("student", new Linear(setup.studentEmbedding(), width, true));
    teacherMap = child("teacher", new Linear(setup.teacherEmbedding(), width, true));
    Initialiser start = Initialiser.uniform(1 / Math.sqrt(width / 3.0));
    studentMemory = buffer("studentMemory", start, samples, width);
    teacherMemory = buffer("teacherMemory", start, samples, width);
  }

  private void checkSize(int width) {
    long megabytes = (2 * samples * width * Float.BYTES + MEGABYTE - 1) / MEGABYTE;
    if (megabytes > options.memoryLimitMegabytes()) {
      throw new RecipeException(
          "method 'crd': memories of %d images need %d MB, more than memoryLimitMegabytes: %d; raise it, or lower featureWidth"
              .formatted(samples, megabytes, options.memoryLimitMegabytes()));
    }
    if (megabytes > LARGE) {
      alarms =
          Map.of(
              "memory",
              "crd: its memories of %d images take %d MB, here and in every checkpoint"
                  .formatted(samples, megabytes));
    }
  }

  @Override
  public TermLosses losses(StepInputs inputs) {
    IndexArray images = inputs.sampleIndices();
    NDArray rows = negatives.rows(inputs.step(), images, options.negatives());
    return contrast(inputs.student().embedding(), inputs.teacher().embedding(), images, rows);
  }

  /**
   * The terms for given rows of the memories.
   *
   * @param images positions of the samples, {@code (B)}
   * @param rows int64 {@code (B, K + 1)}: first the sample itself, then its negatives
   */
  TermLosses contrast(NDArray student, NDArray teacher, IndexArray images, NDArray rows) {
    MatchingShapes.requireBatch(student, teacher);
    NDArray ofStudent = L2Normalise.of(studentMap.forward(student));
    NDArray ofTeacher = L2Normalise.of(teacherMap.forward(teacher.stopGradient()));
    renewal = new Renewal(images, ofStudent.stopGradient(), ofTeacher.stopGradient());
    NDArray one = agreement(ofStudent, teacherMemory, rows);
    NDArray other = agreement(ofTeacher, studentMemory, rows);
    if (normalisers == null) {
      normalisers = new double[] {mean(one) * samples, mean(other) * samples};
    }
    return new TermLosses()
        .add("student", options.weight(), Crd.loss(one.div(normalisers[0]), samples))
        .add("teacher", options.weight(), Crd.loss(other.div(normalisers[1]), samples));
  }

  private NDArray agreement(NDArray embeddings, Weight memory, NDArray rows) {
    return Crd.agreement(embeddings, memory.array(), rows, options.temperature());
  }

  private static double mean(NDArray agreement) {
    return HostArray.number(agreement.stopGradient().mean());
  }

  @Override
  public void afterStep(StepInputs inputs) {
    remember();
  }

  /** Renews the rows of the last batch; of an image twice in it, with its last embedding. */
  void remember() {
    DuplicateRows images = DuplicateRows.of(renewal.images());
    renew(studentMemory, images, renewal.student());
    renew(teacherMemory, images, renewal.teacher());
    renewal = null;
  }

  private void renew(Weight memory, DuplicateRows images, NDArray batch) {
    NDArray places = images.values();
    double momentum = options.momentum();
    NDArray old = TorchOps.rows(memory.array(), places).mul(momentum);
    NDArray mixed = old.add(images.last(batch).mul(1 - momentum));
    TorchOps.setRows(memory.array(), places, L2Normalise.of(mixed));
  }

  @Override
  public Map<String, String> alarms() {
    Map<String, String> raised = alarms;
    alarms = Map.of();
    return raised;
  }

  @Override
  public Map<String, double[]> state() {
    return normalisers == null ? Map.of() : Map.of(NORMALISERS, normalisers.clone());
  }

  @Override
  public void restore(Map<String, double[]> state) {
    double[] saved = state.get(NORMALISERS);
    normalisers = saved == null ? null : saved.clone();
  }
}
