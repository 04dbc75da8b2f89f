package io.facet.pipelines.stage;

import ai.djl.ndarray.types.Shape;
import io.facet.models.RecipeException;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.backbone.PromptableNetwork;
import io.facet.models.prompt.PromptMode;
import io.facet.models.prompt.PromptSet;
import io.facet.pipelines.plan.Plan;
import io.facet.pipelines.recipe.Recipe;
import io.facet.pipelines.recipe.TeacherCache;
import io.facet.pipelines.recipe.TeacherRecipe;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * What a teacher's cached outputs would take at most, and so whether they are cached: all aligned
 * faces x 2 views x 4 bytes a number, 2 as float16.
 *
 * @param teacher its name
 * @param choice of the recipe
 * @param network whether it is a network and could run live
 * @param bytesPerFace of both views
 */
public record FeatureBytes(
    String teacher, TeacherCache choice, boolean network, long bytesPerFace) {
  /** {@code auto} caches so many bytes at most. */
  static final long LIMIT = 200_000_000_000L;

  /** {@code always} is refused beyond. */
  static final long LARGEST = 2_000_000_000_000L;

  private static final int VIEWS = 2;

  static FeatureBytes of(Recipe recipe, TeacherNeeds needs) {
    TeacherRecipe teacher = recipe.teacher(needs.teacher()).orElseThrow();
    if (teacher.frozen().isPresent()) {
      return of(needs, false, teacher.frozen().get().embedding());
    }
    Network network = Backbone.create(teacher.network());
    long numbers = network.embeddingSize();
    for (String tap : needs.taps()) {
      Shape shape = network.taps().get(tap);
      numbers += shape.size();
      if (tap.equals(PromptSet.TAP)
          && needs.mode() == PromptMode.STAGED
          && network instanceof PromptableNetwork) {
        numbers += recipe.prompt().tokens() * shape.get(1);
      }
    }
    return of(needs, true, numbers);
  }

  private static FeatureBytes of(TeacherNeeds needs, boolean network, long numbers) {
    return new FeatureBytes(
        needs.teacher(), needs.cache(), network, VIEWS * needs.type().bytes() * numbers);
  }

  /**
   * What planning can say of each teacher that some method takes as a constant.
   *
   * @param estimated images of an estimate; empty: those that are aligned already, if they are
   * @throws RecipeException if outputs must be cached and are too many
   */
  public static List<String> notes(Plan plan, OptionalLong estimated) {
    OptionalLong faces = estimated.isPresent() ? estimated : aligned(plan);
    List<String> notes = new ArrayList<>();
    for (TeacherNeeds needs : TeacherNeeds.of(plan.context().recipe())) {
      if (needs.constant()) {
        FeatureBytes bytes = of(plan.context().recipe(), needs);
        String note = faces.isPresent() ? bytes.said(faces.getAsLong()) : bytes.rule();
        boolean measuredOtherwise =
            estimated.isPresent()
                && needs.cache() == TeacherCache.AUTO
                && !bytes.cached(estimated.getAsLong());
        notes.add(
            measuredOtherwise ? note + "; hours and bytes here are those of a cached one" : note);
      }
    }
    return notes;
  }

  private static OptionalLong aligned(Plan plan) {
    return plan.instance(Stages.ALIGN)
        .flatMap(align -> align.cached())
        .flatMap(align -> align.manifest().table("faces"))
        .map(table -> OptionalLong.of(table.rows()))
        .orElse(OptionalLong.empty());
  }

  /**
   * Whether the outputs are cached.
   *
   * @param faces that were aligned
   * @throws RecipeException if they must be and are too many
   */
  boolean cached(long faces) {
    boolean always = choice == TeacherCache.ALWAYS || !network;
    if (always && bytes(faces) > LARGEST) {
      throw new RecipeException(
          "teachers: the outputs of '%s' cannot be cached: %s would take up to %s, and %s is the most; %s"
              .formatted(
                  teacher,
                  faces(faces),
                  size(bytes(faces)),
                  size(LARGEST),
                  network
                      ? "set its cache: auto or never, its cacheType: float16, or choose methods that read fewer taps"
                      : "choose a teacher with a backbone, which can run live"));
    }
    return always || (choice == TeacherCache.AUTO && bytes(faces) <= LIMIT);
  }

  /** What was chosen and why. */
  String said(long faces) {
    if (choice == TeacherCache.NEVER) {
      return rule();
    }
    return "teacher '%s' %s: its outputs for %s %s %s (cache: %s%s)"
        .formatted(
            teacher,
            cached(faces) ? "is cached" : "runs live in each training",
            faces(faces),
            cached(faces) ? "take at most" : "would take up to",
            size(bytes(faces)),
            choice.name().toLowerCase(Locale.ROOT),
            choice == TeacherCache.AUTO && network ? ", up to " + size(LIMIT) : "");
  }

  /** What is known before the faces are counted. */
  private String rule() {
    if (!network) {
      return "teacher '%s' is cached, %s a face".formatted(teacher, size(bytesPerFace));
    }
    return switch (choice) {
      case NEVER -> "teacher '%s' runs live in each training (cache: never)".formatted(teacher);
      case ALWAYS ->
          "teacher '%s' is cached, %s a face (cache: always, up to %s)"
              .formatted(teacher, size(bytesPerFace), size(LARGEST));
      case AUTO ->
          "teacher '%s' is cached, %s a face, up to %,d faces; with more it runs live in each training (cache: auto)"
              .formatted(teacher, size(bytesPerFace), LIMIT / bytesPerFace);
    };
  }

  private double bytes(long faces) {
    return (double) faces * bytesPerFace;
  }

  private static String faces(long faces) {
    return String.format(Locale.ROOT, "%,d faces", faces);
  }

  private static String size(double bytes) {
    String[] units = {"bytes", "kB", "MB", "GB", "TB", "PB"};
    int unit = 0;
    double value = bytes;
    while (value >= 1000 && unit < units.length - 1) {
      value /= 1000;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
  }
}
