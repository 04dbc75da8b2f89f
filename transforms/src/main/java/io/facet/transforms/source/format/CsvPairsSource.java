package io.facet.transforms.source.format;

import com.google.auto.service.AutoService;
import io.facet.models.face.AlignedImages;
import io.facet.models.format.CsvPairs;
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

/** Pairs as comma-separated values beside a folder of images, one directory for each person. */
@AutoService(FaceSource.class)
@Named(
    key = "csv-pairs",
    version = 2,
    summary = "A comma-separated pair list (left,right,same,fold) and its image folder.")
@SuppressWarnings("rawtypes") // the service file names the raw type
public final class CsvPairsSource implements FaceSource<CsvPairsSource.Options> {
  /**
   * Options of the list.
   *
   * @param pairs the list
   * @param images the images
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
      @Description(
              value =
                  "Prefix of identities; sources whose people are the same share one, others must not.",
              defaultValue = "''")
          String namespace,
      @Description(value = AlignedImages.DESCRIPTION, defaultValue = "auto")
          AlignedImages aligned) {}

  /** The list; its images lie in the folder {@code images} beside it. */
  @Override
  public Optional<CommandLineForm> commandLineForm() {
    return Optional.of(
        new CommandLineForm(
            "PAIRS.csv",
            text -> {
              Path pairs = Path.of(text).toAbsolutePath();
              return Map.of(
                  "pairs", pairs.toString(),
                  "images", pairs.resolveSibling("images").toString());
            }));
  }

  @Override
  public Options relativeTo(Options options, String root) {
    return new Options(
        Locations.resolve(root, options.pairs()),
        Locations.resolve(root, options.images()),
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
        CsvPairs.parse(text, options.pairs(), options.images()),
        options.images(),
        options.namespace());
  }
}
