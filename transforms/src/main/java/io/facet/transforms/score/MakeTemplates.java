package io.facet.transforms.score;

import io.facet.models.protocol.IjbTemplates;
import io.facet.models.protocol.TemplateSum;
import io.facet.transforms.row.EmbeddingRow;
import io.facet.transforms.row.FaceId;
import io.facet.transforms.row.TemplateFeatureRow;
import io.facet.transforms.row.TemplateRow;
import io.facet.transforms.shared.GroupBoth;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Joins the embeddings of the faces of each template to its feature, template by template, in the
 * order of the list. A template none of whose faces has an embedding gives none.
 */
public final class MakeTemplates
    extends PTransform<PCollection<TemplateRow>, PCollection<TemplateFeatureRow>> {
  private static final long serialVersionUID = 1L;

  private final String model;
  private final IjbTemplates.Options options;
  private final transient PCollection<EmbeddingRow> embeddings;

  private MakeTemplates(
      String model, IjbTemplates.Options options, PCollection<EmbeddingRow> embeddings) {
    this.model = model;
    this.options = options;
    this.embeddings = embeddings;
  }

  /**
   * Makes templates with one model's embeddings.
   *
   * @param model its name in the rows
   * @param embeddings not normalised, one face an image
   */
  public static MakeTemplates with(
      String model, IjbTemplates.Options options, PCollection<EmbeddingRow> embeddings) {
    return new MakeTemplates(model, options, embeddings);
  }

  /** A face of a template with its embedding. */
  @SuppressWarnings("ArrayRecordComponent")
  record EmbeddedFace(
      String set, int position, int template, int medium, float detectorScore, float[] values)
      implements Serializable {}

  @Override
  public PCollection<TemplateFeatureRow> expand(PCollection<TemplateRow> faces) {
    PCollection<KV<String, EmbeddingRow>> byImage =
        embeddings.apply(
            "KeyEmbeddings",
            WithKeys.<String, EmbeddingRow>of(row -> FaceId.imageId(row.faceId()))
                .withKeyType(TypeDescriptors.strings()));
    PCollection<KV<String, TemplateRow>> listed =
        faces.apply(
            "KeyFaces", WithKeys.of(TemplateRow::imageId).withKeyType(TypeDescriptors.strings()));
    return listed
        .apply("Join", GroupBoth.with(byImage))
        .apply("Take", ParDo.of(new TakeFn()))
        .apply(
            "KeyByTemplate",
            WithKeys.<String, EmbeddedFace>of(face -> face.set() + "\n" + face.template())
                .withKeyType(TypeDescriptors.strings()))
        .apply("Group", GroupByKey.create())
        .apply("Sum", ParDo.of(new SumFn(model, options)));
  }

  private static final class TakeFn
      extends DoFn<KV<String, Iterable<KV<EmbeddingRow, TemplateRow>>>, EmbeddedFace> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void process(
        @Element KV<String, Iterable<KV<EmbeddingRow, TemplateRow>>> image,
        OutputReceiver<EmbeddedFace> out) {
      GroupBoth.lookUp(
          image.getValue(),
          (embedding, face) -> {
            if (embedding != null) { // else a reject of align
              out.output(embedded(face, embedding.values()));
            }
          });
    }

    private static EmbeddedFace embedded(TemplateRow face, float[] values) {
      return new EmbeddedFace(
          face.set(),
          face.position(),
          face.template(),
          face.medium(),
          face.detectorScore(),
          values);
    }
  }

  private static final class SumFn
      extends DoFn<KV<String, Iterable<EmbeddedFace>>, TemplateFeatureRow> {
    private static final long serialVersionUID = 1L;

    private final String model;
    private final IjbTemplates.Options options;

    SumFn(String model, IjbTemplates.Options options) {
      this.model = model;
      this.options = options;
    }

    @ProcessElement
    public void process(
        @Element KV<String, Iterable<EmbeddedFace>> template,
        OutputReceiver<TemplateFeatureRow> out) {
      List<EmbeddedFace> faces = new ArrayList<>();
      template.getValue().forEach(faces::add);
      faces.sort(Comparator.comparingInt(EmbeddedFace::position));
      TemplateSum sum = new TemplateSum(options);
      for (EmbeddedFace face : faces) {
        sum.add(face.medium(), face.values(), face.detectorScore());
      }
      out.output(
          new TemplateFeatureRow(
              model, faces.get(0).set(), faces.get(0).template(), sum.faces(), sum.unit()));
    }
  }
}
