package io.facet.transforms.source.format;

import com.google.auto.service.AutoService;
import io.facet.models.DataException;
import io.facet.models.face.AlignedImages;
import io.facet.models.format.NamedPair;
import io.facet.models.format.PairsBin;
import io.facet.models.option.CommandLineForm;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.source.ContentHashes;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.Locations;
import io.facet.transforms.source.RecordHashes;
import io.facet.transforms.source.SourceImage;
import io.facet.transforms.source.SourceListing;
import io.facet.transforms.source.SourceSample;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A verification set of InsightFace: {@code lfw.bin}, {@code cfp_fp.bin}. It names no people and no
 * folds; pair i has the images 2 i and 2 i + 1.
 */
@AutoService(FaceSource.class)
@Named(
    key = "bin",
    version = 1,
    summary = "A verification set of InsightFace (lfw.bin, cfp_fp.bin, agedb_30.bin).")
@SuppressWarnings("rawtypes") // the service file names the raw type
public final class BinSource implements FaceSource<BinSource.Options> {
  /**
   * Options of the set.
   *
   * @param path of the file
   * @param aligned whether its images are aligned crops
   */
  public record Options(
      @Description(
              value = "The .bin file, a path or URI; relative to data.root.",
              affectsResult = false)
          String path,
      @Description(value = AlignedImages.DESCRIPTION, defaultValue = "auto")
          AlignedImages aligned) {}

  @Override
  public Optional<CommandLineForm> commandLineForm() {
    return Optional.of(
        new CommandLineForm(
            "FILE", text -> Map.of("path", Path.of(text).toAbsolutePath().toString())));
  }

  @Override
  public Options relativeTo(Options options, String root) {
    return new Options(Locations.resolve(root, options.path()), options.aligned());
  }

  @Override
  public AlignedImages aligned(Options options) {
    return options.aligned();
  }

  @Override
  public SourceListing list(Options options) throws IOException {
    PairsBin set = read(options.path());
    String stamp = ImageFolder.stamp(StoredFiles.stat(options.path()));
    List<SourceSample> samples = new ArrayList<>();
    for (int i = 0; i < set.images().size(); i++) {
      samples.add(new SourceSample(name(i), "", options.path(), i, stamp, new float[0]));
    }
    List<NamedPair> pairs = new ArrayList<>();
    for (int i = 0; i < set.same().size(); i++) {
      pairs.add(new NamedPair(i, 0, name(2 * i), name(2 * i + 1), set.same().get(i)));
    }
    return new SourceListing(samples, FoldedPairs.of(pairs));
  }

  @Override
  public String contentId(Options options, SourceSample sample, ContentHashes hashes)
      throws IOException {
    return hashes.inside(
        sample.uri(),
        sample.stamp(),
        sample.record(),
        () -> {
          RecordHashes.Builder images = new RecordHashes.Builder();
          List<byte[]> all = read(options.path()).images();
          for (int i = 0; i < all.size(); i++) {
            images.add(i, all.get(i));
          }
          return images.build();
        });
  }

  private static String name(int image) {
    return Integer.toString(image);
  }

  @Override
  public Images open(Options options) {
    List<byte[]> images;
    try {
      images = read(options.path()).images();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return sample -> new SourceImage(images.get((int) sample.record()), sample.landmarks());
  }

  private static PairsBin read(String uri) throws IOException {
    try {
      return PairsBin.read(StoredFiles.read(uri), uri);
    } catch (FileNotFoundException e) {
      throw new DataException(uri + ": verification set not found; correct the path", e);
    }
  }
}
