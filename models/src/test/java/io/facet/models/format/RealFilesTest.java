package io.facet.models.format;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import io.facet.models.RealData;
import io.facet.models.face.ImageDecoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Files of the field, as their makers wrote them. */
class RealFilesTest {
  @Test
  void readsACheckpointInTheLegacyContainer() {
    TensorFile checkpoint = PthFile.read(RealData.path("weights/xiaoccer_mobilefacenet_068.ckpt"));
    TensorFile converted =
        Safetensors.read(RealData.path("weights/xiaoccer_mobilefacenet_068.safetensors"));
    assertThat(checkpoint.tensors().keySet()).isEqualTo(converted.tensors().keySet());
    checkpoint
        .tensors()
        .forEach(
            (name, tensor) -> {
              FloatTensor expected = converted.tensors().get(name);
              assertThat(tensor.shape()).isEqualTo(expected.shape());
              assertThat(tensor.values()).isEqualTo(expected.values());
            });
  }

  @Test
  void readsAStateDict() {
    TensorFile file = PthFile.read(RealData.path("weights/foamliu_mobilefacenet.pt"));
    assertThat(file.tensors().get("conv1.0.weight").shape().getShape())
        .containsExactly(64, 3, 3, 3);
    assertThat(file.tensors()).hasSizeGreaterThan(250);
  }

  @Test
  void refusesQuantisedWeightsByName() {
    Path quantised = RealData.path("weights/edgeface_xs_q.pt");

    assertThatThrownBy(() -> PthFile.read(quantised))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("quantised");
  }

  @Test
  void readsATrainingSet() {
    Set<Long> identities = new HashSet<>();
    List<RecordIo.Image> images = new ArrayList<>();
    RecordIo.read(RealData.path("formats/faces_cfp_112x112/train.rec"), images::add);
    images.forEach(image -> identities.add(image.identity().orElseThrow()));
    assertThat(images).hasSize(2363);
    assertThat(identities).hasSize(169);
    assertThat(ImageDecoder.decode(images.get(2362).payload()).width()).isEqualTo(112);
  }

  @Test
  void readsVerificationSets() {
    PairsBin lfw = PairsBin.read(RealData.path("formats/lfw_dev_f1.bin"));
    assertThat(lfw.same()).hasSize(600);
    assertThat(lfw.same().stream().filter(same -> same)).hasSize(300);
    assertThat(ImageDecoder.decode(lfw.images().get(1199)).height()).isEqualTo(112);
    assertThat(PairsBin.read(RealData.path("formats/cfp_fp_dev_f7.bin")).same()).hasSize(695);
  }
}
