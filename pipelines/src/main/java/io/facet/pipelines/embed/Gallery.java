package io.facet.pipelines.embed;

import io.facet.models.embed.FaceEmbedder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Known faces of people, each a folder of images, or an image that bears the person's name. */
public final class Gallery {
  private final Path folder;
  private final List<Known> faces = new ArrayList<>();
  private final List<RejectedImage> rejected = new ArrayList<>();

  private Gallery(Path folder) {
    this.folder = folder;
  }

  private record Known(String person, EmbeddedImage face) {}

  /**
   * How alike a person is.
   *
   * @param person the folder's name, or the image's without its ending
   * @param similarity cosine to the most alike image of the person, in -1..1
   * @param image that one
   */
  public record Match(String person, double similarity, String image) {}

  /**
   * Embeds the images below a folder.
   *
   * @throws io.facet.models.DataException if it holds no image
   */
  public static Gallery of(Path folder, FaceEmbedder embedder) throws IOException {
    Gallery gallery = new Gallery(folder);
    PhotographRun.embed(
        embedder,
        PhotographRun.images(List.of(folder)),
        new PhotographRun.Sink() {
          @Override
          public void embedded(EmbeddedImage image) {
            gallery.faces.add(new Known(gallery.person(Path.of(image.image())), image));
          }

          @Override
          public void rejected(RejectedImage image) {
            gallery.rejected.add(image);
          }
        });
    return gallery;
  }

  private String person(Path image) {
    Path relative = folder.relativize(image);
    return relative.getNameCount() > 1
        ? relative.getName(0).toString()
        : relative.toString().replaceFirst("[.][^.]*$", "");
  }

  /** Images without a face. */
  public List<RejectedImage> rejected() {
    return rejected;
  }

  /** All people, the most alike first, by name among equals. */
  public List<Match> ranked(float[] embedding) {
    Map<String, Match> best = new HashMap<>();
    for (Known known : faces) {
      Match match =
          new Match(
              known.person(),
              FaceEmbedder.similarity(known.face().embedding(), embedding),
              known.face().image());
      best.merge(known.person(), match, (a, b) -> a.similarity() >= b.similarity() ? a : b);
    }
    return best.values().stream()
        .sorted(
            Comparator.comparingDouble(Match::similarity).reversed().thenComparing(Match::person))
        .toList();
  }
}
