package io.facet.pipelines.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The {@code facet} command in a pseudo-terminal of 80 columns, with somebody who presses Ctrl-C.
 *
 * @param exitCode as a shell would show it
 * @param screen all that was printed
 */
record PseudoTerminal(int exitCode, String screen) {
  static final int COLUMNS = 80;

  /** Python has what Java lacks: {@code forkpty}. */
  private static final String DRIVER =
      """
      import fcntl, os, pty, re, select, signal, struct, sys, termios, time
      columns, press, until, log = int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), sys.argv[4]
      pid, terminal = pty.fork()
      if pid == 0:
          fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack('HHHH', 24, columns, 0, 0))
          os.execv(sys.argv[5], sys.argv[5:])
      screen, deadline, pressed = b'', time.time() + until, press == ''
      while time.time() < deadline:
          if select.select([terminal], [], [], 1)[0]:
              try:
                  part = os.read(terminal, 65536)
              except OSError:
                  break
              if not part:
                  break
              screen += part
              if not pressed and re.search(press.encode(), screen):
                  os.write(terminal, b'\\x03')
                  pressed = True
      else:
          os.kill(pid, signal.SIGKILL)
      with open(log, 'wb') as file:
          file.write(screen)
      code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
      sys.exit(code if code >= 0 else 128 - code)
      """;

  /**
   * Runs the command to its end.
   *
   * @param press Ctrl-C is pressed once the screen holds this regular expression; empty: never
   */
  static PseudoTerminal run(Path folder, String press, Object... arguments)
      throws IOException, InterruptedException {
    Path driver = Files.writeString(folder.resolve("terminal.py"), DRIVER);
    Path screen = folder.resolve("screen");
    List<String> command = new ArrayList<>(List.of("python3", driver.toString()));
    command.addAll(List.of(Integer.toString(COLUMNS), press, "400", screen.toString()));
    command.addAll(ChildProcess.command(arguments));
    assumeTrue(python(), "no python3 with pseudo-terminals here");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("driver.log").toFile())
            .start();
    int exitCode = process.waitFor();
    String driverSaid = Files.readString(folder.resolve("driver.log"));
    return new PseudoTerminal(
        exitCode, Files.exists(screen) ? Files.readString(screen) : driverSaid);
  }

  private static boolean python() throws InterruptedException {
    try {
      Process probe =
          new ProcessBuilder("python3", "-c", "import pty, os; os.waitstatus_to_exitcode")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return probe.waitFor(1, TimeUnit.MINUTES) && probe.exitValue() == 0;
    } catch (IOException e) {
      return false; // no python3, as on Windows
    }
  }

  /** Everything that stood on a line at some time, also what was written over. */
  List<String> lines() {
    return List.of(screen.replace("^C", "").split("[\\r\\n]+"));
  }
}
