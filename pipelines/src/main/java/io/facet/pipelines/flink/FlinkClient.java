package io.facet.pipelines.flink;

import io.facet.models.RecipeException;
import java.util.Optional;
import org.apache.flink.api.java.ExecutionEnvironment;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.RestOptions;

/**
 * Whether this program was started by Flink's own client ({@code flink run}, the web page,
 * application mode) rather than by the {@code facet} command.
 */
public final class FlinkClient {
  /** Beam's word for the cluster that Flink's client was told. */
  public static final String MASTER = "[auto]";

  private static final String EMBEDDED = "embedded";

  private FlinkClient() {}

  /** Started by Flink's client. */
  public static boolean present() {
    return !ExecutionEnvironment.areExplicitEnvironmentsAllowed();
  }

  /** Started by Flink's client inside the JobManager, which must not be ended with the program. */
  public static boolean insideJobManager() {
    return present() && EMBEDDED.equals(configuration().get(DeploymentOptions.TARGET));
  }

  /** {@code HOST:PORT} of the cluster the client was told. */
  public static String address() {
    Configuration configuration = configuration();
    return configuration.get(RestOptions.ADDRESS) + ":" + configuration.get(RestOptions.PORT);
  }

  /**
   * Why a submission cannot drive a plan, if it cannot: a plan is a sequence of jobs, and the
   * program between them must go on.
   */
  public static Optional<RecipeException> refusal() {
    if (!present()) {
      return Optional.empty();
    }
    if (insideJobManager()) {
      return Optional.of(
          new RecipeException(
              "a recipe is a plan of several Flink jobs, and a program submitted through the web"
                  + " page or in application mode may start one only; use 'facet submit RECIPE"
                  + " --flink-master HOST:PORT', or 'flink run' from a shell"));
    }
    return configuration().get(DeploymentOptions.ATTACHED)
        ? Optional.empty()
        : Optional.of(
            new RecipeException(
                "a recipe is a plan of several Flink jobs, and 'flink run -d' leaves after the"
                    + " first; leave -d out, or use 'facet submit RECIPE --flink-master HOST:PORT"
                    + " --detach'"));
  }

  private static Configuration configuration() {
    return ExecutionEnvironment.getExecutionEnvironment().getConfiguration();
  }
}
