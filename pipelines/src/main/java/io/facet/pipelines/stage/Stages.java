package io.facet.pipelines.stage;

import io.facet.pipelines.plan.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** The stages on the class path and their names. */
public final class Stages {
  static final String INGEST = "ingest";
  static final String ALIGN = "align";
  static final String TEACHER = "teacher";
  static final String PROMPT = "prompt";
  static final String DISTILL = "distill";
  static final String EVALUATE = "evaluate";
  static final String PUBLISH = "publish";
  static final String GATE = "gate";

  private static final List<String> ORDER =
      List.of(INGEST, ALIGN, TEACHER, PROMPT, DISTILL, EVALUATE, PUBLISH, GATE);

  private Stages() {}

  /** All stages in the order of a run; added ones last, by name. */
  public static List<Stage> all() {
    List<Stage> stages = new ArrayList<>();
    ServiceLoader.load(Stage.class, Stage.class.getClassLoader()).forEach(stages::add);
    stages.sort(
        Comparator.comparingInt((Stage stage) -> position(stage.name()))
            .thenComparing(Stage::name));
    return List.copyOf(stages);
  }

  private static int position(String name) {
    int position = ORDER.indexOf(name);
    return position < 0 ? ORDER.size() : position;
  }
}
