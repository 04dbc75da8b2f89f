package io.facet.models.embed;

import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import java.util.List;

/** Turns face crops into embeddings, whatever the model runs on. Safe for use by many threads. */
public interface Embedder extends AutoCloseable {
  /** Width d of an embedding. */
  int embeddingSize();

  /** How crops become the model's input, flip fusion included. */
  Preprocessing preprocessing();

  /**
   * Raw embeddings, not normalised; with flip fusion the sum of both views. A crop's bits depend
   * neither on the number of crops nor on its neighbours.
   *
   * @param crops aligned to the template of {@link #preprocessing}
   * @return one row of {@link #embeddingSize} values a crop
   */
  float[][] embed(List<Pixels> crops);

  @Override
  void close();
}
