package io.facet.models.tensor;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import java.lang.reflect.Field;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Keeps the memory of closed arrays alive as long as a step.
 *
 * <p>DJL makes the second operand of {@code x.mul(3)} from a Java buffer, closes it at once and
 * drops the buffer. Autograd has kept the native array for the backward pass, so when the garbage
 * collector runs in between, the gradient is computed from freed memory: a wrong factor or NaN,
 * once in many steps (DJL 0.35.1; {@code mul}, {@code div}, {@code pow}, {@code maximum}, {@code
 * minimum} with a number). Seen from here, a closed array leaves its manager's table before it
 * drops the buffer: this table remembers the buffer until the manager itself is closed.
 */
final class BufferKeeper extends ConcurrentHashMap<String, AutoCloseable> {
  private static final long serialVersionUID = 1;
  private static final Field TABLE = field(BaseNDManager.class, "resources");
  private static final Field BUFFER = field(PtNDArray.class, "dataRef");

  @SuppressWarnings("serial") // lives and dies with a manager
  private final Queue<Object> buffers = new ConcurrentLinkedQueue<>();

  private BufferKeeper() {}

  /** Lets a manager that holds nothing yet keep buffers until it is closed. */
  static void serve(NDManager manager) {
    try {
      TABLE.set(manager, new BufferKeeper());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Field field(Class<?> owner, String name) {
    try {
      Field field = owner.getDeclaredField(name);
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("this version of DJL has no " + owner + "." + name, e);
    }
  }

  @Override
  public AutoCloseable remove(Object key) {
    AutoCloseable resource = super.remove(key);
    if (resource instanceof PtNDArray) {
      try {
        Object buffer = BUFFER.get(resource);
        if (buffer != null) {
          buffers.add(buffer);
        }
      } catch (IllegalAccessException e) {
        throw new IllegalStateException(e);
      }
    }
    return resource;
  }
}
