package io.facet.pipelines.cli;

import io.facet.pipelines.run.Console;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;

/** A run told on standard output and standard error. */
record TerminalConsole(PrintWriter out, PrintWriter err) implements Console {
  /** That of a command. */
  static Console of(CommandSpec command) {
    return new TerminalConsole(command.commandLine().getOut(), command.commandLine().getErr());
  }

  @Override
  public void print(String text) {
    out.print(text);
    out.flush();
  }

  @Override
  public void complain(String line) {
    err.println(line);
    err.flush();
  }

  @Override
  public Progress progress(int jobs) {
    return new Terminal(err, jobs);
  }
}
