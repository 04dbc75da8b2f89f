package io.facet.pipelines.cli;

import io.facet.models.option.Spelling;
import io.facet.pipelines.plan.ExitCodes;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** A command line that cannot be understood: what is wrong in one line, and what is near to it. */
final class UsageErrors implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException failure, String[] arguments) {
    CommandLine line = failure.getCommandLine();
    PrintWriter err = line.getErr();
    err.println("facet: " + message(failure, line));
    err.println(
        "facet: './infra/%s --help' tells more".formatted(line.getCommandSpec().qualifiedName()));
    err.flush();
    return ExitCodes.RECIPE;
  }

  private static String message(ParameterException failure, CommandLine line) {
    if (!(failure instanceof UnmatchedArgumentException unmatched)
        || unmatched.getUnmatched().isEmpty()) {
      return failure.getMessage();
    }
    String word = unmatched.getUnmatched().get(0);
    if (word.startsWith("-")) {
      String name = word.replaceFirst("=.*", "");
      List<String> options =
          line.getCommandSpec().options().stream()
              .flatMap(option -> List.of(option.names()).stream())
              .toList();
      return "unknown option '%s'%s".formatted(name, Spelling.didYouMean(name, options));
    }
    Collection<String> commands = line.getSubcommands().keySet();
    return commands.isEmpty()
        ? "'%s' is one argument too many".formatted(word)
        : "unknown command '%s'%s; known: %s"
            .formatted(word, Spelling.didYouMean(word, commands), String.join(", ", commands));
  }
}
