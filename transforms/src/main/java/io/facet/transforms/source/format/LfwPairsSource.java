package io.facet.transforms.source.format;

import com.google.auto.service.AutoService;
import io.facet.models.face.AlignedImages;
import io.facet.models.format.LfwPairs;
import io.facet.models.option.CommandLineForm;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.Locations;
import io.facet.transforms.source.SourceListing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Labeled Faces in the Wild: {@code pairs.txt} beside {@code NAME/NAME_0001.jpg}. */
@AutoService(FaceSource.class)
@Named(
    key = "lfw-pairs",
    version = 1,
    summary = "The pair list of Labeled Faces in the Wild (pairs.txt) and its image folder.")
@SuppressWarnings("rawtypes") // the service file names the raw type
public final class LfwPairsSource implements FaceSource<LfwPairsSource.Options> {
  /**
   * Options of the list.
   *
   * @param pairs the list
   * @param images the images
   * @param extension of the images
   * @param namespace of its identities
   * @param aligned whether its images are aligned crops
   */
  public record Options(
      @Description(
              value = "The pair list, a path or URI; relative to data.root.",
              affectsResult = false)
          String pairs,
      @Description(
              value = "Folder of the images the list names; relative to data.root.",
              affectsResult = false)
          String images,
      @Description(value = "File extension of the images.", defaultValue = "jpg") String extension,
      @Description(
              value =
                  "Prefix of identities; sources whose people are the same share one, others must not.",
              defaultValue = "''")
          String namespace,
      @Description(value = AlignedImages.DESCRIPTION, defaultValue = "auto")
          AlignedImages aligned) {}

  /** The folder that holds {@code pairs.txt} and {@code images}. */
  @Override
  public Optional<CommandLineForm> commandLineForm() {
    return Optional.of(
        new CommandLineForm(
            "FOLDER",
            text -> {
              Path folder = Path.of(text).toAbsolutePath();
              return Map.of(
                  "pairs", folder.resolve("pairs.txt").toString(),
                  "images", folder.resolve("images").toString());
            }));
  }

  @Override
  public Options relativeTo(Options options, String root) {
    return new Options(
        Locations.resolve(root, options.pairs()),
        Locations.resolve(root, options.images()),
        options.extension(),
        options.namespace(),
        options.aligned());
  }

  @Override
  public AlignedImages aligned(Options options) {
    return options.aligned();
  }

  @Override
  public SourceListing list(Options options) throws IOException {
    String text = PairListing.text(options.pairs());
    return PairListing.of(
        LfwPairs.parse(text, options.pairs(), options.extension()),
        options.images(),
        options.namespace());
  }
}
