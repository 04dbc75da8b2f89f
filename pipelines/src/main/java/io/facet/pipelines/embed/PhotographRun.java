package io.facet.pipelines.embed;

import io.facet.models.DataException;
import io.facet.models.embed.FaceEmbedder;
import io.facet.models.face.AlignedImages;
import io.facet.models.face.AlignmentResult;
import io.facet.models.face.AlignmentResult.Aligned;
import io.facet.models.face.AlignmentResult.Rejected;
import io.facet.models.face.RejectReason;
import io.facet.transforms.source.SourceSample;
import io.facet.transforms.source.format.FolderSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Embeds images of this machine in order, a few at a time, faces found on all processors. */
public final class PhotographRun {
  private static final int CHUNK = 64;

  private PhotographRun() {}

  /** Takes in what came of the images, in their order. */
  public interface Sink {
    void embedded(EmbeddedImage image) throws IOException;

    void rejected(RejectedImage image) throws IOException;

    /** So many of the images are done. */
    default void progress(int done) {}
  }

  /**
   * The images themselves, and those below folders, in alphabetical order within each.
   *
   * @throws DataException if one is not there, or a folder holds no image
   */
  public static List<Path> images(List<Path> places) throws IOException {
    List<Path> images = new ArrayList<>();
    for (Path place : places) {
      if (Files.isDirectory(place)) {
        below(place).forEach(image -> images.add(place.resolve(image.name())));
      } else if (!Files.exists(place)) {
        Path parent = place.toAbsolutePath().getParent();
        boolean hidden = Files.exists(parent) && !Files.isExecutable(parent);
        throw new DataException(
            place + (hidden ? ": permission denied" : ": no such image or folder"));
      } else {
        images.add(place);
      }
    }
    return images;
  }

  private static List<SourceSample> below(Path folder) throws IOException {
    try {
      return new FolderSource()
          .list(
              new FolderSource.Options(
                  folder.toAbsolutePath().toString(),
                  "",
                  FolderSource.Identity.NONE,
                  Optional.empty(),
                  AlignedImages.AUTO))
          .samples();
    } catch (AccessDeniedException e) {
      throw new DataException(e.getFile() + ": permission denied", e);
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof AccessDeniedException denied) {
        throw new DataException(denied.getFile() + ": permission denied", e);
      }
      throw e;
    } catch (DataException e) {
      throw new DataException(folder + ": no image below this folder", e);
    }
  }

  /** Which faces of an image are embedded. */
  @FunctionalInterface
  public interface Choice {
    /** The faces, or the reason why there is none; at least one result. */
    List<AlignmentResult> of(FaceEmbedder embedder, byte[] encoded);

    /** The one that the alignment's options choose. */
    static Choice one() {
      return (embedder, encoded) -> List.of(embedder.align(encoded));
    }

    /** All that the detector finds. */
    static Choice all() {
      return FaceEmbedder::alignAll;
    }
  }

  /** Embeds one face of each. */
  public static void embed(FaceEmbedder embedder, List<Path> images, Sink sink) throws IOException {
    embed(embedder, images, Choice.one(), sink);
  }

  /** Embeds the chosen faces of each. */
  public static void embed(FaceEmbedder embedder, List<Path> images, Choice choice, Sink sink)
      throws IOException {
    for (int start = 0; start < images.size(); start += CHUNK) {
      List<Path> chunk = images.subList(start, Math.min(start + CHUNK, images.size()));
      List<List<AlignmentResult>> results =
          chunk.parallelStream().map(image -> align(embedder, image, choice)).toList();
      List<Aligned> faces =
          results.stream()
              .flatMap(List::stream)
              .filter(Aligned.class::isInstance)
              .map(Aligned.class::cast)
              .toList();
      float[][] rows =
          faces.isEmpty()
              ? new float[0][]
              : embedder.embed(faces.stream().map(Aligned::crop).toList());
      int next = 0;
      for (int i = 0; i < results.size(); i++) {
        String image = chunk.get(i).toString();
        int number = 0;
        for (AlignmentResult result : results.get(i)) {
          if (result instanceof Rejected rejected) {
            sink.rejected(new RejectedImage(image, rejected.reason().key(), rejected.detail()));
          } else {
            Aligned face = (Aligned) result;
            sink.embedded(
                new EmbeddedImage(image, number, face.score(), face.landmarks(), rows[next++]));
          }
          number++;
        }
      }
      sink.progress(start + chunk.size());
    }
  }

  private static List<AlignmentResult> align(FaceEmbedder embedder, Path image, Choice choice) {
    try {
      return choice.of(embedder, Files.readAllBytes(image));
    } catch (IOException e) {
      return List.of(new Rejected(RejectReason.UNREADABLE, "cannot be read: " + e.getMessage()));
    }
  }
}
