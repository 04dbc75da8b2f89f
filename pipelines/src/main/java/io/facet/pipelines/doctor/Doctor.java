package io.facet.pipelines.doctor;

import io.facet.pipelines.plan.ExitCodes;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Makes checks in order and says what was found. */
public final class Doctor {
  private final PrintWriter out;
  private final List<Integer> troubles = new ArrayList<>();

  public Doctor(PrintWriter out) {
    this.out = out;
  }

  /** Makes one check; whether it went well. */
  public boolean examine(Check check) {
    try {
      say("ok", check.name(), check.look());
      return true;
    } catch (Exception | LinkageError e) {
      Optional<RuntimeException> known = ExitCodes.known(e);
      Throwable shown = known.map(Throwable.class::cast).orElse(e);
      say("TROUBLE", check.name(), shown.getMessage() == null ? "" + shown : shown.getMessage());
      say("", "cure", check.cure());
      troubles.add(known.isPresent() ? ExitCodes.of(e) : ExitCodes.INFRASTRUCTURE);
      return false;
    }
  }

  /** The last line; 0 if all is well, else the exit code of the first trouble. */
  public int conclude() {
    out.println(
        switch (troubles.size()) {
          case 0 -> "all is well";
          case 1 -> "1 trouble";
          default -> troubles.size() + " troubles";
        });
    out.flush();
    return troubles.isEmpty() ? ExitCodes.OK : troubles.get(0);
  }

  private void say(String state, String name, String text) {
    out.printf("%-7s %-10s %s%n", state, name, text);
    out.flush();
  }
}
