package io.facet.pipelines.cli;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A port of this machine where nobody listens, or where somebody listens and never answers. */
final class DeadServer implements AutoCloseable {
  private final Closeable socket;
  private final int port;
  private final List<Socket> callers = new CopyOnWriteArrayList<>();

  private DeadServer(Closeable socket, int port) {
    this.socket = socket;
    this.port = port;
  }

  /** Refuses every connection; the port is bound, so that nobody else can take it meanwhile. */
  static DeadServer away() throws IOException {
    Socket bound = new Socket();
    bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return new DeadServer(bound, bound.getLocalPort());
  }

  /** Takes every connection and holds it without a word. */
  static DeadServer silent() throws IOException {
    ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    DeadServer server = new DeadServer(listening, listening.getLocalPort());
    Thread thread = new Thread(() -> server.hold(listening), "silent-server");
    thread.setDaemon(true);
    thread.start();
    return server;
  }

  private void hold(ServerSocket listening) {
    while (!listening.isClosed()) {
      try {
        callers.add(listening.accept());
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  /** {@code HOST:PORT}. */
  String address() {
    return "127.0.0.1:" + port;
  }

  /** How many connections it holds. */
  int callers() {
    return callers.size();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (Socket caller : callers) {
      caller.close();
    }
  }
}
