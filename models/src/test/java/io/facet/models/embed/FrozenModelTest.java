package io.facet.models.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import io.facet.models.DataException;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import io.facet.models.tensor.TinyModules;
import io.facet.models.tensor.Torch;
import io.facet.models.weights.ClassWeights;
import io.facet.models.weights.IdentityNames;
import io.facet.models.weights.ModelFile;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FrozenModelTest {
  private static final Preprocessing FUSED =
      Preprocessing.STANDARD.with(Preprocessing.FlipFusion.SUM);

  private static Pixels grey(int level) {
    byte[] bytes = new byte[112 * 112 * 3];
    Arrays.fill(bytes, (byte) level);
    return new Pixels(112, 112, bytes);
  }

  private static ModelFile tiny(Preprocessing preprocessing) {
    Selected<Backbone<?>> backbone =
        RecordBinder.select(
            Backbone.class, "mobilefacenet", "{\"width\": 0.125, \"embedding\": 8}");
    try (NDManager manager = Torch.newManager();
        Network network = Backbone.create(backbone)) {
      network.initialise(manager, 1);
      return ModelFile.of(backbone, preprocessing, network);
    }
  }

  private static FrozenModel torchScript(byte[] program) {
    return new FrozenModel(FrozenModel.Kind.TORCHSCRIPT, Preprocessing.STANDARD, program);
  }

  @Test
  void classWeightsComeBackWithWhoseTheyAre() {
    ClassWeights weights =
        new ClassWeights(
            3,
            new float[] {1, 2, 3, 4, 5, 6},
            Optional.of(IdentityNames.digest(List.of("ann", "bob"))));
    FrozenModel model =
        new FrozenModel(
            FrozenModel.Kind.TORCHSCRIPT,
            Preprocessing.STANDARD,
            TinyModules.meanColours(),
            Optional.of(weights));
    FrozenModel back = FrozenModel.read(model.bytes(), "colours.frozen");
    assertThat(back.program()).isEqualTo(model.program());
    assertThat(back.classifier().orElseThrow().rows()).isEqualTo(weights.rows());
    assertThat(back.classifier().orElseThrow().identities()).isEqualTo(weights.identities());
    assertThat(FrozenModel.read(torchScript(model.program()).bytes(), "plain").classifier())
        .isEmpty();
  }

  @Test
  void aTorchScriptModuleEmbedsCropsInBatches() {
    try (Embedder embedder = torchScript(TinyModules.meanColours()).open("colours.pt", 2, 1)) {
      assertThat(embedder.embeddingSize()).isEqualTo(3);
      float[][] rows = embedder.embed(List.of(grey(0), grey(255), grey(51)));
      assertThat(rows).hasNumberOfRows(3);
      assertThat(rows[0]).containsExactly(new float[] {-1, -1, -1}, within(1e-5f));
      assertThat(rows[1]).containsExactly(new float[] {1, 1, 1}, within(1e-5f));
      assertThat(rows[2]).containsExactly(new float[] {-0.6f, -0.6f, -0.6f}, within(1e-5f));
    }
    assertThat(torchScript(TinyModules.meanColours()).storedNumbers("colours.pt")).isZero();
  }

  @Test
  void aModuleForSingleFacesGetsThemOneByOne() {
    try (Embedder embedder = torchScript(TinyModules.singleFace()).open("single.pt", 4, 1)) {
      float[][] rows = embedder.embed(List.of(grey(0), grey(255)));
      assertThat(rows[0][0]).isCloseTo(-1, within(1e-5f));
      assertThat(rows[1][0]).isCloseTo(1, within(1e-5f));
    }
  }

  @Test
  void whatGivesNoEmbeddingsIsRefused() {
    assertThatThrownBy(() -> torchScript(TinyModules.maps()).open("maps.pt", 2, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("maps.pt does not give one embedding");
    assertThatThrownBy(() -> torchScript(new byte[] {1, 2, 3}).open("broken.pt", 2, 1))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("broken.pt is not a usable TorchScript file")
        .hasMessageNotContaining("\n");
  }

  @Test
  void anOnnxProgramStatesItsPreprocessingAndMayBeUsedWithoutFusion() {
    byte[] program = OnnxExport.bytes(tiny(FUSED));
    assertThat(FrozenModel.statedBy(FrozenModel.Kind.ONNX, program, "x")).contains(FUSED);
    FrozenModel single = new FrozenModel(FrozenModel.Kind.ONNX, Preprocessing.STANDARD, program);
    assertThat(single.storedNumbers("x")).isGreaterThan(1000);
    try (Embedder frozen = single.open("x", 2, 1);
        Embedder original = NetworkEmbedder.open(tiny(Preprocessing.STANDARD), 2)) {
      assertThat(OnnxExport.difference(original, frozen, List.of(grey(7), grey(200), grey(90))))
          .isLessThan(OnnxExport.TOLERANCE);
    }
  }

  @Test
  void theFileKeepsProgramAndContract() {
    FrozenModel model =
        new FrozenModel(FrozenModel.Kind.TORCHSCRIPT, FUSED, TinyModules.meanColours());
    byte[] bytes = model.bytes();
    assertThat(FrozenModel.isFrozen(bytes)).isTrue();
    assertThat(FrozenModel.isFrozen(model.program())).isFalse();
    assertThat(model.bytes()).isEqualTo(bytes);
    FrozenModel read = FrozenModel.read(bytes, "file");
    assertThat(read.kind()).isEqualTo(model.kind());
    assertThat(read.preprocessing()).isEqualTo(FUSED);
    assertThat(read.program()).isEqualTo(model.program());
    assertThatThrownBy(() -> FrozenModel.read(Arrays.copyOf(bytes, 200), "file"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("file is damaged");
  }

  @Test
  void stagesOpenModelFilesAndFrozenModelsAlike() {
    ModelFile model = tiny(Preprocessing.STANDARD);
    FrozenModel frozen =
        new FrozenModel(FrozenModel.Kind.ONNX, Preprocessing.STANDARD, OnnxExport.bytes(model));
    try (Embedder one = AnyEmbedder.open(model.bytes(), "model", 2, 1);
        Embedder other = AnyEmbedder.open(frozen.bytes(), "frozen", 2, 1)) {
      assertThat(OnnxExport.difference(one, other, List.of(grey(30), grey(140))))
          .isLessThan(OnnxExport.TOLERANCE);
    }
  }

  @Test
  void viewsAreEmbeddedWithoutTheirMirrorImages() {
    List<Pixels> crops = List.of(grey(30), grey(140));
    try (Embedder plain = NetworkEmbedder.open(tiny(Preprocessing.STANDARD), 2);
        Embedder fused = AnyEmbedder.open(tiny(FUSED).bytes(), "fused", 2, 1);
        Embedder views =
            AnyEmbedder.open(tiny(FUSED).bytes(), "fused", Preprocessing.FlipFusion.NONE, 2, 1)) {
      assertThat(OnnxExport.difference(plain, views, crops)).isLessThan(OnnxExport.TOLERANCE);
      assertThat(OnnxExport.difference(plain, fused, crops)).isGreaterThan(OnnxExport.TOLERANCE);
    }
  }
}
