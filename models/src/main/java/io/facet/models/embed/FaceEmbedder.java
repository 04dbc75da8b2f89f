package io.facet.models.embed;

import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.face.AlignOptions;
import io.facet.models.face.AlignmentResult;
import io.facet.models.face.FaceAligner;
import io.facet.models.face.FaceDetector;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.face.YuNetDetector;
import io.facet.models.option.CommandLineForm;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.protocol.EmbeddingMath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * From photographs to embeddings: finds the face, aligns it as the model was trained, embeds it.
 * Safe for use by many threads; close it when done.
 */
public final class FaceEmbedder implements AutoCloseable {
  private final Embedder model;
  private final FaceAligner aligner;

  private FaceEmbedder(Embedder model, FaceAligner aligner) {
    this.model = model;
    this.aligner = aligner;
  }

  /**
   * Opens a model for faces that are aligned already, 112x112 pixels.
   *
   * @param model a model of Facet, ONNX or TorchScript
   * @throws DataException if the file is missing or malformed
   */
  public static FaceEmbedder open(Path model) throws IOException {
    return of(opened(model), AlignOptions.with(RecordBinder.select(FaceDetector.class, "none")));
  }

  /**
   * Opens a model for photographs.
   *
   * @param model a model of Facet, ONNX or TorchScript
   * @param yunet weights of the detector YuNet, {@code yunet_n_dynamic.onnx}
   * @throws DataException if a file is missing or malformed
   */
  public static FaceEmbedder open(Path model, Path yunet) throws IOException {
    Selected<FaceDetector<?>> detector =
        CommandLineForm.parse(
            "detector", FaceDetector.class, new YuNetDetector().key() + ":" + yunet);
    return of(opened(model), AlignOptions.with(detector));
  }

  private static Embedder opened(Path model) throws IOException {
    return EmbedderLoader.open(model, RecordBinder.bindJson(EmbedderLoader.Described.class, "{}"));
  }

  /**
   * Puts an open model behind an alignment.
   *
   * @param model closed with the result, and here if this fails
   * @throws RecipeException if the model was trained on faces of another template
   * @throws DataException if the detector's weights are missing or wrong
   */
  public static FaceEmbedder of(Embedder model, AlignOptions align) {
    try {
      Preprocessing contract = model.preprocessing();
      if (!contract.template().equals(align.template().key())) {
        throw new RecipeException(
            "the model was trained on faces of template %s, not %s"
                .formatted(contract.template(), align.template().key()));
      }
      return new FaceEmbedder(model, FaceAligner.open(align));
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** Width d of an embedding. */
  public int embeddingSize() {
    return model.embeddingSize();
  }

  /**
   * The embedding of the face on a photograph, divided by its length, {@code (d)}.
   *
   * @throws DataException naming the file, if there is no face or the image cannot be read
   */
  public float[] embed(Path photograph) throws IOException {
    return embed(photograph.toString(), Files.readAllBytes(photograph));
  }

  /**
   * As {@link #embed(Path)}, from the bytes of an image file.
   *
   * @param name for the message
   */
  public float[] embed(String name, byte[] encoded) {
    AlignmentResult result = align(encoded);
    if (result instanceof AlignmentResult.Rejected rejected) {
      throw new DataException(
          "%s: %s: %s".formatted(name, rejected.reason().key(), rejected.detail()));
    }
    return embed(List.of(((AlignmentResult.Aligned) result).crop()))[0];
  }

  /** The aligned face of an image file, or the reason why there is none. */
  public AlignmentResult align(byte[] encoded) {
    return aligner.align(encoded);
  }

  /**
   * Every face of an image file aligned, the largest and most central first; see {@link #align}.
   */
  public List<AlignmentResult> alignAll(byte[] encoded) {
    return aligner.alignAll(encoded);
  }

  /** Embeddings of aligned faces, each divided by its length, {@code (N, d)}. */
  public float[][] embed(List<Pixels> crops) {
    float[][] rows = model.embed(crops);
    for (int i = 0; i < rows.length; i++) {
      rows[i] = EmbeddingMath.normalise(rows[i]);
    }
    return rows;
  }

  /** Cosine of two embeddings, in -1..1: the score that thresholds are about. */
  public static double similarity(float[] one, float[] other) {
    return EmbeddingMath.cosine(one, other);
  }

  @Override
  public void close() {
    try (aligner) {
      model.close();
    }
  }
}
