package io.facet.transforms.ingest;

import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.SampleRow;
import io.facet.transforms.row.TemplateRow;
import io.facet.transforms.shared.GroupBoth;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptors;

/** Turns faces of templates by names into images; one without a usable image becomes a reject. */
final class ResolveTemplates
    extends PTransform<PCollection<IngestSources.ListedFace>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  private final transient PCollection<SampleRow> samples;

  private ResolveTemplates(PCollection<SampleRow> samples) {
    this.samples = samples;
  }

  /** Looks names up as {@link ResolvePairs} does. */
  static ResolveTemplates with(PCollection<SampleRow> samples) {
    return new ResolveTemplates(samples);
  }

  @Override
  public PCollectionTuple expand(PCollection<IngestSources.ListedFace> faces) {
    PCollection<KV<String, SampleRow>> images =
        samples.apply(
            "KeySamples",
            WithKeys.<String, SampleRow>of(sample -> sample.split() + "\n" + sample.name())
                .withKeyType(TypeDescriptors.strings()));
    PCollection<KV<String, IngestSources.ListedFace>> listed =
        faces.apply(
            "KeyFaces",
            WithKeys.<String, IngestSources.ListedFace>of(face -> face.set() + "\n" + face.name())
                .withKeyType(TypeDescriptors.strings()));
    return listed
        .apply("FindImages", GroupBoth.with(images))
        .apply(
            "Found",
            ParDo.of(new FoundFn())
                .withOutputTags(IngestSources.TEMPLATES, TupleTagList.of(IngestSources.REJECTS)));
  }

  private static final class FoundFn
      extends DoFn<KV<String, Iterable<KV<SampleRow, IngestSources.ListedFace>>>, TemplateRow> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void find(
        @Element KV<String, Iterable<KV<SampleRow, IngestSources.ListedFace>>> name,
        MultiOutputReceiver out) {
      GroupBoth.lookUp(name.getValue(), (image, face) -> put(face, image, out));
    }

    private static void put(
        IngestSources.ListedFace face, SampleRow image, MultiOutputReceiver out) {
      if (image == null || image.imageId().isEmpty()) {
        out.get(IngestSources.REJECTS).output(reject(face, image != null));
      } else {
        out.get(IngestSources.TEMPLATES)
            .output(
                new TemplateRow(
                    face.set(),
                    face.position(),
                    face.template(),
                    face.medium(),
                    face.detectorScore(),
                    image.imageId()));
      }
    }

    private static RejectRow reject(IngestSources.ListedFace face, boolean forgotten) {
      return new RejectRow(
          IngestSources.STAGE,
          face.set(),
          "face %d of template %d".formatted(face.position(), face.template()),
          "",
          forgotten ? ForgottenImages.REASON : "unusable-template-face",
          forgotten
              ? ResolvePairs.ASKED
              : "its image '" + face.name() + "' is missing or was rejected");
    }
  }
}
