package io.facet.models.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import io.facet.models.format.FloatTensor;
import io.facet.models.format.WeightsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** State dicts inside the checkpoints that trainers write. */
class CheckpointsTest {
  private static final Shape SHAPE = new Shape(1, 2);

  @TempDir Path folder;

  private Map<String, FloatTensor> read(TorchSave file) throws IOException {
    return WeightsFile.read(file.to(folder.resolve("checkpoint.pth"))).tensors();
  }

  private static TorchSave weights(TorchSave file, float first) {
    return file.begin().key("fc.weight").matrix(SHAPE, first, 2).end();
  }

  private static void assertTheWeights(Map<String, FloatTensor> tensors) {
    assertThat(tensors).containsOnlyKeys("fc.weight");
    assertThat(tensors.get("fc.weight").values()).containsExactly(1, 2);
  }

  @Test
  void weightsMayLieSeveralLevelsDown() throws IOException {
    TorchSave two = new TorchSave().begin().key("epoch").number(3).key("checkpoint").begin();
    assertTheWeights(read(weights(two.key("model"), 1).end().end()));
    TorchSave three = new TorchSave().begin().key("a").begin().key("b").begin();
    assertTheWeights(read(weights(three.key("c"), 1).end().end().end()));
  }

  @Test
  void theUsualNameIsChosenAmongSeveral() throws IOException {
    TorchSave file = new TorchSave().begin().key("ckpt").begin();
    weights(file.key("ema"), 9);
    weights(file.key("state_dict"), 1);
    assertTheWeights(read(file.end().end()));
  }

  @Test
  void severalSetsWithoutAUsualNameAreListed() throws IOException {
    TorchSave file = new TorchSave().begin().key("ckpt").begin();
    weights(file.key("left"), 9);
    weights(file.key("right"), 1);
    assertThatThrownBy(() -> read(file.end().end()))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("ckpt.left, ckpt.right");
  }

  @Test
  void countersSetsArraysAndOptionsStandBesideTheWeights() throws IOException {
    TorchSave file = new TorchSave().begin();
    file.key("best_accuracy").scalar(0.5f);
    file.key("ids").raw("c__builtin__\nset\n](K\u0001K\u0002e\u0085R");
    file.key("newer ids").raw("\u008f(K\u0001\u0090");
    file.key("frozen ids").raw("(K\u0001\u0091");
    file.key("mean")
        .raw(
            "cnumpy._core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\u0000\u0085U\u0001b\u0087R"
                + "(K\u0001K\u0001\u0085cnumpy\ndtype\nU\u0002u1\u0089\u0088\u0087R\u0089U\u0001xtb");
    file.key("options").raw("cargparse\nNamespace\n)\u0081}U\u0002lrK\u0001sb");
    file.key("by kind").raw("ccollections\ndefaultdict\nc__builtin__\nlist\n\u0085R");
    file.key("type").raw("ctorch\nfloat32\n");
    file.key("callbacks").raw("}(K\u0001K\u0002\u0086K\u0003u");
    assertTheWeights(read(weights(file.key("state_dict"), 1).end()));
  }

  @Test
  void aWholeModuleIsRefusedWithTheCure() {
    TorchSave file = new TorchSave().raw("c__main__\nNet\n)\u0081");
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("__main__.Net")
        .hasMessageContaining("torch.save(model.state_dict(), FILE)");
  }
}
