package io.facet.pipelines.cli;

import io.facet.models.RecipeException;
import io.facet.pipelines.flink.FlinkClient;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.pipelines.plan.FailureText;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/** The {@code facet} command. */
@Command(
    name = "facet",
    description = "Distils strong face-recognition teachers into small students.",
    mixinStandardHelpOptions = true,
    versionProvider = FacetVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "  0:all is well",
      "  1:a bug of Facet",
      "  2:the recipe or the command line needs a change",
      "  3:data is missing, malformed or damaged",
      "  4:a gate or a comparison was not passed",
      "  5:disk, network or cluster",
      "130:stopped by Ctrl-C or cancelled; 143 by SIGTERM",
    },
    subcommands = {
      DemoCommand.class,
      InitCommand.class,
      RunCommand.class,
      SubmitCommand.class,
      StatusCommand.class,
      CancelCommand.class,
      PlanCommand.class,
      RerunCommand.class,
      EvaluateCommand.class,
      EmbedCommand.class,
      CompareCommand.class,
      IdentifyCommand.class,
      ExportCommand.class,
      NightlyCommand.class,
      PromoteCommand.class,
      RollbackCommand.class,
      InspectCommand.class,
      VerifyCommand.class,
      DataCommand.class,
      TraceCommand.class,
      ForgetCommand.class,
      LeaderboardCommand.class,
      ReportCommand.class,
      ErrorsCommand.class,
      MethodsCommand.class,
      TrackCommand.class,
      DoctorCommand.class,
    })
public final class FacetCommand implements Runnable {
  @Option(
      names = "--verbose",
      scope = ScopeType.INHERIT,
      description = "Show log messages of all libraries and stack traces.")
  private boolean verbose;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /** Runs the command line and ends the process with its exit code. */
  public static void main(String[] arguments) {
    // Flink's classes and the log start while the command line is put together
    CompletableFuture<CommandLine> assembled =
        CompletableFuture.supplyAsync(FacetCommand::commandLine);
    Optional<RecipeException> refusal = FlinkClient.refusal();
    if (refusal.isPresent() && FlinkClient.insideJobManager()) {
      throw refusal.get(); // ending this process would end the cluster
    }
    if (refusal.isPresent()) {
      System.err.println("facet: " + refusal.get().getMessage());
      System.exit(ExitCodes.RECIPE);
    }
    RedactingStream.install();
    CommandLine line = assembled.join();
    int exitCode = line.execute(arguments);
    line.getOut().flush();
    System.exit(exitCode == 0 ? whetherPrinted() : exitCode);
  }

  /** Exit code of a command whose work is done: what it printed may not have arrived. */
  private static int whetherPrinted() {
    if (!System.out.checkError()) {
      return 0;
    }
    try (FileOutputStream out = new FileOutputStream(FileDescriptor.out)) {
      out.write('\n');
    } catch (IOException e) {
      if (String.valueOf(e.getMessage()).contains("Broken pipe")) {
        return 0; // the reader, such as head, has what it wanted
      }
      System.err.println("facet: standard output cannot be written: " + e.getMessage());
    }
    return ExitCodes.INFRASTRUCTURE;
  }

  /** The command line, for tests and for {@link #main}. */
  static CommandLine commandLine() {
    FacetCommand facet = new FacetCommand();
    CommandLine line = new CommandLine(facet);
    line.setParameterExceptionHandler(new UsageErrors());
    line.setExecutionExceptionHandler(facet.new OneLineErrors());
    line.setExecutionStrategy(
        parsed -> {
          if (facet.verbose) {
            Configurator.setAllLevels("", Level.INFO);
          }
          return new CommandLine.RunLast().execute(parsed);
        });
    line.setCaseInsensitiveEnumValuesAllowed(true);
    return line;
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** A failure in one line, with a stack trace only when asked for. */
  private final class OneLineErrors implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
      PrintWriter err = line.getErr();
      int exitCode = ExitCodes.of(failure);
      err.println("facet: " + FailureText.of(failure));
      if (verbose) {
        failure.printStackTrace(err);
      } else if (exitCode == ExitCodes.BUG) {
        err.println("facet: this is a bug of Facet; run again with --verbose and report it");
      }
      err.flush();
      return exitCode;
    }
  }
}
