package io.facet.pipelines.stage;

import io.facet.pipelines.plan.Stage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** The stages on the class path and their names. */
public final class Stages {
  public static final String INGEST = "ingest";
  public static final String ALIGN = "align";
  public static final String PACK = "pack";
  public static final String TEACHER = "teacher";
  public static final String PROMPT = "prompt";
  public static final String DISTILL = "distill";
  public static final String EXPORT = "export";
  public static final String EVALUATE = "evaluate";
  public static final String PUBLISH = "publish";
  public static final String GATE = "gate";

  private static final List<String> ORDER =
      List.of(INGEST, ALIGN, PACK, TEACHER, PROMPT, DISTILL, EXPORT, EVALUATE, PUBLISH, GATE);

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
