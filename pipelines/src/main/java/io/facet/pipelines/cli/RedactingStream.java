package io.facet.pipelines.cli;

import io.facet.pipelines.Redaction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * What the process says, logs and stack traces included, without secrets. Whole lines go out at
 * once, beginnings of lines when flushed.
 */
final class RedactingStream extends OutputStream {
  private final OutputStream out;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  private RedactingStream(OutputStream out) {
    this.out = out;
  }

  /** Puts itself before standard output and standard error of this process. */
  static void install() {
    System.setOut(before(System.out));
    System.setErr(before(System.err));
  }

  static PrintStream before(OutputStream out) {
    return new PrintStream(new RedactingStream(out), false, StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void write(int oneByte) throws IOException {
    line.write(oneByte);
    if (oneByte == '\n' || oneByte == '\r') {
      flush();
    }
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    for (int i = offset; i < offset + length; i++) {
      write(bytes[i]);
    }
  }

  @Override
  public synchronized void flush() throws IOException {
    writeLine();
    out.flush();
    if (out instanceof PrintStream stream && stream.checkError()) {
      throw new IOException("what was printed did not arrive");
    }
  }

  private void writeLine() throws IOException {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    out.write(Redaction.text(text).getBytes(StandardCharsets.UTF_8));
  }
}
