package io.facet.models.embed;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.tensor.HostArray;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.weights.ModelFile;
import java.nio.FloatBuffer;
import java.util.List;

/** Embeds with a network on PyTorch; one batch at a time, so one copy serves all threads. */
public final class NetworkEmbedder implements Embedder {
  private final NDManager manager = Torch.newManager();
  private final Network network;
  private final Preprocessing preprocessing;
  private final int batchSize;

  /**
   * Embeds with a network that lives elsewhere and outlives this.
   *
   * @param batchSize crops of one forward pass; results may differ in the last bits with it
   * @throws DataException if the network takes another input size than the contract says
   */
  public NetworkEmbedder(Network network, Preprocessing preprocessing, int batchSize) {
    Shape contract = new Shape(3, preprocessing.height(), preprocessing.width());
    if (!network.inputShape().equals(contract)) {
      throw new DataException(
          "the network takes %s, its preprocessing gives %s; correct the preprocessing"
              .formatted(network.inputShape(), contract));
    }
    this.network = network;
    this.preprocessing = preprocessing;
    this.batchSize = batchSize;
  }

  /** Embeds with the network of a model file. */
  public static NetworkEmbedder open(ModelFile model, int batchSize) {
    NetworkEmbedder embedder =
        new NetworkEmbedder(Backbone.create(model.backbone()), model.preprocessing(), batchSize);
    embedder.network.load(embedder.manager, model.weights());
    return embedder;
  }

  @Override
  public int embeddingSize() {
    return network.embeddingSize();
  }

  @Override
  public Preprocessing preprocessing() {
    return preprocessing;
  }

  @Override
  public float[][] embed(List<Pixels> crops) {
    return FixedBatches.embed(crops, preprocessing, batchSize, this::forward);
  }

  private synchronized float[] forward(FloatBuffer images) {
    try (TensorScope scope = TensorScope.inference(manager, network)) {
      NDArray input =
          NewArray.of(
              scope.manager(),
              network.device(),
              images,
              new Shape(batchSize).addAll(network.inputShape()));
      return HostArray.floats(network.embed(input, false));
    }
  }

  /** Frees the network too if it came from a model file. */
  @Override
  public void close() {
    manager.close();
  }
}
