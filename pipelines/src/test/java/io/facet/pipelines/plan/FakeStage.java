package io.facet.pipelines.plan;

import io.facet.models.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A stage that writes one small file, counts its runs and can be made to fail anywhere. */
final class FakeStage implements Stage {
  private final String name;
  private final List<StageInstance> instances = new ArrayList<>();
  final List<String> ran = new CopyOnWriteArrayList<>();
  Consumer<StageContext> before = context -> {};
  Consumer<StageContext> after = context -> {};

  FakeStage(String name) {
    this.name = name;
  }

  FakeStage with(String label, String size, String... dependencies) {
    instances.add(
        StageInstance.of(
            name, label, List.of(dependencies), new FingerprintInputs().option("size", size)));
    return this;
  }

  FakeStage tolerating(String... dependencies) {
    instances.add(
        StageInstance.of(name, "", List.of(dependencies), new FingerprintInputs()).tolerating());
    return this;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int formatVersion() {
    return 1;
  }

  @Override
  public List<StageInstance> instances(PlanContext context) {
    return instances;
  }

  /** The content: inputs and the contents of all parents, so that equal inputs give equal files. */
  @Override
  public StageResult run(StageContext context) throws IOException {
    ran.add(context.instance().name());
    before.accept(context);
    StringBuilder text = new StringBuilder(context.instance().inputs().toString());
    context
        .parents()
        .forEach(
            (parent, artifact) ->
                text.append(parent)
                    .append(new String(artifact.attachment("out.txt"), StandardCharsets.UTF_8)));
    context.attempt().put("out.txt", text.toString().getBytes(StandardCharsets.UTF_8));
    context.progress(1, 1, "files");
    after.accept(context);
    return new StageResult().attachment("out.txt").metric("length", text.length());
  }

  static Consumer<StageContext> failing(String instance) {
    return context -> {
      if (context.instance().name().equals(instance)) {
        throw new DataException("no faces in " + instance);
      }
    };
  }
}
