package io.facet.pipelines.cli;

import io.facet.pipelines.artifact.StoreCheck;
import io.facet.pipelines.plan.ExitCodes;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares a store with what was committed. */
@Command(
    name = "verify",
    description =
        "Reads every byte of a store, or of one artifact, and lists the files that are not what was"
            + " committed. Changes nothing: the next run sets damaged artifacts aside and makes"
            + " them again. The exit code is 3 if something is damaged.",
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {
  private static final double MEGABYTE = 1e6;

  @Parameters(
      arity = "0..1",
      paramLabel = "PATH",
      defaultValue = ".facet",
      description =
          "A store, or something in it: the folder of a stage or of an artifact, or a file; a path"
              + " or a URI (default: ${DEFAULT-VALUE}).")
  private String path;

  @Mixin private StorageOptions storage;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    StoreCheck.Report report = StoreCheck.of(path);
    report.damaged().forEach(out::println);
    report.setAside().forEach(folder -> out.println("set aside earlier: " + folder));
    out.println(
        String.format(
            Locale.ROOT,
            "%d artifacts, %d files, %.1f MB: %s",
            report.artifacts(),
            report.files(),
            report.bytes() / MEGABYTE,
            verdict(report.damaged().size())));
    out.flush();
    return report.damaged().isEmpty() ? ExitCodes.OK : ExitCodes.DATA;
  }

  private static String verdict(int damaged) {
    return switch (damaged) {
      case 0 -> "all as committed";
      case 1 -> "1 file is damaged";
      default -> damaged + " files are damaged";
    };
  }
}
