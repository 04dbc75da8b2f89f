package io.facet.transforms.align;

import io.facet.models.face.AlignOptions;
import io.facet.models.face.AlignmentResult;
import io.facet.models.face.FaceAligner;
import io.facet.models.option.RecordBinder;
import io.facet.transforms.file.LocalCopies;
import io.facet.transforms.row.FaceId;
import io.facet.transforms.row.FaceRow;
import io.facet.transforms.row.ImageRow;
import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.TimingRow;
import io.facet.transforms.shared.SharedModels;
import java.util.List;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Distribution;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.windowing.GlobalWindow;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;

/**
 * Cuts the face out of each image: {@link #FACES}, images without a usable one as {@link #REJECTS}
 * with a reason, and {@link #TIMINGS}.
 *
 * <p>An image whose source says that it is an aligned crop keeps its bytes, and no detector looks
 * at it. One detector serves all threads of a worker. Counters: {@code faces}, {@code rejects}; the
 * distribution {@code microseconds} is the time of one image.
 *
 * <pre>{@code
 * PCollectionTuple aligned = images.apply("Align", AlignFaces.with(options));
 * }</pre>
 */
public final class AlignFaces
    extends PTransform<PCollection<KV<String, ImageRow>>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  /** Aligned faces, keyed as their images. */
  public static final TupleTag<KV<String, FaceRow>> FACES = new TupleTag<>("faces") {};

  /** Images without a usable face. */
  public static final TupleTag<RejectRow> REJECTS = new TupleTag<>("rejects") {};

  /** Images and milliseconds of each bundle. */
  public static final TupleTag<TimingRow> TIMINGS = new TupleTag<>("timings") {};

  private static final String STAGE = "align";

  private final ImageAlignment alignment;

  private AlignFaces(ImageAlignment alignment) {
    this.alignment = alignment;
  }

  /** Aligns with these options; paths of the detector must be readable on every worker. */
  public static AlignFaces with(AlignOptions options) {
    return new AlignFaces(ImageAlignment.of(options));
  }

  @Override
  public PCollectionTuple expand(PCollection<KV<String, ImageRow>> images) {
    return images.apply(
        "Align",
        ParDo.of(new AlignFn(alignment))
            .withOutputTags(FACES, TupleTagList.of(List.of(REJECTS, TIMINGS))));
  }

  private static final class AlignFn extends DoFn<KV<String, ImageRow>, KV<String, FaceRow>> {
    private static final long serialVersionUID = 1L;

    private final ImageAlignment alignment;
    private final Counter faces = Metrics.counter(AlignFaces.class, "faces");
    private final Counter rejects = Metrics.counter(AlignFaces.class, "rejects");
    private final Distribution microseconds =
        Metrics.distribution(AlignFaces.class, "microseconds");
    private transient FaceAligner finding;
    private transient FaceAligner taking;
    private transient long bundleImages;
    private transient long bundleNanoseconds;

    AlignFn(ImageAlignment alignment) {
      this.alignment = alignment;
    }

    private static String key(AlignOptions options) {
      return STAGE + RecordBinder.toJson(options);
    }

    private static FaceAligner acquire(AlignOptions options) throws Exception {
      return SharedModels.acquire(
          FaceAligner.class,
          key(options),
          () -> FaceAligner.open(options.withFiles(LocalCopies::of)));
    }

    @Setup
    public void load() throws Exception {
      finding = acquire(alignment.options());
      taking = acquire(alignment.options().ofCrops());
    }

    @StartBundle
    public void startBundle() {
      bundleImages = 0;
      bundleNanoseconds = 0;
    }

    @ProcessElement
    public void align(@Element KV<String, ImageRow> keyed, MultiOutputReceiver out) {
      ImageRow image = keyed.getValue();
      ImageShape shape = ImageShape.of(image);
      long start = System.nanoTime();
      FaceAligner aligner = alignment.isCrop(shape) ? taking : finding;
      AlignmentResult result = aligner.align(image.bytes(), image.landmarks());
      long nanoseconds = System.nanoTime() - start;
      bundleImages++;
      bundleNanoseconds += nanoseconds;
      microseconds.update(nanoseconds / 1000);
      if (result instanceof AlignmentResult.Aligned aligned) {
        faces.inc();
        out.get(FACES).output(KV.of(keyed.getKey(), face(shape, aligned)));
      } else if (result instanceof AlignmentResult.Rejected rejected) {
        rejects.inc();
        out.get(REJECTS)
            .output(
                new RejectRow(
                    STAGE, "", "", image.imageId(), rejected.reason().key(), rejected.detail()));
      }
    }

    private FaceRow face(ImageShape image, AlignmentResult.Aligned aligned) {
      return new FaceRow(
          FaceId.of(image.imageId(), 0, alignment.digest(image)),
          image.imageId(),
          0,
          aligned.encoded(),
          aligned.format(),
          aligned.landmarks(),
          aligned.transform(),
          aligned.score(),
          aligned.eyeDistance(),
          aligned.sharpness());
    }

    @FinishBundle
    public void finishBundle(FinishBundleContext context) {
      if (bundleImages > 0) {
        output(context, "bundle_images", (double) bundleImages);
        output(context, "bundle_milliseconds", bundleNanoseconds / 1e6);
      }
    }

    private static void output(FinishBundleContext context, String name, double value) {
      context.output(
          TIMINGS,
          new TimingRow(STAGE, name, value),
          GlobalWindow.INSTANCE.maxTimestamp(),
          GlobalWindow.INSTANCE);
    }

    @Teardown
    public void close() throws Exception {
      if (finding != null) {
        finding = null;
        SharedModels.release(key(alignment.options()));
      }
      if (taking != null) {
        taking = null;
        SharedModels.release(key(alignment.options().ofCrops()));
      }
    }
  }
}
