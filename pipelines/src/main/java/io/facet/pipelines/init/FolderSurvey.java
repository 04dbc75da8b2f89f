package io.facet.pipelines.init;

import io.facet.models.DataException;
import io.facet.models.face.AlignedImages;
import io.facet.models.face.FaceTemplate;
import io.facet.models.face.ImageException;
import io.facet.models.face.ImageHeader;
import io.facet.models.face.ImageLimits;
import io.facet.models.face.ImageProbe;
import io.facet.pipelines.FirstNames;
import io.facet.transforms.source.SourceSample;
import io.facet.transforms.source.format.FolderSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a folder of images holds, found from names and the headers of a sample.
 *
 * @param folder looked at, absolute
 * @param people names of their images below the folder, by person: the first folder of a name
 * @param loose images that stand in no person's folder
 * @param widths of the sampled images, in pixels
 * @param heights of the sampled images, in pixels
 * @param unusable sampled images that are not a whole JPEG, PNG, WebP or BMP
 */
public record FolderSurvey(
    Path folder,
    SortedMap<String, List<String>> people,
    int loose,
    IntSummaryStatistics widths,
    IntSummaryStatistics heights,
    FirstNames unusable) {
  private static final int SAMPLE = 200;
  private static final int NAMES = 3;

  /**
   * Looks at a folder.
   *
   * @throws DataException if it is not a folder or holds no image
   */
  public static FolderSurvey of(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new DataException(
          folder + ": no such folder; give one with a folder of images for each person");
    }
    Path absolute = folder.toRealPath();
    List<SourceSample> images = images(absolute);
    SortedMap<String, List<String>> people = new TreeMap<>();
    int loose = 0;
    for (SourceSample image : images) {
      int slash = image.name().indexOf('/');
      if (slash < 0) {
        loose++;
      } else {
        people
            .computeIfAbsent(image.name().substring(0, slash), person -> new ArrayList<>())
            .add(image.name());
      }
    }
    IntSummaryStatistics widths = new IntSummaryStatistics();
    IntSummaryStatistics heights = new IntSummaryStatistics();
    FirstNames unusable = new FirstNames(NAMES);
    int sampled = Math.min(SAMPLE, images.size());
    for (int i = 0; i < sampled; i++) {
      String name = images.get((int) ((long) i * images.size() / sampled)).name();
      try {
        ImageHeader header =
            ImageProbe.probe(Files.readAllBytes(absolute.resolve(name)), ImageLimits.STANDARD);
        widths.accept(header.width());
        heights.accept(header.height());
      } catch (ImageException e) {
        unusable.add(name);
      }
    }
    return new FolderSurvey(
        absolute, Collections.unmodifiableSortedMap(people), loose, widths, heights, unusable);
  }

  private static List<SourceSample> images(Path folder) throws IOException {
    return new FolderSource()
        .list(
            new FolderSource.Options(
                folder.toString(),
                "",
                FolderSource.Identity.NONE,
                Optional.empty(),
                AlignedImages.AUTO))
        .samples();
  }

  /** All images in people's folders. */
  public int images() {
    return people.values().stream().mapToInt(List::size).sum();
  }

  /** Whether every sampled image has the size of an aligned face, 112x112 pixels. */
  public boolean aligned() {
    FaceTemplate template = FaceTemplate.ARCFACE_112;
    return widths.getCount() > 0
        && widths.getMin() == template.width()
        && widths.getMax() == template.width()
        && heights.getMin() == template.height()
        && heights.getMax() == template.height();
  }

  /** One line for people, such as {@code 15 people, 164 images (9 to 11 each), 320x243 pixels}. */
  public String describe() {
    IntSummaryStatistics each = people.values().stream().mapToInt(List::size).summaryStatistics();
    StringBuilder line =
        new StringBuilder(
            "%d people, %d images (%s each), %sx%s pixels"
                .formatted(
                    people.size(),
                    images(),
                    range(each.getMin(), each.getMax()),
                    range(widths.getMin(), widths.getMax()),
                    range(heights.getMin(), heights.getMax())));
    if (loose > 0) {
      line.append("; %d images in nobody's folder".formatted(loose));
    }
    if (unusable.count() > 0) {
      line.append(
          "; %d of %d looked at are no whole JPEG, PNG, WebP or BMP (%s)"
              .formatted(unusable.count(), unusable.count() + widths.getCount(), unusable));
    }
    return line.toString();
  }

  private static String range(int least, int most) {
    return least == most ? String.valueOf(least) : least + " to " + most;
  }
}
