package io.facet.transforms.ingest;

import io.facet.models.format.TemplateLists;
import io.facet.transforms.attempt.CountWork;
import io.facet.transforms.row.ImageRow;
import io.facet.transforms.row.PairRow;
import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.SampleRow;
import io.facet.transforms.row.TemplatePairsRow;
import io.facet.transforms.row.TemplateRow;
import io.facet.transforms.row.TemplateSubjectRow;
import io.facet.transforms.shared.SharedModels;
import io.facet.transforms.source.FaceSource;
import io.facet.transforms.source.SampleReading;
import io.facet.transforms.source.SourceListing;
import io.facet.transforms.source.SourceSample;
import io.facet.transforms.source.SourceSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Reads sources: one {@link #IMAGES} row for each distinct image, its names as {@link #SAMPLES},
 * verification {@link #PAIRS} and {@link #TEMPLATES}, and what cannot be used as {@link #REJECTS}.
 *
 * <pre>{@code
 * PCollectionTuple read = pipeline.apply("Ingest", IngestSources.of(specs));
 * read.get(IngestSources.IMAGES).apply(FacetParquetIO.write(ImageRow.class, "images").to(attempt));
 * }</pre>
 *
 * <p>Rejected are missing files, files that are not whole images, pairs that name an unusable
 * image, training images under two identities, training images that a verification set holds too
 * (see {@link #keepShared}), and images that somebody asked to forget (see {@link #leavingOut}).
 * Counters of this class: {@code samples}, {@code bytes}, {@code duplicates}, {@code rejects},
 * {@code conflicting-identities}, {@code shared-with-verification}.
 */
public final class IngestSources extends PTransform<PBegin, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  /** Distinct images. */
  public static final TupleTag<ImageRow> IMAGES = new TupleTag<>("images") {};

  /** Names of images. */
  public static final TupleTag<SampleRow> SAMPLES = new TupleTag<>("samples") {};

  /** Pairs whose images were both read. */
  public static final TupleTag<PairRow> PAIRS = new TupleTag<>("pairs") {};

  /** Faces of templates whose images were read. */
  public static final TupleTag<TemplateRow> TEMPLATES = new TupleTag<>("templates") {};

  /** Pairs of templates. */
  public static final TupleTag<TemplatePairsRow> TEMPLATE_PAIRS =
      new TupleTag<>("template-pairs") {};

  /** Who is on the templates of galleries and probes. */
  public static final TupleTag<TemplateSubjectRow> TEMPLATE_SUBJECTS =
      new TupleTag<>("template-subjects") {};

  /** Dead letters. */
  public static final TupleTag<RejectRow> REJECTS = new TupleTag<>("rejects") {};

  /** Reason of an image that is not where its source says. */
  public static final String MISSING_FILE = "missing-file";

  static final String STAGE = "ingest";

  private static final TupleTag<KV<Integer, SourceSample>> LISTED = new TupleTag<>("listed") {};
  private static final TupleTag<ListedPair> LISTED_PAIRS = new TupleTag<>("listed-pairs") {};
  private static final TupleTag<ListedFace> LISTED_FACES = new TupleTag<>("listed-faces") {};
  private static final TupleTag<ReadImage> READ = new TupleTag<>("read") {};

  private static final TupleTag<SampleRow> FORGOTTEN = new TupleTag<>("forgotten") {};

  private final List<SourceSpec> specs;
  private final boolean keepShared;
  private final ForgottenImages forgotten;

  /** Where the work is counted; null: nowhere. */
  private final String attempt;

  private IngestSources(
      List<SourceSpec> specs, boolean keepShared, ForgottenImages forgotten, String attempt) {
    this.specs = List.copyOf(specs);
    this.keepShared = keepShared;
    this.forgotten = forgotten;
    this.attempt = attempt;
  }

  /**
   * Reads these sources, listed in the order of preference: of the landmarks that several know for
   * one image, the first ones are kept.
   */
  public static IngestSources of(List<SourceSpec> specs) {
    return new IngestSources(specs, false, ForgottenImages.NONE, null);
  }

  /**
   * Keeps training images that a verification set holds too; they are counted, and the figures of
   * that set are no measure of generalisation.
   */
  public IngestSources keepShared() {
    return new IngestSources(specs, true, forgotten, attempt);
  }

  /**
   * The same without the images that somebody asked to forget: each is a reject with the reason
   * {@link ForgottenImages#REASON} and neither name nor id.
   */
  public IngestSources leavingOut(ForgottenImages images) {
    return new IngestSources(specs, keepShared, images, attempt);
  }

  /** The same, with the images listed and read counted into this attempt, see {@link CountWork}. */
  public IngestSources countingInto(String attemptUri) {
    return new IngestSources(specs, keepShared, forgotten, attemptUri);
  }

  private <T> PCollection<T> counted(
      PCollection<T> elements, String name, Function<String, CountWork<T>> count) {
    return attempt == null ? elements : elements.apply(name, count.apply(attempt));
  }

  /**
   * A pair of a verification set by names.
   *
   * @param set its name
   */
  record ListedPair(String set, int position, int fold, String left, String right, boolean same) {}

  /**
   * A face of a template by the name of its image.
   *
   * @param set name of the verification set
   */
  record ListedFace(
      String set, int position, int template, int medium, float detectorScore, String name) {}

  /** An image with the place it came from. */
  @SuppressWarnings("ArrayRecordComponent")
  record ReadImage(
      int spec,
      String name,
      String imageId,
      byte[] encoded,
      String format,
      int width,
      int height,
      float[] landmarks) {
    ImageRow image() {
      return new ImageRow(imageId, encoded, format, width, height, landmarks);
    }
  }

  @Override
  public PCollectionTuple expand(PBegin begin) {
    PCollectionTuple listed =
        begin
            .apply("Sources", Create.of(numbered()))
            .apply(
                "List",
                ParDo.of(new ListFn(specs))
                    .withOutputTags(
                        LISTED,
                        TupleTagList.of(
                            List.of(
                                LISTED_PAIRS, LISTED_FACES, TEMPLATE_PAIRS, TEMPLATE_SUBJECTS))));
    PCollectionTuple read =
        counted(listed.get(LISTED), "CountListed", CountWork::expected)
            .apply("SpreadSamples", Reshuffle.viaRandomKey())
            .apply(
                "Read",
                ParDo.of(new ReadFn(specs, forgotten))
                    .withOutputTags(READ, TupleTagList.of(List.of(SAMPLES, FORGOTTEN, REJECTS))));
    PCollection<ImageRow> images =
        counted(read.get(READ), "CountRead", CountWork::done)
            .apply(
                "KeyByImage",
                WithKeys.of(ReadImage::imageId).withKeyType(TypeDescriptors.strings()))
            .apply("FirstOfEqual", Combine.perKey(new FirstImage()))
            .apply("Distinct", Values.create())
            .apply(
                "Images",
                MapElements.into(TypeDescriptor.of(ImageRow.class)).via(ReadImage::image));
    PCollectionTuple samples = read.get(SAMPLES).apply("CheckLabels", new CheckLabels(keepShared));
    PCollection<SampleRow> named =
        PCollectionList.of(samples.get(SAMPLES))
            .and(read.get(FORGOTTEN))
            .apply("Named", Flatten.pCollections());
    PCollectionTuple pairs =
        listed.get(LISTED_PAIRS).apply("ResolvePairs", ResolvePairs.with(named));
    PCollectionTuple templates =
        listed.get(LISTED_FACES).apply("ResolveTemplates", ResolveTemplates.with(named));
    PCollection<RejectRow> rejects =
        PCollectionList.of(counted(read.get(REJECTS), "CountRejected", CountWork::done))
            .and(samples.get(REJECTS))
            .and(pairs.get(REJECTS))
            .and(templates.get(REJECTS))
            .apply("AllRejects", Flatten.pCollections())
            .apply("CountRejects", ParDo.of(new CountFn()));
    return PCollectionTuple.of(IMAGES, images)
        .and(SAMPLES, samples.get(SAMPLES))
        .and(PAIRS, pairs.get(PAIRS))
        .and(TEMPLATES, templates.get(TEMPLATES))
        .and(TEMPLATE_PAIRS, listed.get(TEMPLATE_PAIRS))
        .and(TEMPLATE_SUBJECTS, listed.get(TEMPLATE_SUBJECTS))
        .and(REJECTS, rejects);
  }

  private List<Integer> numbered() {
    return IntStream.range(0, specs.size()).boxed().toList();
  }

  private static final class ListFn extends DoFn<Integer, KV<Integer, SourceSample>> {
    private static final long serialVersionUID = 1L;

    private final List<SourceSpec> specs;

    ListFn(List<SourceSpec> specs) {
      this.specs = specs;
    }

    @ProcessElement
    public void list(@Element Integer number, MultiOutputReceiver out) throws IOException {
      SourceSpec spec = specs.get(number);
      SourceListing listing = spec.list();
      listing.samples().forEach(sample -> out.get(LISTED).output(KV.of(number, sample)));
      listing
          .pairs()
          .forEach(
              pair ->
                  out.get(LISTED_PAIRS)
                      .output(
                          new ListedPair(
                              spec.split(),
                              pair.position(),
                              pair.fold(),
                              pair.left(),
                              pair.right(),
                              pair.same())));
      listing.templates().ifPresent(lists -> templates(spec.split(), lists, out));
    }

    private static void templates(String set, TemplateLists lists, MultiOutputReceiver out) {
      for (int i = 0; i < lists.faces().size(); i++) {
        TemplateLists.Face face = lists.faces().get(i);
        out.get(LISTED_FACES)
            .output(
                new ListedFace(set, i, face.template(), face.medium(), face.score(), face.name()));
      }
      TemplatePairsRow.of(set, lists.pairs()).forEach(out.get(TEMPLATE_PAIRS)::output);
      TemplateSubjectRow.of(set, lists).forEach(out.get(TEMPLATE_SUBJECTS)::output);
    }
  }

  private static final class ReadFn extends DoFn<KV<Integer, SourceSample>, ReadImage> {
    private static final long serialVersionUID = 1L;

    private final List<SourceSpec> specs;
    private final ForgottenImages forgotten;
    private final Counter samples = Metrics.counter(IngestSources.class, "samples");
    private final Counter bytes = Metrics.counter(IngestSources.class, "bytes");
    private transient List<FaceSource.Images> open;

    ReadFn(List<SourceSpec> specs, ForgottenImages forgotten) {
      this.specs = specs;
      this.forgotten = forgotten;
    }

    @Setup
    public void open() throws Exception {
      open = new ArrayList<>();
      for (SourceSpec spec : specs) {
        open.add(SharedModels.acquire(FaceSource.Images.class, key(spec), spec::open));
      }
    }

    @Teardown
    public void close() throws Exception {
      for (int i = 0; i < open.size(); i++) {
        SharedModels.release(key(specs.get(i)));
      }
      open = List.of();
    }

    private static String key(SourceSpec spec) {
      return "source " + spec.source();
    }

    @ProcessElement
    public void read(@Element KV<Integer, SourceSample> listed, MultiOutputReceiver out)
        throws IOException {
      SourceSpec spec = specs.get(listed.getKey());
      SourceSample sample = listed.getValue();
      SampleReading.Outcome outcome = SampleReading.read(open.get(listed.getKey()), sample);
      if (forgotten.holds(outcome.imageId())) {
        out.get(REJECTS)
            .output(
                new RejectRow(
                    STAGE, spec.label(), "", "", ForgottenImages.REASON, ResolvePairs.ASKED));
        out.get(FORGOTTEN)
            .output(
                new SampleRow(
                    spec.label(), sample.name(), "", spec.splitOf(sample.identity()), ""));
        return;
      }
      if (outcome instanceof SampleReading.Unusable unusable) {
        out.get(REJECTS)
            .output(
                new RejectRow(
                    STAGE,
                    spec.label(),
                    sample.name(),
                    unusable.imageId(),
                    unusable.reason(),
                    unusable.detail()));
        return;
      }
      SampleReading.Read read = (SampleReading.Read) outcome;
      out.get(READ).output(row(listed.getKey(), sample.name(), read));
      samples.inc();
      bytes.inc(read.image().encoded().length);
      out.get(SAMPLES)
          .output(
              new SampleRow(
                  spec.label(),
                  sample.name(),
                  sample.identity(),
                  spec.splitOf(sample.identity()),
                  read.imageId()));
    }

    private static ReadImage row(int spec, String name, SampleReading.Read read) {
      return new ReadImage(
          spec,
          name,
          read.imageId(),
          read.image().encoded(),
          read.header().format().key(),
          read.header().width(),
          read.header().height(),
          read.image().landmarks());
    }
  }

  /** Of equal images the one with landmarks, of the first source, with the first name. */
  private static final class FirstImage extends Combine.BinaryCombineFn<ReadImage> {
    private static final long serialVersionUID = 1L;

    @Override
    public ReadImage apply(ReadImage left, ReadImage right) {
      boolean leftKnows = left.landmarks().length > 0;
      if (leftKnows != right.landmarks().length > 0) {
        return leftKnows ? left : right;
      }
      int order = Integer.compare(left.spec(), right.spec());
      return (order != 0 ? order : left.name().compareTo(right.name())) <= 0 ? left : right;
    }
  }

  private static final class CountFn extends DoFn<RejectRow, RejectRow> {
    private static final long serialVersionUID = 1L;

    private final Counter rejects = Metrics.counter(IngestSources.class, "rejects");

    @ProcessElement
    public void count(@Element RejectRow row, OutputReceiver<RejectRow> out) {
      rejects.inc();
      out.output(row);
    }
  }
}
