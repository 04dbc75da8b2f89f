package io.facet.pipelines.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Where a process listens, as Linux tells it. */
final class ListeningSockets {
  private static final String LISTEN = "0A";
  private static final Set<String> LOOPBACK =
      Set.of("0100007F", "00000000000000000000000001000000", "0000000000000000FFFF00000100007F");

  private ListeningSockets() {}

  /** {@code ADDRESS:PORT} in hexadecimal digits, of sockets others could reach from outside. */
  static List<String> beyondLoopback(long process) throws IOException {
    Set<String> own = new HashSet<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(Path.of("/proc/" + process + "/fd"))) {
      for (Path file : files) {
        String target = Files.isSymbolicLink(file) ? link(file) : "";
        if (target.startsWith("socket:[")) {
          own.add(target.replaceAll("\\D", ""));
        }
      }
    }
    List<String> open = new ArrayList<>();
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/" + process + "/net/" + table))) {
        String[] fields = line.strip().split("\\s+");
        boolean listens = fields.length > 9 && fields[3].equals(LISTEN) && own.contains(fields[9]);
        if (listens && !LOOPBACK.contains(fields[1].split(":")[0])) {
          open.add(fields[1]);
        }
      }
    }
    return open;
  }

  private static String link(Path file) {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile
    }
  }
}
