package io.facet.pipelines.plan;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.artifact.StoreErrors;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.BiFunction;
import java.util.regex.Pattern;

/**
 * Tells what a failure is to a person, however deeply Beam and Flink wrapped it: whatever comes
 * from the machine, the network or a file is not a bug of ours, and says what can be done.
 */
public final class Failures {
  private static final BiFunction<String, Throwable, RuntimeException> INFRASTRUCTURE =
      InfrastructureException::new;
  private static final BiFunction<String, Throwable, RuntimeException> DATA = DataException::new;
  private static final BiFunction<String, Throwable, RuntimeException> RECIPE =
      RecipeException::new;

  /**
   * A kind of failure that libraries know.
   *
   * @param sign in the name or message of a cause; a failure of a cluster arrives as text
   * @param made what it becomes
   * @param cure what to say, {@code %s} for the cause
   */
  private record Kind(
      Pattern sign, BiFunction<String, Throwable, RuntimeException> made, String cure) {
    static Kind of(String sign, BiFunction<String, Throwable, RuntimeException> made, String cure) {
      return new Kind(Pattern.compile(sign), made, cure);
    }

    Optional<Throwable> causeOf(Throwable failure) {
      return FailureText.causes(failure).filter(c -> sign.matcher(line(c)).find()).findFirst();
    }
  }

  private static final Kind UNREACHABLE =
      Kind.of(
          "UnknownHostException|ConnectException|SocketTimeoutException|HttpTimeoutException"
              + "|ConnectTimeoutException|UnresolvedAddressException",
          INFRASTRUCTURE,
          "a server cannot be reached: %s; run again when it can");

  /** The first that fits counts. */
  private static final List<Kind> KINDS =
      List.of(
          Kind.of(
              "CUDA (error: )?out of memory|DefaultCPUAllocator: (can't|not enough)",
              RECIPE,
              "too little memory for a step: %s; choose a smaller batchSize"),
          Kind.of(
              "OutOfMemoryError",
              INFRASTRUCTURE,
              "out of memory: %s; give the process more (FACET_JAVA_OPTS=-Xmx8g, on a cluster"
                  + " taskmanager.memory.process.size) or choose smaller batches"),
          Kind.of(
              "Insufficient number of network buffers",
              INFRASTRUCTURE,
              "%s; choose a lower --parallelism or raise taskmanager.memory.network.fraction"),
          Kind.of(
              "[Hh]eartbeat of .* timed out|is no longer reachable|remote task manager was lost"
                  + "|unexpectedly closed by remote task manager",
              INFRASTRUCTURE,
              "a worker did not answer: %s; run again to resume"),
          Kind.of(
              "UnsatisfiedLinkError|NoClassDefFoundError|ClassNotFoundException"
                  + "|NoSuchMethodError|NoSuchFieldError|InvalidClassException",
              INFRASTRUCTURE,
              "a library is missing or of another version: %s; './infra/facet doctor' looks for"
                  + " it, infra/docs/flink.md says what a cluster needs"),
          Kind.of(
              "No filesystem found for scheme",
              RECIPE,
              "%s; add Beam's module for it to FACET_CLASSPATH"),
          Kind.of("InvalidPathException", RECIPE, "%s; correct the path"),
          Kind.of(
              "NoSuchFileException|FileNotFoundException",
              DATA,
              "a file is not there: %s; on a cluster every worker needs store and data under the"
                  + " same path"),
          UNREACHABLE,
          Kind.of("JsonParseException|JsonMappingException|MismatchedInputException", DATA, "%s"));

  private Failures() {}

  /**
   * The failure to show: the one among the causes that says what can be done, or one made of the
   * causes; the failure itself if it is a cancellation or, as far as we know, a bug.
   */
  public static Throwable shown(Throwable failure) {
    if (failure instanceof CancellationException) {
      return failure;
    }
    Optional<RuntimeException> known = ExitCodes.known(failure);
    if (known.isPresent()) {
      return known.get() instanceof DataException file && UNREACHABLE.causeOf(failure).isPresent()
          ? new InfrastructureException(file.getMessage() + "; run again when it can be", failure)
          : known.get();
    }
    Optional<InfrastructureException> disk = StoreErrors.diskTrouble(failure);
    if (disk.isPresent()) {
      return disk.get();
    }
    return ofLibraries(failure)
        .or(() -> ofFiles(failure))
        .map(Throwable.class::cast)
        .orElse(failure);
  }

  private static Optional<RuntimeException> ofLibraries(Throwable failure) {
    for (Kind kind : KINDS) {
      Optional<Throwable> cause = kind.causeOf(failure);
      if (cause.isPresent()) {
        return Optional.of(
            kind.made().apply(kind.cure().formatted(FailureText.withCause(cause.get())), failure));
      }
    }
    return Optional.empty();
  }

  /** Files and streams fail; that is not a bug. */
  private static Optional<RuntimeException> ofFiles(Throwable failure) {
    return FailureText.causes(failure)
        .filter(cause -> cause instanceof IOException || line(cause).matches("java\\.io\\..*"))
        .findFirst()
        .map(
            cause ->
                new InfrastructureException(
                    "cannot read or write: " + FailureText.withCause(cause), failure));
  }

  private static String line(Throwable failure) {
    return failure.toString().lines().findFirst().orElse("");
  }
}
