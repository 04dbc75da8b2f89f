package io.facet.transforms.embed;

import io.facet.models.DataException;
import io.facet.models.embed.AnyEmbedder;
import io.facet.models.embed.Embedder;
import io.facet.models.face.ImageDecoder;
import io.facet.models.face.ImageException;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing.FlipFusion;
import io.facet.models.protocol.EmbeddingMath;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.row.EmbeddingRow;
import io.facet.transforms.row.FaceCrop;
import io.facet.transforms.shared.SharedModels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PCollection;

/**
 * Embeds faces with a model file or a frozen model: L2-normalised embeddings, flip fusion as the
 * model's preprocessing or {@link #with(FlipFusion)} says. The model is loaded once for all threads
 * of a worker.
 *
 * <p>The same faces give the same bits whatever the parallelism and the order of arrival.
 *
 * <pre>{@code
 * faces.apply("Embed", EmbedFaces.with("cakd#1", modelUri, rows))
 * }</pre>
 */
public final class EmbedFaces extends PTransform<PCollection<FaceCrop>, PCollection<EmbeddingRow>> {
  private static final long serialVersionUID = 1L;

  private final String model;
  private final String modelUri;
  private final long rows;

  /** Null: as the model says. */
  private final FlipFusion fusion;

  private final boolean raw;

  private EmbedFaces(String model, String modelUri, long rows, FlipFusion fusion, boolean raw) {
    this.model = model;
    this.modelUri = modelUri;
    this.rows = rows;
    this.fusion = fusion;
    this.raw = raw;
  }

  /**
   * Embeds with a model.
   *
   * @param model its name in the rows
   * @param modelUri of its model file
   * @param rows size of the table the faces come from; decides how they are divided
   */
  public static EmbedFaces with(String model, String modelUri, long rows) {
    return new EmbedFaces(model, modelUri, rows, null, false);
  }

  /** The same with this use of the mirror image, whatever the model's preprocessing says. */
  public EmbedFaces with(FlipFusion wanted) {
    return new EmbedFaces(model, modelUri, rows, wanted, raw);
  }

  /** The same with embeddings as the network gives them; {@link #normalised} makes them unit. */
  public EmbedFaces raw() {
    return new EmbedFaces(model, modelUri, rows, fusion, true);
  }

  /** An embedding of {@link #raw} as a unit vector: the bits that it has without. */
  public static EmbeddingRow normalised(EmbeddingRow row) {
    return new EmbeddingRow(row.model(), row.faceId(), EmbeddingMath.normalise(row.values()));
  }

  @Override
  public PCollection<EmbeddingRow> expand(PCollection<FaceCrop> faces) {
    return faces
        .apply("Batches", FaceBatches.forRows(rows))
        .apply("Embed", ParDo.of(new EmbedFn(model, modelUri, fusion, raw)));
  }

  /**
   * The decoded crops of some faces.
   *
   * @throws DataException naming a face that is no image
   */
  public static List<Pixels> decode(List<FaceCrop> faces) {
    List<Pixels> crops = new ArrayList<>();
    for (FaceCrop face : faces) {
      try {
        crops.add(ImageDecoder.decode(face.crop()));
      } catch (ImageException e) {
        throw new DataException("face %s: %s".formatted(face.faceId(), e.getMessage()), e);
      }
    }
    return crops;
  }

  private static final class EmbedFn extends DoFn<List<FaceCrop>, EmbeddingRow> {
    private static final long serialVersionUID = 1L;

    private final String model;
    private final String modelUri;
    private final FlipFusion fusion;
    private final boolean raw;
    private transient Embedder embedder;

    EmbedFn(String model, String modelUri, FlipFusion fusion, boolean raw) {
      this.model = model;
      this.modelUri = modelUri;
      this.fusion = fusion;
      this.raw = raw;
    }

    private String key() {
      return fusion == null ? modelUri : modelUri + " " + fusion;
    }

    private Embedder load() throws IOException {
      byte[] bytes = StoredFiles.read(modelUri);
      return fusion == null
          ? AnyEmbedder.open(bytes, modelUri, FaceBatches.SIZE, FaceOutputs.THREADS)
          : AnyEmbedder.open(bytes, modelUri, fusion, FaceBatches.SIZE, FaceOutputs.THREADS);
    }

    @Setup
    public void setUp() throws Exception {
      embedder = SharedModels.acquire(Embedder.class, key(), this::load);
    }

    @ProcessElement
    public void process(@Element List<FaceCrop> batch, OutputReceiver<EmbeddingRow> out) {
      float[][] embeddings = embedder.embed(decode(batch));
      for (int i = 0; i < batch.size(); i++) {
        EmbeddingRow row = new EmbeddingRow(model, batch.get(i).faceId(), embeddings[i]);
        out.output(raw ? row : normalised(row));
      }
    }

    @Teardown
    public void tearDown() throws Exception {
      if (embedder != null) {
        embedder = null;
        SharedModels.release(key());
      }
    }
  }
}
