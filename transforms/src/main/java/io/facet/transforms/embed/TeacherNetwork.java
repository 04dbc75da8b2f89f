package io.facet.transforms.embed;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import io.facet.models.backbone.Features;
import io.facet.models.backbone.Network;
import io.facet.models.backbone.PromptableNetwork;
import io.facet.models.device.DeviceChoice;
import io.facet.models.face.CropTensor;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.prompt.PromptSet;
import io.facet.models.tensor.HostArray;
import io.facet.models.tensor.NewArray;
import io.facet.models.tensor.TensorScope;
import io.facet.models.tensor.Torch;
import io.facet.models.train.teacher.FeatureType;
import io.facet.models.weights.ModelFile;
import io.facet.transforms.row.FaceCrop;
import io.facet.transforms.row.FeatureRow;
import io.facet.transforms.shared.StoredTensors;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** A network as a teacher, with its taps and prompts. */
final class TeacherNetwork implements FaceOutputs {
  private final NDManager manager = Torch.newManager();
  private final Network network;
  private final Preprocessing preprocessing;
  private final Set<String> taps;
  private final FeatureType type;
  private final PromptSet prompts;

  TeacherNetwork(TeacherModel teacher, byte[] bytes) throws IOException {
    ModelFile model = ModelFile.read(bytes, teacher.uri());
    network = model.open(manager);
    Device device = DeviceChoice.of(teacher.device()).device();
    network.to(device);
    preprocessing = model.preprocessing();
    taps = new TreeSet<>(teacher.taps());
    type = teacher.type();
    if (teacher.promptTokens() == 0) {
      prompts = null;
    } else if (network instanceof PromptableNetwork promptable) {
      prompts =
          PromptSet.of(
              promptable, teacher.promptTokens(), manager, StoredTensors.values(teacher.prompts()));
      prompts.to(device);
    } else {
      throw new DataException(
          "%s holds a %s, which takes no prompts; choose a transformer teacher such as vit"
              .formatted(teacher.uri(), model.backbone().key()));
    }
  }

  @Override
  public synchronized List<FeatureRow> features(List<FaceCrop> faces, boolean mirrored) {
    FloatBuffer pixels = FloatBuffer.allocate(FaceBatches.SIZE * CropTensor.size(preprocessing));
    for (Pixels crop : EmbedFaces.decode(faces)) {
      CropTensor.put(crop, preprocessing, mirrored, pixels);
    }
    try (TensorScope scope = TensorScope.inference(manager, network)) {
      NDArray images =
          NewArray.of(
              scope.manager(),
              network.device(),
              FloatBuffer.wrap(pixels.array()),
              new Shape(FaceBatches.SIZE).addAll(network.inputShape()));
      Features features = forward(scope, images);
      Map<String, NDArray> outputs = new LinkedHashMap<>();
      outputs.put(FeatureRow.EMBEDDING, features.embedding());
      taps.forEach(tap -> outputs.put(tap, features.tap(tap)));
      List<FeatureRow> rows = new ArrayList<>();
      outputs.forEach((tap, values) -> add(rows, faces, mirrored, tap, values));
      return rows;
    }
  }

  private Features forward(TensorScope scope, NDArray images) {
    if (prompts == null) {
      return network.forward(images, taps, false);
    }
    scope.lend(prompts);
    return ((PromptableNetwork) network).forward(images, prompts.arrays(), taps, false);
  }

  private void add(
      List<FeatureRow> rows, List<FaceCrop> faces, boolean mirrored, String tap, NDArray values) {
    long[] whole = values.getShape().getShape();
    int[] shape = Arrays.stream(whole).skip(1).mapToInt(Math::toIntExact).toArray();
    int size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    float[] flat = HostArray.floats(values);
    int view = mirrored ? FeatureRow.MIRRORED : FeatureRow.PLAIN;
    for (int i = 0; i < faces.size(); i++) {
      rows.add(
          FeatureRow.of(
              faces.get(i).faceId(),
              view,
              tap,
              shape,
              Arrays.copyOfRange(flat, i * size, (i + 1) * size),
              type));
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
