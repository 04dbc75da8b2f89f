package io.facet.transforms.source.format;

import com.google.auto.service.AutoService;
import io.facet.models.format.RecordIo;
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
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A training set of InsightFace: {@code train.rec} with its {@code train.idx}. */
@AutoService(FaceSource.class)
@Named(
    key = "recordio",
    version = 1,
    summary = "A training set of InsightFace (train.rec with train.idx).",
    source = "MXNet RecordIO as InsightFace writes it")
@SuppressWarnings("rawtypes") // the service file names the raw type
public final class RecordIoSource implements FaceSource<RecordIoSource.Options> {
  /**
   * Options of the set.
   *
   * @param path of its {@code .rec} file
   * @param namespace of its identities
   * @param identity where it stands
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
          String namespace,
      @Description(
              value =
                  "Where the identity stands: label (of the record; a negative one is unknown), or none"
                      + " (unlabelled images).",
              defaultValue = "label")
          Identity identity) {}

  /** Where the identity of an image stands. */
  public enum Identity {
    LABEL,
    NONE
  }

  @Override
  public Options relativeTo(Options options, String root) {
    return new Options(
        Locations.resolve(root, options.path()), options.namespace(), options.identity());
  }

  @Override
  public SourceListing list(Options options) throws IOException {
    try (RecordIo set = RecordIo.open(Path.of(options.path()))) {
      String stamp =
          ImageFolder.stamp(StoredFiles.stat(options.path()))
              + "+"
              + ImageFolder.stamp(
                  StoredFiles.stat(RecordIo.index(Path.of(options.path())).toString()));
      List<SourceSample> samples = new ArrayList<>();
      for (long key : set.keys()) {
        samples.add(
            new SourceSample(
                Long.toString(key),
                identity(set, key, options),
                options.path(),
                key,
                stamp,
                new float[0]));
      }
      return new SourceListing(samples, List.of());
    }
  }

  /** With the namespace; empty if unknown. */
  private static String identity(RecordIo set, long key, Options options) {
    if (options.identity() == Identity.NONE) {
      return "";
    }
    long label = set.identity(key);
    return label < 0 ? "" : ImageFolder.inNamespace(Long.toString(label), options.namespace());
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
          try (RecordIo set = RecordIo.open(Path.of(options.path()))) {
            for (long key : set.keys()) {
              images.add(key, set.read(key).payload());
            }
          }
          return images.build();
        });
  }

  @Override
  public Images open(Options options) {
    return new Records(RecordIo.open(Path.of(options.path())));
  }

  private record Records(RecordIo set) implements Images {
    @Override
    public SourceImage read(SourceSample sample) {
      return new SourceImage(set.read(sample.record()).payload(), sample.landmarks());
    }

    @Override
    public void close() {
      set.close();
    }
  }
}
