package io.facet.pipelines.plan;

import java.util.List;
import java.util.stream.Collectors;

/** The exact command that goes on where a run stopped, to be pasted into a shell. */
public final class ResumeCommand {
  private ResumeCommand() {}

  /**
   * The command, quoted for a POSIX shell.
   *
   * @param program as the user calls it, {@code ./infra/facet}
   * @param arguments as given; the store finds the rest
   */
  public static String text(String program, List<String> arguments) {
    return program + arguments.stream().map(a -> " " + quoted(a)).collect(Collectors.joining());
  }

  private static String quoted(String argument) {
    return argument.matches("[A-Za-z0-9_./:=,@%+-]+")
        ? argument
        : "'" + argument.replace("'", "'\\''") + "'";
  }
}
