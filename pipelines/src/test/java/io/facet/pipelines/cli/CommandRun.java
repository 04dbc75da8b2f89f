package io.facet.pipelines.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/**
 * What a command of {@code facet} said and how it ended, run in this process.
 *
 * @param exitCode as the process would have it
 * @param out standard output
 * @param err standard error
 */
record CommandRun(int exitCode, String out, String err) {
  static CommandRun of(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = FacetCommand.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    String[] texts = new String[arguments.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = arguments[i].toString();
    }
    int exitCode = line.execute(texts);
    return new CommandRun(exitCode, out.toString(), err.toString());
  }

  /** All that was said, for the message of a failed assertion. */
  String said() {
    return "exit code %d%n%s%n%s".formatted(exitCode, out, err);
  }
}
