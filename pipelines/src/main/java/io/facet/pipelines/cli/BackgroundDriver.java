package io.facet.pipelines.cli;

import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.run.RecipeRun;
import io.facet.pipelines.run.RunFolder;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A {@code facet} process that goes on after the terminal is closed.
 *
 * @param run id of its run
 * @param pid its process
 * @param log what it says
 */
record BackgroundDriver(String run, long pid, Path log) {
  private static final long FIRST_SECONDS = 2;

  /**
   * Starts this program again with other arguments; its log and its record, which holds the pid,
   * are kept in the store.
   *
   * @throws InfrastructureException if it ends at once
   */
  static BackgroundDriver start(Path store, List<String> arguments)
      throws IOException, InterruptedException {
    String run = UUID.randomUUID().toString();
    RunFolder folder = new RunFolder(store, run);
    Files.createDirectories(folder.path());
    Path log = folder.log();
    ProcessBuilder builder = new ProcessBuilder(command(arguments));
    builder.environment().put(RecipeRun.RUN_ID, run);
    Process process =
        builder
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (process.waitFor(FIRST_SECONDS, TimeUnit.SECONDS) && process.exitValue() != 0) {
      throw new InfrastructureException(
          "the driver ended at once:\n" + Files.readString(log).strip());
    }
    return new BackgroundDriver(run, process.pid(), log);
  }

  private static List<String> command(List<String> arguments) {
    List<String> command = new ArrayList<>();
    // In a session of its own no closing terminal reaches it.
    onPath("setsid").ifPresent(program -> command.add(program.toString()));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), FacetCommand.class.getName()));
    command.addAll(arguments);
    return command;
  }

  private static Optional<Path> onPath(String program) {
    String folders = System.getenv().getOrDefault("PATH", "");
    for (String folder : folders.split(File.pathSeparator)) {
      if (!folder.isBlank() && Files.isExecutable(Path.of(folder, program))) {
        return Optional.of(Path.of(folder, program));
      }
    }
    return Optional.empty();
  }
}
