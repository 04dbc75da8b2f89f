package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TermLosses;
import io.facet.models.distill.method.Mldr.Inputs;
import io.facet.models.distill.method.Mldr.Options;
import io.facet.models.distill.part.ClassLogits;
import io.facet.models.distill.part.Divergence;
import io.facet.models.distill.part.EmbeddingAdapter;
import io.facet.models.distill.part.StageBranch;
import io.facet.models.distill.part.StageFusion;
import io.facet.models.tensor.L2Normalise;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** MLDR-KD at work: the terms of the final outputs, of each stage and of the fused stages. */
final class MldrSession extends MethodSession {
  private final Options options;
  private final Optional<ClassLogits> logits;
  private final EmbeddingAdapter adapter;
  private final Map<String, StageBranch> branches = new LinkedHashMap<>();
  private final Optional<StageFusion> fusion;

  MldrSession(Options options, MethodSetup setup) {
    this.options = options;
    int width = setup.teacherEmbedding();
    boolean classes = options.inputs() == Inputs.CLASSES;
    logits =
        classes ? Optional.of(new ClassLogits(setup, options.logitScale(), 0)) : Optional.empty();
    adapter =
        classes
            ? null
            : child(
                "adapter",
                new EmbeddingAdapter("mldr", setup.studentEmbedding(), width, options.adapter()));
    for (String tap : options.branches()) {
      branches.put(tap, child(tap, new StageBranch(setup.studentTaps().get(tap), width)));
    }
    fusion =
        branches.isEmpty()
            ? Optional.empty()
            : Optional.of(
                child("fusion", new StageFusion(options.branches(), setup.studentTaps(), width)));
  }

  @Override
  public TermLosses losses(StepInputs inputs) {
    NDArray student;
    UnaryOperator<NDArray> read;
    if (logits.isPresent()) {
      StepInputs shown = logits.get().sampling(inputs, options.classes());
      student = logits.get().student(shown);
      read = logits.get().onTeacher(shown);
    } else {
      read = embeddings -> L2Normalise.of(embeddings).mul(options.logitScale());
      student = read.apply(adapter.forward(inputs.student().embedding()));
    }
    NDArray teacher = read.apply(inputs.teacher().embedding());
    TermLosses terms = new TermLosses();
    add(terms, "", student, teacher);
    Map<String, NDArray> descriptors = new LinkedHashMap<>();
    Map<String, NDArray> stages = new LinkedHashMap<>();
    branches.forEach(
        (tap, branch) -> {
          NDArray descriptor = branch.descriptor(inputs.student().tap(tap));
          NDArray stage = branch.embedding(descriptor);
          descriptors.put(tap, descriptor);
          stages.put(tap, stage);
          add(terms, "_" + tap, read.apply(stage), teacher);
        });
    fusion.ifPresent(
        fused -> add(terms, "_fused", read.apply(fused.forward(descriptors, stages)), teacher));
    return terms;
  }

  private void add(TermLosses terms, String suffix, NDArray student, NDArray teacher) {
    NDArray actual = Divergence.soften(student, options.temperature());
    NDArray target = Divergence.soften(teacher, options.temperature());
    terms
        .add("class_relation" + suffix, options.weight(), Mldr.classRelation(actual, target))
        .add("sample_relation" + suffix, options.weight(), Mldr.sampleRelation(actual, target))
        .add(
            "probability" + suffix,
            options.weight() * options.probabilityWeight(),
            Mldr.probability(actual, target));
  }
}
