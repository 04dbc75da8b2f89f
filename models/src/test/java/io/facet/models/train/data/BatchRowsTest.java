package io.facet.models.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.models.DataException;
import io.facet.models.train.TinyFaces;
import io.facet.models.train.TinyStudent;
import io.facet.models.train.augment.Augmentations;
import io.facet.models.train.sampler.ShuffledOrder;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BatchRowsTest {
  private static final TinyFaces FACES = new TinyFaces(4, 6);
  private static final int BATCHES = 28;

  /** One and two numbers that tell crop and view. */
  private record Places(int missing) implements CropRows {
    @Override
    public Map<String, Integer> lengths() {
      return Map.of("one", 1, "two", 2);
    }

    @Override
    public void read(String name, int index, boolean mirrored, float[] target, int from) {
      if (index == missing) {
        throw new DataException("nothing is known of " + FACES.faceId(index));
      }
      target[from] = place(index, mirrored);
      if (name.equals("two")) {
        target[from + 1] = -place(index, mirrored);
      }
    }

    static float place(int index, boolean mirrored) {
      return 2 * index + (mirrored ? 1 : 0);
    }
  }

  private static BatchLoader loader(CropRows source) {
    ShuffledOrder order = new ShuffledOrder(FACES, 8, 3);
    return new BatchLoader(
        FACES,
        order,
        3,
        true,
        new Augmentations(List.of(), 3),
        TinyStudent.PREPROCESSING,
        Optional.empty(),
        List.of(source),
        true,
        3,
        order.batchesPerEpoch(),
        0,
        BATCHES);
  }

  @Test
  void aBatchBringsTheRowsOfItsCropsAndViews() throws Exception {
    Places source = new Places(-1);
    Set<float[]> arrays = Collections.newSetFromMap(new IdentityHashMap<>());
    try (BatchLoader loader = loader(source)) {
      for (int i = 0; i < BATCHES; i++) {
        Batch batch = loader.next();
        Map<String, float[]> values = batch.rows().get(source).values();
        for (int slot = 0; slot < batch.size(); slot++) {
          float place = Places.place(batch.indices()[slot], batch.mirrored()[slot]);
          assertThat(values.get("one")[slot]).isEqualTo(place);
          assertThat(values.get("two")[2 * slot]).isEqualTo(place);
          assertThat(values.get("two")[2 * slot + 1]).isEqualTo(-place);
        }
        arrays.addAll(values.values());
        loader.recycle(batch);
      }
    }
    assertThat(arrays).as("arrays in turn").hasSizeLessThanOrEqualTo(2 * 5);
  }

  @Test
  void aRowThatIsMissingStopsTraining() throws Exception {
    try (BatchLoader loader = loader(new Places(7))) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < BATCHES; i++) {
                  loader.recycle(loader.next());
                }
              })
          .isInstanceOf(DataException.class)
          .hasMessage("nothing is known of face-7");
    }
  }
}
