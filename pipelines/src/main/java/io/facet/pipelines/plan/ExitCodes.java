package io.facet.pipelines.plan;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.train.NonFiniteLossException;
import io.facet.pipelines.InfrastructureException;
import java.nio.file.InvalidPathException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Exit codes of the command line. */
public final class ExitCodes {
  public static final int OK = 0;

  /** A bug of ours, or of a library. */
  public static final int BUG = 1;

  /** The user can mend it; training that diverged too, by another learning rate. */
  public static final int RECIPE = 2;

  public static final int DATA = 3;
  public static final int GATE = 4;
  public static final int INFRASTRUCTURE = 5;

  /** Stopped: by Ctrl-C, or by a cancellation; SIGTERM gives 143, as everywhere. */
  public static final int KILLED = 130;

  private static final Map<Class<? extends Throwable>, Integer> CODES =
      Map.of(
          RecipeException.class, RECIPE,
          NonFiniteLossException.class, RECIPE,
          DataException.class, DATA,
          InfrastructureException.class, INFRASTRUCTURE);

  private ExitCodes() {}

  /** The code of a failure, however deeply Beam and Flink wrapped it. */
  public static int of(Throwable failure) {
    return code(Failures.shown(failure));
  }

  /**
   * The failure that says what a user can do, found among the causes; Flink hands some over as text
   * only, and these are made anew.
   */
  public static Optional<RuntimeException> known(Throwable failure) {
    Optional<RuntimeException> there =
        FailureText.causes(failure)
            .filter(cause -> code(cause) != BUG)
            .map(RuntimeException.class::cast)
            .findFirst();
    return there.or(
        () -> FailureText.causes(failure).flatMap(cause -> revive(cause).stream()).findFirst());
  }

  private static int code(Throwable failure) {
    return CODES.entrySet().stream()
        .filter(entry -> entry.getKey().isInstance(failure))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(BUG);
  }

  /** {@code io.facet.models.DataException: MESSAGE} at the start of another failure's message. */
  private static Optional<RuntimeException> revive(Throwable failure) {
    if (failure instanceof InvalidPathException path) {
      return Optional.of(new RecipeException(unspeakable(path), path));
    }
    String text = String.valueOf(failure.getMessage());
    if (begins(text, DataException.class)) {
      return Optional.of(new DataException(rest(text), failure));
    }
    if (begins(text, RecipeException.class) || begins(text, NonFiniteLossException.class)) {
      return Optional.of(new RecipeException(rest(text), failure));
    }
    return begins(text, InfrastructureException.class)
        ? Optional.of(new InfrastructureException(rest(text), failure))
        : Optional.empty();
  }

  /** A name that no file can have here, for some because of the locale. */
  private static String unspeakable(InvalidPathException path) {
    String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
    boolean plain = path.getInput().chars().allMatch(letter -> letter < 128);
    return plain || encoding.toUpperCase(Locale.ROOT).replace("-", "").equals("UTF8")
        ? "'%s' cannot be the name of a file: %s; correct the path"
            .formatted(path.getInput(), path.getReason())
        : "'%s' cannot be a file's name in the locale's encoding %s; set LC_ALL=C.UTF-8, as ./infra/facet does"
            .formatted(path.getInput(), encoding);
  }

  private static boolean begins(String text, Class<?> type) {
    return text.startsWith(type.getName() + ": ");
  }

  private static String rest(String text) {
    return text.substring(text.indexOf(": ") + 2).lines().findFirst().orElse("");
  }
}
