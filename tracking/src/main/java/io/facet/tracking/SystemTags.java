package io.facet.tracking;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The tags MLflow's pages show about where a run comes from. */
public final class SystemTags {
  private static final long LONGEST_GIT_SECONDS = 5;

  private SystemTags() {}

  /**
   * User, source, machine, and the git commit of a folder when it lies in a working copy.
   *
   * @param source what was started, such as {@code facet run recipe.yaml}
   * @param workingCopy folder whose commit is asked for
   */
  public static Map<String, String> collect(String source, Path workingCopy) {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("mlflow.user", System.getProperty("user.name"));
    tags.put("mlflow.source.type", "LOCAL");
    tags.put("mlflow.source.name", source);
    tags.put("facet.java", System.getProperty("java.vm.name") + " " + Runtime.version());
    tags.put(
        "facet.system",
        System.getProperty("os.name")
            + " "
            + System.getProperty("os.version")
            + " "
            + System.getProperty("os.arch"));
    tags.put("facet.processors", Integer.toString(Runtime.getRuntime().availableProcessors()));
    commit(workingCopy)
        .ifPresent(
            commit -> {
              tags.put("mlflow.source.git.commit", commit);
              git(workingCopy, "rev-parse", "--abbrev-ref", "HEAD")
                  .ifPresent(branch -> tags.put("mlflow.source.git.branch", branch));
              git(workingCopy, "config", "--get", "remote.origin.url")
                  .ifPresent(url -> tags.put("mlflow.source.git.repoURL", url));
              git(workingCopy, "status", "--porcelain", "--untracked-files=no")
                  .ifPresent(changes -> tags.put("facet.git.dirty", "" + !changes.isEmpty()));
            });
    return tags;
  }

  /** The commit a working copy stands at; empty outside of one. */
  public static Optional<String> commit(Path workingCopy) {
    return git(workingCopy, "rev-parse", "HEAD");
  }

  private static Optional<String> git(Path folder, String... arguments) {
    List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of(arguments));
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      try {
        process.getOutputStream().close();
        String answer =
            new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        boolean done = process.waitFor(LONGEST_GIT_SECONDS, TimeUnit.SECONDS);
        return done && process.exitValue() == 0 ? Optional.of(answer) : Optional.empty();
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
