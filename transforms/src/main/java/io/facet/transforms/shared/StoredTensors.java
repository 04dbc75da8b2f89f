package io.facet.transforms.shared;

import io.facet.models.format.FloatTensor;
import io.facet.models.format.Safetensors;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/** Small safetensors files on any of Beam's file systems, such as prompts. */
public final class StoredTensors {
  private StoredTensors() {}

  /** The values of all tensors of a file, row-major, by name. */
  public static Map<String, float[]> values(String uri) throws IOException {
    Map<String, float[]> values = new TreeMap<>();
    for (FloatTensor tensor : Safetensors.read(StoredFiles.read(uri), uri).tensors().values()) {
      values.put(tensor.name(), tensor.values());
    }
    return values;
  }
}
