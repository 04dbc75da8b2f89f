package io.facet.transforms.ingest;

import io.facet.models.format.NamedPair;
import io.facet.models.format.TemplateLists;
import io.facet.transforms.attempt.CountWork;
import io.facet.transforms.row.ImageRow;
import io.facet.transforms.row.PairRow;
import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.SampleRow;
import io.facet.transforms.row.SharedRow;
import io.facet.transforms.row.SplitRow;
import io.facet.transforms.row.TemplatePairsRow;
import io.facet.transforms.row.TemplateRow;
import io.facet.transforms.row.TemplateSubjectRow;
import io.facet.transforms.source.PackedFile;
import io.facet.transforms.source.SourceListing;
import io.facet.transforms.source.SourceSample;
import io.facet.transforms.source.SourceSpec;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * Reads sources: one {@link #IMAGES} row for each distinct image, its names as {@link #SAMPLES},
 * verification {@link #PAIRS} and {@link #TEMPLATES}, and what cannot be used as {@link #REJECTS}.
 *
 * <pre>{@code
 * PCollectionTuple read = pipeline.apply("Ingest", IngestSources.of(specs));
 * read.get(IngestSources.IMAGES)
 *     .apply(FacetParquetIO.writePartitioned(ImageRow.class, "images").to(attempt));
 * }</pre>
 *
 * <p>Rejected are missing files, files and records that are not whole images, pairs that name an
 * unusable image, training images under two identities, and images that somebody asked to forget
 * (see {@link #leavingOut}). Images and people that are learnt from and measured on are told in
 * {@link #SHARED}, and stay where they are. Counters of this class: {@code samples}, {@code bytes},
 * {@code duplicates}, {@code rejects}, {@code conflicting-identities}, {@code
 * shared-with-verification} (images).
 *
 * <p>Each image is read twice: once to look at it, and, if it is the one of equal ones that is
 * kept, once to be written. So only names move between workers, never bytes of images. Packed files
 * are read in ranges of bytes: no task lists their images.
 */
public final class IngestSources extends PTransform<PBegin, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  /** Distinct images, keyed by the {@link io.facet.transforms.parquet.Partition} they belong to. */
  public static final TupleTag<KV<String, ImageRow>> IMAGES = new TupleTag<>("images") {};

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

  /** Images and people of training in sources that are measured on. */
  public static final TupleTag<SharedRow> SHARED = new TupleTag<>("shared") {};

  /** How much each split holds. */
  public static final TupleTag<SplitRow> SPLITS = new TupleTag<>("splits") {};

  /** Reason of an image that is not where its source says. */
  public static final String MISSING_FILE = "missing-file";

  static final String STAGE = "ingest";

  /** Images listed one by one that a task reads together. */
  private static final int CHUNK = 32;

  private static final TupleTag<Chunk> CHUNKS = new TupleTag<>("chunks") {};
  private static final TupleTag<ListedPair> LISTED_PAIRS = new TupleTag<>("listed-pairs") {};
  private static final TupleTag<ListedFace> LISTED_FACES = new TupleTag<>("listed-faces") {};

  private final List<SourceSpec> specs;
  private final ForgottenImages forgotten;

  /** Where the work is counted; null: nowhere. */
  private final String attempt;

  private IngestSources(List<SourceSpec> specs, ForgottenImages forgotten, String attempt) {
    this.specs = List.copyOf(specs);
    this.forgotten = forgotten;
    this.attempt = attempt;
  }

  /**
   * Reads these sources, listed in the order of preference: of the landmarks that several know for
   * one image, the first ones are kept.
   */
  public static IngestSources of(List<SourceSpec> specs) {
    return new IngestSources(specs, ForgottenImages.NONE, null);
  }

  /**
   * The same without the images that somebody asked to forget: each is a reject with the reason
   * {@link ForgottenImages#REASON} and neither name nor id.
   */
  public IngestSources leavingOut(ForgottenImages images) {
    return new IngestSources(specs, images, attempt);
  }

  /** The same, with the images listed and read counted into this attempt, see {@link CountWork}. */
  public IngestSources countingInto(String attemptUri) {
    return new IngestSources(specs, forgotten, attemptUri);
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

  @Override
  public PCollectionTuple expand(PBegin begin) {
    PCollectionTuple listed =
        begin
            .apply("Sources", Create.of(numbered()))
            .apply(
                "List",
                ParDo.of(new ListFn(specs))
                    .withOutputTags(
                        CHUNKS,
                        TupleTagList.of(
                            List.of(
                                LISTED_PAIRS, LISTED_FACES, TEMPLATE_PAIRS, TEMPLATE_SUBJECTS))));
    PCollection<Chunk> chunks = listed.get(CHUNKS);
    PCollectionTuple read =
        counted(chunks, "CountListed", uri -> CountWork.expected(uri, Chunk::images))
            .apply("LookAtImages", new LookAtImages(new ReadOutputs(specs, forgotten)));
    PCollection<SeenImage> seen = counted(read.get(ReadOutputs.SEEN), "CountRead", CountWork::done);
    SharedData sharedData = new SharedData(specs);
    PCollectionTuple samples = seen.apply("ResolveImages", new ResolveImages(sharedData));
    PCollection<KV<String, ImageRow>> images =
        samples.get(ResolveImages.KEPT).apply("KeptImages", KeptImages.of(chunks, specs));
    PCollection<SharedRow> shared =
        PCollectionList.of(samples.get(SHARED))
            .and(
                seen.apply(
                        "SeenSamples",
                        MapElements.into(TypeDescriptor.of(SampleRow.class)).via(SeenImage::sample))
                    .apply("SharedPeople", sharedData.people()))
            .apply("AllShared", Flatten.pCollections());
    PCollection<KV<String, String>> names =
        PCollectionList.of(samples.get(SAMPLES))
            .and(read.get(ReadOutputs.FORGOTTEN))
            .apply("Named", Flatten.pCollections())
            .apply("ListedNames", new ListedNames(specs));
    PCollectionTuple pairs =
        listed.get(LISTED_PAIRS).apply("ResolvePairs", ResolvePairs.with(names));
    PCollectionTuple templates =
        listed.get(LISTED_FACES).apply("ResolveTemplates", ResolveTemplates.with(names));
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
        .and(REJECTS, rejects)
        .and(SHARED, shared)
        .and(SPLITS, samples.get(SAMPLES).apply("CountSplits", new CountSplits()));
  }

  private List<Integer> numbered() {
    return IntStream.range(0, specs.size()).boxed().toList();
  }

  private static final class ListFn extends DoFn<Integer, Chunk> {
    private static final long serialVersionUID = 1L;

    private final List<SourceSpec> specs;

    ListFn(List<SourceSpec> specs) {
      this.specs = specs;
    }

    @ProcessElement
    public void list(@Element Integer number, MultiOutputReceiver out) throws IOException {
      SourceSpec spec = specs.get(number);
      SourceListing listing = spec.list();
      List<SourceSample> samples = listing.samples();
      for (int from = 0; from < samples.size(); from += CHUNK) {
        int to = Math.min(from + CHUNK, samples.size());
        out.get(CHUNKS).output(Chunk.of(number, samples.subList(from, to)));
      }
      for (PackedFile file : listing.files()) {
        file.ranges().forEach(range -> out.get(CHUNKS).output(Chunk.of(number, range)));
      }
      if (!spec.isTraining()) {
        listing.pairs().forEach(pair -> out.get(LISTED_PAIRS).output(pair(spec.split(), pair)));
        listing.templates().ifPresent(lists -> templates(spec.split(), lists, out));
      }
    }

    private static ListedPair pair(String set, NamedPair pair) {
      return new ListedPair(
          set, pair.position(), pair.fold(), pair.left(), pair.right(), pair.same());
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
