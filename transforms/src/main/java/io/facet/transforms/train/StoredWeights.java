package io.facet.transforms.train;

import ai.djl.ndarray.NDManager;
import io.facet.models.DataException;
import io.facet.models.backbone.Network;
import io.facet.models.format.TensorFile;
import io.facet.models.format.WeightsFile;
import io.facet.models.tensor.Torch;
import io.facet.models.weights.WarmStart;
import io.facet.models.weights.WarmStartReport;
import io.facet.models.weights.WeightNaming;
import io.facet.transforms.file.StoredFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Weights files of any supported kind, on any of Beam's file systems. */
final class StoredWeights {
  private StoredWeights() {}

  /**
   * Values for a network that starts from a file.
   *
   * @param values of all its weights by name
   * @param report which of them came from the file
   */
  record Start(Map<String, float[]> values, WarmStartReport report) {}

  /**
   * The tensors of a file.
   *
   * @throws DataException if it is missing or malformed
   */
  static TensorFile read(String uri) throws IOException {
    Path local = Files.createTempFile("facet-weights", ".bin");
    try {
      Files.write(local, StoredFiles.read(uri));
      return WeightsFile.read(local);
    } catch (FileNotFoundException e) {
      throw new DataException(uri + ": weights file not found; correct the path or data.root", e);
    } catch (DataException e) {
      throw new DataException(e.getMessage().replace(local.toString(), uri), e);
    } finally {
      Files.delete(local);
    }
  }

  /** Fills a network without values: from the file where it fits, from the seed where not. */
  static Start into(Network network, TensorFile file, String uri, WeightNaming naming, long seed) {
    try (NDManager manager = Torch.newManager()) {
      network.initialise(manager, seed);
      WarmStartReport report = WarmStart.into(network, file, uri, naming);
      Map<String, float[]> values = network.save();
      network.close();
      return new Start(values, report);
    }
  }
}
