package io.facet.models.distill.cakd;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.facet.models.distill.MethodSetup;
import io.facet.models.tensor.Initialiser;
import io.facet.models.tensor.Layer;
import io.facet.models.tensor.Weight;

/**
 * What both sides go through and the teacher's side trains: its projection, the mapping of tokens
 * to local features, and their attention. LayerNorm without weights comes before the projection,
 * before the attention and after it.
 */
final class SharedLocals extends Layer {
  private final CakdOptions options;
  private final Weight projection;

  /** Null where local features are means. */
  private final UnifiedReceptiveField field;

  private final LocalAttention attention;
  private final int[] studentRows;
  private final int[] teacherRows;
  private final int prompts;

  SharedLocals(CakdOptions options, MethodSetup setup) {
    this.options = options;
    Shape student = CakdSession.tokens(setup.studentTaps().get(CakdSession.TAP));
    Shape teacher = CakdSession.tokens(setup.teacherTaps().get(CakdSession.TAP));
    prompts = setup.promptTokens();
    projection =
        matrix(
            "teacherProjection",
            Initialiser.normal(1 / Math.sqrt(teacher.get(1))),
            teacher.get(1),
            options.width());
    PositionBuckets buckets = new PositionBuckets(options, setup.saliency());
    field =
        options.mapping() == LocalMapping.POOLING
            ? null
            : child(
                "field",
                new UnifiedReceptiveField(
                    options.locals(),
                    options.width(),
                    options.heads(),
                    buckets.tableRows(),
                    buckets.nearest(),
                    options.pePlacement()));
    attention = child("attention", new LocalAttention(options.width(), options.heads()));
    studentRows = buckets.rows((int) student.get(0), 0);
    teacherRows = buckets.rows((int) teacher.get(0), prompts);
  }

  /** The teacher's side, {@code (B, N, c)}, which trains all of this. */
  LocalAttention.Attended teacher(NDArray tap) {
    return attend(tap, projection.array(), teacherRows, prompts, true);
  }

  /** The same with all of this as constants: gradients reach the tap alone. */
  LocalAttention.Attended constantTeacher(NDArray tap) {
    return attend(tap, projection.array().stopGradient(), teacherRows, prompts, false);
  }

  /** The student's side: gradients reach its tap and its projection alone. */
  LocalAttention.Attended student(NDArray tap, Weight studentProjection) {
    return attend(tap, studentProjection.array(), studentRows, 0, false);
  }

  private LocalAttention.Attended attend(
      NDArray tap, NDArray matrix, int[] rows, int promptTokens, boolean trained) {
    NDArray features = Normalised.layer(CakdSession.tokens(tap)).matMul(matrix);
    NDArray locals = Normalised.layer(locals(features, rows, promptTokens, trained));
    LocalAttention.Attended attended =
        trained ? attention.forward(locals) : attention.constant(locals);
    return attended.normalised();
  }

  private NDArray locals(NDArray features, int[] rows, int promptTokens, boolean trained) {
    if (field == null) {
      return CellMeans.of(features, promptTokens, options.locals());
    }
    return trained ? field.forward(features, rows) : field.constant(features, rows);
  }
}
