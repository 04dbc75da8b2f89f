package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.ToolProvider;

/** Java that a user wrote, compiled beside Facet's own classes. */
final class JavaSource {
  private JavaSource() {}

  /**
   * Compiles one class without annotation processing; a fault fails the test.
   *
   * @param classes where the class file goes
   */
  static void compile(String name, String text, Path classes) throws IOException {
    Path source = Files.writeString(classes.resolve(name + ".java"), text);
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString(),
                source.toString());
    assertThat(result).isZero();
  }
}
