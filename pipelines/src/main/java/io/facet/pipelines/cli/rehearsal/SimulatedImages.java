package io.facet.pipelines.cli.rehearsal;

import io.facet.models.face.AlignOptions;
import io.facet.models.face.AlignmentResult;
import io.facet.models.face.FaceAligner;
import io.facet.models.face.FaceDetector;
import io.facet.models.face.FaceEncoder;
import io.facet.models.face.synthetic.Photograph;
import io.facet.models.face.synthetic.SyntheticFaces;
import io.facet.models.face.synthetic.SyntheticOptions;
import io.facet.models.face.synthetic.SyntheticPair;
import io.facet.models.option.RecordBinder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A folder of drawn faces that grows, one subfolder a person, and what can go wrong with it; beside
 * it the pairs that never change.
 */
final class SimulatedImages implements AutoCloseable {
  private static final int SHOTS = 5;
  private static final int BROKEN_PEOPLE = 8;
  private static final int JUDGED_PEOPLE = 40;
  private static final int JUDGED_SHOTS = 4;
  private static final int PAIRS = 300;
  private static final int FOLDS = 10;
  private static final int QUALITY = 95;

  private static final SyntheticFaces FACES =
      new SyntheticFaces(3, new SyntheticOptions(112, 2, 0, 0.6, 1.0, 0, 0, 0));

  private final Path folder;
  private final FaceAligner aligner =
      FaceAligner.open(AlignOptions.with(RecordBinder.select(FaceDetector.class, "given")));
  private final Map<Path, byte[]> drawn = new HashMap<>();
  private int people;

  SimulatedImages(Path folder) {
    this.folder = folder;
  }

  /** Draws the images and pairs that models are measured on. */
  void drawPairs() throws IOException {
    int first = SyntheticFaces.FIRST_VERIFICATION_IDENTITY;
    for (int person = first; person < first + JUDGED_PEOPLE; person++) {
      for (int shot = 0; shot < JUDGED_SHOTS; shot++) {
        write(folder.resolve("judged").resolve(name(person, shot)), image(person, shot));
      }
    }
    StringBuilder table = new StringBuilder("left,right,same,fold\n");
    int number = 0;
    for (SyntheticPair pair : FACES.pairs(first, JUDGED_PEOPLE, JUDGED_SHOTS, PAIRS)) {
      table.append(name(pair.leftIdentity(), pair.leftShot())).append(',');
      table.append(name(pair.rightIdentity(), pair.rightShot())).append(',');
      table.append(pair.same() ? 1 : 0).append(',').append(number++ * FOLDS / PAIRS).append('\n');
    }
    write(folder.resolve("pairs.csv"), table.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** People nobody has seen before. */
  void add(int more) throws IOException {
    for (int person = people; person < people + more; person++) {
      for (int shot = 0; shot < SHOTS; shot++) {
        write(file(person, shot), image(person, shot));
      }
    }
    people += more;
  }

  /** A batch of new people whose files are cut short, as by a broken transfer. */
  void addBroken() throws IOException {
    for (int person = people; person < people + BROKEN_PEOPLE; person++) {
      for (int shot = 0; shot < SHOTS; shot++) {
        write(file(person, shot), "no image".getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  /** The batch is taken out again. */
  void removeBroken() throws IOException {
    for (int person = people; person < people + BROKEN_PEOPLE; person++) {
      for (int shot = 0; shot < SHOTS; shot++) {
        Files.delete(file(person, shot));
      }
      Files.delete(file(person, 0).getParent());
    }
  }

  /** Every image but the first of each person goes to somebody else. */
  void mixLabels() throws IOException {
    for (int person = 0; person < people; person++) {
      for (int shot = 1; shot < SHOTS; shot++) {
        write(file(person, shot), image((person + 7 * shot) % people, shot));
      }
    }
  }

  /** All images as they were drawn first. */
  void mendLabels() throws IOException {
    int all = people;
    people = 0;
    add(all);
  }

  @Override
  public void close() {
    aligner.close();
  }

  private byte[] image(int person, int shot) {
    return drawn.computeIfAbsent(file(person, shot), file -> crop(FACES.photograph(person, shot)));
  }

  /** As a camera with an aligner would deliver it. */
  private byte[] crop(Photograph photograph) {
    if (aligner.align(photograph.jpeg(), photograph.landmarks())
        instanceof AlignmentResult.Aligned aligned) {
      return FaceEncoder.jpeg(aligned.crop(), QUALITY);
    }
    throw new IllegalStateException("a drawn face comes with its landmarks");
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private Path file(int person, int shot) {
    return folder.resolve("train").resolve(name(person, shot));
  }

  private static String name(int person, int shot) {
    return "person-%07d/%d.jpg".formatted(person, shot);
  }
}
