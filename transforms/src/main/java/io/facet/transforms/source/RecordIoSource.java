package io.facet.transforms.source;

import com.google.auto.service.AutoService;
import io.facet.models.format.RecordIo;
import io.facet.models.option.Description;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A training set of InsightFace: {@code train.rec} with its {@code train.idx}. */
@AutoService(FaceSource.class)
@SuppressWarnings("rawtypes") // the service file names the raw type
public final class RecordIoSource implements FaceSource<RecordIoSource.Options> {
  /**
   * Options of the set.
   *
   * @param path of its {@code .rec} file
   * @param namespace of its identities
   */
  public record Options(
      @Description(
              value =
                  "The .rec file, a local path with the .idx file beside it; relative to data.root.",
              affectsResult = false)
          String path,
      @Description(
              value =
                  "Prefix of identities; sources whose people are the same share one, others must not.",
              defaultValue = "''")
          String namespace) {}

  @Override
  public String key() {
    return "recordio";
  }

  @Override
  public int version() {
    return 1;
  }

  @Override
  public Class<Options> optionsType() {
    return Options.class;
  }

  @Override
  public String summary() {
    return "A training set of InsightFace (train.rec with train.idx).";
  }

  @Override
  public String source() {
    return "MXNet RecordIO as InsightFace writes it";
  }

  @Override
  public Options relativeTo(Options options, String root) {
    return new Options(Locations.resolve(root, options.path()), options.namespace());
  }

  @Override
  public SourceListing list(Options options) throws IOException {
    try (RecordIo set = RecordIo.open(Path.of(options.path()))) {
      String stamp = ImageFolder.stamp(StoredFiles.stat(options.path()));
      List<SourceSample> samples = new ArrayList<>();
      for (long key : set.keys()) {
        samples.add(
            new SourceSample(
                Long.toString(key),
                ImageFolder.inNamespace(Long.toString(set.identity(key)), options.namespace()),
                options.path(),
                key,
                stamp,
                new float[0]));
      }
      return new SourceListing(samples, List.of());
    }
  }

  @Override
  public Pictures open(Options options) {
    return new Records(RecordIo.open(Path.of(options.path())));
  }

  private record Records(RecordIo set) implements Pictures {
    @Override
    public SourcePicture read(SourceSample sample) {
      return new SourcePicture(set.read(sample.record()).payload(), sample.landmarks());
    }

    @Override
    public void close() {
      set.close();
    }
  }
}
