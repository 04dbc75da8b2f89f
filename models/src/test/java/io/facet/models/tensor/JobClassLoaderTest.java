package io.facet.models.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

/** Under Flink every job has a class loader of its own for Facet, while DJL is in the parent. */
class JobClassLoaderTest {
  @Test
  void operatorsWithGradientsWorkInOneJobAfterAnother() throws Exception {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try {
      for (int job = 0; job < 2; job++) {
        try (JobLoader loader = new JobLoader()) {
          Class<?> probe = loader.loadClass(Probe.class.getName());
          assertThat(probe).isNotSameAs(Probe.class);
          assertThat(probe.getMethod("slope").invoke(null)).isEqualTo(-3f);
        }
      }
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  /** What runs inside a job. */
  public static final class Probe {
    private Probe() {}

    /** d prelu(-3, a) / da. */
    public static float slope() {
      Thread.currentThread().setContextClassLoader(Probe.class.getClassLoader());
      try (NDManager base = Torch.newManager();
          TensorScope scope = TensorScope.training(base)) {
        NDArray slope = scope.manager().create(new float[] {0.25f});
        slope.setRequiresGradient(true);
        NDArray x = scope.manager().create(new float[] {-3}, new Shape(1, 1));
        scope.backward(TorchOps.prelu(x, slope).sum());
        return slope.getGradient().getFloat(0);
      }
    }
  }

  /** Loads Facet's classes itself and everything else from the parent. */
  private static final class JobLoader extends URLClassLoader {
    JobLoader() {
      super(
          new URL[] {location(TorchOps.class), location(Probe.class)},
          TorchOps.class.getClassLoader());
    }

    private static URL location(Class<?> type) {
      return type.getProtectionDomain().getCodeSource().getLocation();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.startsWith("io.facet.")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }
  }
}
