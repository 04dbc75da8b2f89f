package io.facet.models.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.facet.models.tensor.HostArray;
import java.util.ArrayList;
import java.util.List;

/**
 * Losses and norms of the steps. On the host each is read as soon as it is there. Reading from a
 * GPU waits for all it has been given, so there they stay until the next line of history and are
 * read together.
 */
final class StepFigures implements AutoCloseable {
  private final NDManager manager;
  private final boolean host;
  private final Reader reader;
  private final List<Figure> kept = new ArrayList<>();

  private record Figure(long step, int[] images, String name, NDArray value) {}

  /** Takes in a figure once it is read. */
  @FunctionalInterface
  interface Reader {
    /**
     * One figure.
     *
     * @param step from 1
     * @param images of the step, by position in the training set
     */
    void read(long step, int[] images, String name, double value);
  }

  StepFigures(NDManager root, Device device, Reader reader) {
    manager = root.newSubManager();
    host = device.equals(Device.cpu());
    this.reader = reader;
  }

  /** Adds a scalar of a step; it may belong to the step's scope. */
  void add(long step, int[] images, String name, NDArray value) {
    if (host) {
      reader.read(step, images, name, HostArray.number(value));
    } else {
      NDArray constant = value.stopGradient();
      constant.attach(manager);
      kept.add(new Figure(step, images, name, constant));
    }
  }

  /** Reads what was kept, in the order it came. */
  void read() {
    if (kept.isEmpty()) {
      return;
    }
    List<Figure> figures = List.copyOf(kept);
    kept.clear();
    float[] values;
    try (NDList arrays = new NDList(figures.stream().map(Figure::value).toList());
        NDArray together = NDArrays.stack(arrays)) {
      values = HostArray.floats(together);
    }
    for (int i = 0; i < values.length; i++) {
      Figure figure = figures.get(i);
      reader.read(figure.step(), figure.images(), figure.name(), values[i]);
    }
  }

  @Override
  public void close() {
    manager.close();
  }
}
