package io.facet.transforms.source.format;

import com.google.auto.service.AutoService;
import io.facet.models.face.AlignedImages;
import io.facet.models.format.RecordIo;
import io.facet.models.format.RecordIoReader;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.Locations;
import io.facet.transforms.source.PackedFile;
import io.facet.transforms.source.RangeImages;
import io.facet.transforms.source.SourceImage;
import io.facet.transforms.source.SourceListing;
import io.facet.transforms.source.SourceRange;
import io.facet.transforms.source.SourceSample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A training set of InsightFace: {@code train.rec} with its {@code train.idx}, or several such
 * files. An image is called by its key in the index, without an index by the number of records
 * before it; of several files, the file's name and a slash come first.
 */
@AutoService(FaceSource.class)
@Named(
    key = "recordio",
    version = 2, // 2: damaged records are rejects, several files, files without an index
    summary = "A training set of InsightFace (train.rec, with train.idx or without).",
    source = "MXNet RecordIO as InsightFace writes it")
@SuppressWarnings("rawtypes") // the service file names the raw type
public final class RecordIoSource implements FaceSource<RecordIoSource.Options> {
  /** Reason of an image whose label names nobody. */
  public static final String BAD_LABEL = "bad-label";

  private static final float[] NO_LANDMARKS = {};

  /**
   * Options of the set.
   *
   * @param path of its {@code .rec} file
   * @param further files of it
   * @param namespace of its identities
   * @param identity where it stands
   * @param aligned whether its images are aligned crops
   */
  public record Options(
      @Description(
              value =
                  "The .rec file, or a pattern such as part-*.rec, a path or URI; the .idx file beside"
                      + " it is used if it is there; relative to data.root.",
              affectsResult = false)
          String path,
      @Description(
              value = "Further .rec files of the same set, paths or patterns.",
              defaultValue = "[]",
              affectsResult = false)
          List<String> further,
      @Description(
              value =
                  "Prefix of identities; sources whose people are the same share one, others must not.",
              defaultValue = "''")
          String namespace,
      @Description(
              value =
                  "Where the identity stands: label (of the record, the first if it has several; a"
                      + " negative one is unknown), or none (unlabelled images).",
              defaultValue = "label")
          Identity identity,
      @Description(value = AlignedImages.DESCRIPTION, defaultValue = "auto")
          AlignedImages aligned) {}

  /** Where the identity of an image stands. */
  public enum Identity {
    LABEL,
    NONE
  }

  @Override
  public Options relativeTo(Options options, String root) {
    return new Options(
        Locations.resolve(root, options.path()),
        options.further().stream().map(path -> Locations.resolve(root, path)).toList(),
        options.namespace(),
        options.identity(),
        options.aligned());
  }

  @Override
  public AlignedImages aligned(Options options) {
    return options.aligned();
  }

  @Override
  public SourceListing list(Options options) throws IOException {
    List<String> paths = new ArrayList<>(List.of(options.path()));
    paths.addAll(options.further());
    return SourceListing.packed(RecordFiles.of(paths));
  }

  @Override
  public Images open(Options options) {
    return new Records(options);
  }

  /** Every range opens its files by itself, so threads share nothing. */
  private record Records(Options options) implements Images {
    @Override
    public SourceImage read(SourceSample sample) {
      throw new UnsupportedOperationException("records are read in ranges");
    }

    @Override
    public SourceRange.Extent extent(SourceRange range) throws IOException {
      try (RecordIoReader reader = reader(range, 0)) {
        long first = reader.first();
        reader.skipAll();
        return new SourceRange.Extent(first, reader.position(), reader.number());
      }
    }

    @Override
    public void read(SourceRange range, long before, RangeImages images) throws IOException {
      String prefix = range.file().prefix();
      try (RecordIoReader reader = reader(range, before)) {
        for (RecordIo.Entry entry = reader.next(); entry != null; entry = reader.next()) {
          String name = prefix + (entry.key() < 0 ? "byte " + entry.offset() : entry.key());
          if (entry instanceof RecordIo.Refused refused) {
            images.refused(name, refused.reason(), refused.detail());
          } else {
            take(range.file(), name, (RecordIo.Image) entry, images);
          }
        }
      }
    }

    private void take(PackedFile file, String name, RecordIo.Image image, RangeImages images)
        throws IOException {
      String identity = "";
      if (options.identity() == Identity.LABEL) {
        Optional<Long> label = image.identity();
        if (label.isEmpty()) {
          images.refused(
              name,
              BAD_LABEL,
              "record at byte %d has the label %s, which is not a whole number; number the identities 0, 1, 2 ..."
                  .formatted(image.offset(), image.labels()[0]));
          return;
        }
        if (label.get() >= 0) {
          identity = ImageFolder.inNamespace(label.get().toString(), options.namespace());
        }
      }
      images.image(
          new SourceSample(name, identity, file.uri(), image.offset(), file.stamp(), NO_LANDMARKS),
          new SourceImage(image.payload(), NO_LANDMARKS));
    }

    private static RecordIoReader reader(SourceRange range, long before) throws IOException {
      RecordFiles.Opened files = RecordFiles.open(range.file());
      return new RecordIoReader(
          files.rec(),
          files.idx(),
          new RecordIoReader.Range(range.start(), range.end(), before),
          FaceSource.MAXIMUM_BYTES + 1);
    }
  }
}
