package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What other tests do not find is there to be found. */
@EnabledOnOs(OS.LINUX)
class ListeningSocketsTest {
  @Test
  void oneForEverybodyIsFoundAndOneForThisMachineIsNot() throws IOException {
    try (ServerSocket everybody = new ServerSocket(0);
        ServerSocket thisMachine = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(ListeningSockets.beyondLoopback(ProcessHandle.current().pid()))
          .anyMatch(address -> address.endsWith(port(everybody)))
          .noneMatch(address -> address.endsWith(port(thisMachine)));
    }
  }

  private static String port(ServerSocket socket) {
    return ":%04X".formatted(socket.getLocalPort());
  }
}
