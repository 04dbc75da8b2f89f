package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.models.distill.DistillationMethod;
import io.facet.models.option.Extensions;
import io.facet.pipelines.plan.ExitCodes;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MethodsCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void withoutAKeyEveryMethodHasAFewShortLinesInItsGroup() {
    assertThat(methods()).isZero();
    assertThat(out.toString().lines().toList()).allMatch(line -> line.length() <= 80);
    assertThat(Extensions.all(DistillationMethod.class).keySet())
        .allSatisfy(key -> assertThat(out.toString()).containsPattern("(?m)^  " + key + " "));
    assertThat(out.toString())
        .containsSubsequence(
            "methods that have no teacher",
            "  none ",
            "methods that read the teacher's embeddings",
            "  rkd ",
            "methods that read the teacher's class weights",
            "  kd ",
            "methods that read the teacher's feature maps or tokens",
            "  at ",
            "methods that are made of others",
            "  sum ",
            "backbones",
            "  mobilefacenet ",
            "sources",
            "  folder ");
  }

  @Test
  void withAKeyOptionsRangesAndSourcesAreShown() {
    assertThat(methods("rkd")).isZero();
    assertThat(out.toString())
        .contains("distanceWeight (number [0, inf); default 25)")
        .contains("Park et al., CVPR 2019")
        .doesNotContain("darkrank");
  }

  @Test
  void thePageOfTheDocumentsIsUpToDate() throws IOException {
    assertThat(methods("--markdown")).isZero();
    Path page = Path.of("../infra/docs/methods.md");
    if (Boolean.getBoolean("facet.schema.write")) {
      Files.writeString(page, out.toString());
    }
    assertThat(page)
        .as(
            "write it anew: mvn -pl pipelines -am test -Dtest=MethodsCommandTest"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dfacet.schema.write=true")
        .hasContent(out.toString());
  }

  @Test
  void aMisspeltKeyGetsTheNearestOne() {
    assertThat(methods("rdk")).isEqualTo(ExitCodes.RECIPE);
    assertThat(err.toString()).contains("nothing has the key 'rdk' (did you mean 'rkd'?)");
  }

  private int methods(String... key) {
    CommandLine line = FacetCommand.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return key.length == 0 ? line.execute("methods") : line.execute("methods", key[0]);
  }
}
