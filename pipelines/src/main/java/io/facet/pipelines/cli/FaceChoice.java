package io.facet.pipelines.cli;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.embed.FaceEmbedder;
import io.facet.models.face.AlignmentResult;
import io.facet.models.face.AlignmentResult.Aligned;
import io.facet.models.face.AlignmentResult.Rejected;
import io.facet.pipelines.embed.PhotographRun.Choice;
import io.facet.pipelines.report.NamedFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Whether one face of a photograph is meant, or all of them. */
final class FaceChoice {
  @Option(
      names = "--all-faces",
      description =
          "Take every face of an image, numbered from 0, the largest and most central, not one of"
              + " them.")
  private boolean all;

  /**
   * A face on a photograph.
   *
   * @param number the largest and most central is 0
   * @param embedding of length 1, {@code (d)}
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Face(int number, Aligned aligned, float[] embedding) {

    /** Its number, and the middle of its landmarks in pixels of the image. */
    String place() {
      float[] points = aligned.landmarks();
      double x = 0;
      double y = 0;
      for (int i = 0; i < points.length; i += 2) {
        x += points[i] * 2 / points.length;
        y += points[i + 1] * 2 / points.length;
      }
      return "%d at %d,%d".formatted(number, Math.round(x), Math.round(y));
    }
  }

  boolean all() {
    return all;
  }

  /** Which faces a run over photographs embeds. */
  Choice choice() {
    return all ? Choice.all() : Choice.one();
  }

  /** Refuses two answers to one question. */
  void check(PhotographOptions photographs) {
    if (all && photographs.saysSeveral()) {
      throw new RecipeException(
          "--several: says which face is taken, --all-faces takes every one; leave one of them"
              + " out");
    }
  }

  /**
   * The faces of a photograph, at least one: with {@code --all-faces} those that can be aligned.
   *
   * @param err told what was left out
   * @throws DataException if there is none, with the reason and the cure
   */
  List<Face> of(Path photograph, FaceEmbedder embedder, PrintWriter err) {
    byte[] encoded = NamedFile.read(photograph);
    List<AlignmentResult> results = choice().of(embedder, encoded);
    List<Integer> numbers = new ArrayList<>();
    List<Aligned> faces = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i) instanceof Aligned aligned) {
        numbers.add(i);
        faces.add(aligned);
      }
    }
    if (faces.isEmpty()) {
      Rejected first = (Rejected) results.get(0);
      throw new DataException("%s: %s".formatted(photograph, explained(first)));
    }
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i) instanceof Rejected rejected) {
        err.printf("facet: left out: %s, face %d: %s%n", photograph, i, explained(rejected));
      }
    }
    float[][] rows = embedder.embed(faces.stream().map(Aligned::crop).toList());
    List<Face> found = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      found.add(new Face(numbers.get(i), faces.get(i), rows[i]));
    }
    return found;
  }

  /** Why an image gave no face, and the cure if there is one. */
  private static String explained(Rejected rejected) {
    String cure =
        switch (rejected.reason()) {
          case NOT_ALIGNED -> "; add --detector";
          case SEVERAL_FACES ->
              "; leave out --several reject for the largest, or say --all-faces in its place";
          default -> "";
        };
    return "%s: %s%s".formatted(rejected.reason().key(), rejected.detail(), cure);
  }
}
