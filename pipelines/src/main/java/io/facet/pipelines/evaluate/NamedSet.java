package io.facet.pipelines.evaluate;

import io.facet.models.face.AlignOptions;
import io.facet.models.face.FaceDetector;
import io.facet.models.option.CommandLineForm;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.SourceSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A verification set and its detector as the command line names them. */
public record NamedSet(SourceSpec source, Selected<FaceDetector<?>> detector) {
  /** The detector of a file that is named without one. */
  private static final String DETECTOR = "yunet";

  /**
   * A set as the command line names it.
   *
   * @param text {@code KIND:PATH}
   * @param detector {@code FILE} of YuNet or {@code KIND:FILE}; empty: the landmarks that the
   *     images come with, and images without any are aligned already
   * @throws io.facet.models.RecipeException if a kind is unknown or the rest does not fit it
   */
  public static NamedSet parse(String text, Optional<String> detector) {
    Selected<FaceSource<?>> source = CommandLineForm.parse("--on", FaceSource.class, text);
    return new NamedSet(
        SourceSpec.verification(name(source.key(), text), source),
        detector
            .map(NamedSet::detector)
            .orElseGet(
                () ->
                    RecordBinder.select(
                        FaceDetector.class,
                        source.extension().givesLandmarks() ? "given" : "none")));
  }

  /**
   * A detector as the command line names it.
   *
   * @param text {@code FILE} of YuNet or {@code KIND:FILE}
   * @throws io.facet.models.RecipeException if the kind is unknown or the rest does not fit it
   */
  public static Selected<FaceDetector<?>> detector(String text) {
    String key = text.substring(0, Math.max(0, text.indexOf(':')));
    boolean named = key.matches("[a-z][a-z0-9-]+") && !Files.exists(Path.of(text));
    return CommandLineForm.parse(
        "--detector", FaceDetector.class, named ? text : DETECTOR + ":" + text);
  }

  /**
   * How its images become crops. The faces of templates are all used, however small: so are those
   * of published figures.
   */
  public AlignOptions align() {
    AlignOptions usual = AlignOptions.with(detector);
    return source.givesTemplates() ? usual.with(0) : usual;
  }

  private static String name(String kind, String text) {
    Path last = Path.of(text.substring(kind.length() + 1)).getFileName();
    return kind + "-" + (last == null ? "set" : last.toString().replaceAll("[.]csv$", ""));
  }
}
