package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Java that a user wrote, compiled beside Facet's own classes. */
final class JavaSource {
  private static final Path DOCUMENTS = Path.of("../infra/docs");
  private static final Pattern JAVA = Pattern.compile("(?s)```java\\n(.*?)```");

  /** What an editor adds to the examples of the documents. */
  private static final String IMPORTS =
"""
      import ai.djl.ndarray.NDArray;
      import com.google.auto.service.AutoService;
      import io.facet.models.DataException;
      import io.facet.models.distill.*;
      import io.facet.models.embed.FaceEmbedder;
      import io.facet.models.option.Description;
      import io.facet.models.option.Named;
      import io.facet.models.tensor.L2Normalise;
      import io.facet.pipelines.run.*;
      import java.io.IOException;
      import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
      """;

  private JavaSource() {}

  /** The first example in Java of a document, with its imports. */
  static String example(String document) throws IOException {
    Matcher java = JAVA.matcher(Files.readString(DOCUMENTS.resolve(document)));
    assertThat(java.find()).as("an example in Java in %s", document).isTrue();
    return IMPORTS + java.group(1);
  }

  /**
   * Compiles one class without annotation processing; a fault fails the test.
   *
   * @param classes where the class file goes
   */
  static void compile(String name, String text, Path classes) throws IOException {
    compile(List.of(Files.writeString(classes.resolve(name + ".java"), text)), classes);
  }

  /**
   * Compiles files together without annotation processing; a fault fails the test.
   *
   * @param classes where the class files go
   */
  static void compile(List<Path> files, Path classes) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-proc:none", "-cp", System.getProperty("java.class.path")));
    arguments.addAll(List.of("-d", classes.toString()));
    files.forEach(file -> arguments.add(file.toString()));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    assertThat(compiler.run(null, null, null, arguments.toArray(String[]::new))).isZero();
  }
}
