package io.facet.transforms.ingest;

import io.facet.transforms.row.RejectRow;
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

  private final transient PCollection<KV<String, String>> images;

  private ResolveTemplates(PCollection<KV<String, String>> images) {
    this.images = images;
  }

  /** Looks names up as {@link ResolvePairs} does. */
  static ResolveTemplates with(PCollection<KV<String, String>> images) {
    return new ResolveTemplates(images);
  }

  @Override
  public PCollectionTuple expand(PCollection<IngestSources.ListedFace> faces) {
    PCollection<KV<String, IngestSources.ListedFace>> listed =
        faces.apply(
            "KeyFaces",
            WithKeys.<String, IngestSources.ListedFace>of(
                    face -> ListedNames.key(face.set(), face.name()))
                .withKeyType(TypeDescriptors.strings()));
    return listed
        .apply("FindImages", GroupBoth.with(images))
        .apply(
            "Found",
            ParDo.of(new FoundFn())
                .withOutputTags(IngestSources.TEMPLATES, TupleTagList.of(IngestSources.REJECTS)));
  }

  private static final class FoundFn
      extends DoFn<KV<String, Iterable<KV<String, IngestSources.ListedFace>>>, TemplateRow> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void find(
        @Element KV<String, Iterable<KV<String, IngestSources.ListedFace>>> name,
        MultiOutputReceiver out) {
      GroupBoth.lookUp(name.getValue(), (imageId, face) -> put(face, imageId, out));
    }

    private static void put(
        IngestSources.ListedFace face, String imageId, MultiOutputReceiver out) {
      if (imageId == null || imageId.isEmpty()) {
        out.get(IngestSources.REJECTS).output(reject(face, imageId != null));
      } else {
        out.get(IngestSources.TEMPLATES)
            .output(
                new TemplateRow(
                    face.set(),
                    face.position(),
                    face.template(),
                    face.medium(),
                    face.detectorScore(),
                    imageId));
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
