package io.facet.models.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.facet.models.DataException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * A piece of a network: named weights and named children, with PyTorch's dotted names ({@code
 * blocks.3.norm.weight}). Subclasses declare weights and children in their constructor and add a
 * {@code forward}.
 *
 * <p>Memory: a forward never closes its arguments; it closes or leaves to the step's manager what
 * it creates on the way. Results of DJL belong to the manager of their first operand, so during a
 * step the weights are lent to the step's manager ({@link #lend}): nothing then lands in the
 * manager that lives as long as the network.
 */
public abstract class Layer implements AutoCloseable {
  private final Map<String, Weight> own = new LinkedHashMap<>();
  private final Map<String, Layer> children = new LinkedHashMap<>();

  /** Declares a matrix or kernel: trained, with weight decay. */
  protected final Weight matrix(String name, Initialiser initialiser, long... shape) {
    return declare(name, new Weight(new Shape(shape), Weight.Kind.MATRIX, initialiser));
  }

  /** Declares a bias, scale, slope, table or token: trained, without weight decay. */
  protected final Weight vector(String name, Initialiser initialiser, long... shape) {
    return declare(name, new Weight(new Shape(shape), Weight.Kind.VECTOR, initialiser));
  }

  /** Declares a running statistic: saved, never trained. */
  protected final Weight buffer(String name, Initialiser initialiser, long... shape) {
    return declare(name, new Weight(new Shape(shape), Weight.Kind.BUFFER, initialiser));
  }

  private Weight declare(String name, Weight weight) {
    if (own.put(name, weight) != null) {
      throw new IllegalStateException("two weights named " + name);
    }
    return weight;
  }

  /** Declares a child; its weights are named {@code name.}... */
  protected final <L extends Layer> L child(String name, L layer) {
    if (children.put(name, layer) != null) {
      throw new IllegalStateException("two children named " + name);
    }
    return layer;
  }

  /** All weights below this layer, own first, children in order of declaration. */
  public final Map<String, Weight> weights() {
    Map<String, Weight> all = new LinkedHashMap<>();
    collect("", all);
    return all;
  }

  private void collect(String prefix, Map<String, Weight> into) {
    own.forEach((name, weight) -> into.put(prefix + name, weight));
    children.forEach((name, layer) -> layer.collect(prefix + name + ".", into));
  }

  /** All layers below this one by dotted name, parents before their children. */
  public final Map<String, Layer> layers() {
    Map<String, Layer> all = new LinkedHashMap<>();
    collectLayers("", all);
    return all;
  }

  private void collectLayers(String prefix, Map<String, Layer> into) {
    children.forEach(
        (name, layer) -> {
          into.put(prefix + name, layer);
          layer.collectLayers(prefix + name + ".", into);
        });
  }

  /** Number of trainable values. */
  public final long parameterCount() {
    return weights().values().stream()
        .filter(w -> w.kind() != Weight.Kind.BUFFER)
        .mapToLong(w -> w.shape().size())
        .sum();
  }

  /**
   * Draws every weight from the seed, on the host; each weight has a stream of its own, keyed by
   * its name.
   */
  public final void initialise(NDManager manager, long seed) {
    RandomGeneratorFactory<RandomGenerator> factory = RandomGeneratorFactory.of("L64X128MixRandom");
    weights()
        .forEach(
            (name, weight) -> {
              RandomGenerator random = factory.create(seed * 0x9E3779B97F4A7C15L + name.hashCode());
              float[] values = weight.initialiser().values(weight.shape(), random);
              weight.assign(Torch.array(manager, FloatBuffer.wrap(values), weight.shape()));
            });
  }

  /**
   * Replaces the values of every weight, where it is.
   *
   * @param values by full name, row-major, as long as the weight
   * @throws DataException if a weight is missing or has another size; the message names it
   */
  public final void load(NDManager manager, Map<String, float[]> values) {
    List<String> faults = new ArrayList<>();
    Map<String, Weight> weights = weights();
    weights.forEach(
        (name, weight) -> {
          float[] given = values.get(name);
          if (given == null) {
            faults.add("missing tensor '" + name + "' " + weight.shape());
          } else if (given.length != weight.shape().size()) {
            faults.add(
                "tensor '%s' has %d values, needs %d %s"
                    .formatted(name, given.length, weight.shape().size(), weight.shape()));
          }
        });
    if (!faults.isEmpty()) {
      throw new DataException(
          "weights do not fit the network: "
              + String.join("; ", faults.subList(0, Math.min(5, faults.size())))
              + (faults.size() > 5 ? " and " + (faults.size() - 5) + " more" : ""));
    }
    weights.forEach(
        (name, weight) ->
            weight.assign(
                Torch.array(manager, FloatBuffer.wrap(values.get(name)), weight.shape())));
  }

  /** A copy of every weight's values, by full name. */
  public final Map<String, float[]> save() {
    return save(name -> true);
  }

  /** The same for those weights whose names are wanted. */
  public final Map<String, float[]> save(Predicate<String> wanted) {
    Map<String, float[]> values = new LinkedHashMap<>();
    weights()
        .forEach(
            (name, weight) -> {
              if (wanted.test(name)) {
                values.put(name, HostArray.floats(weight.array()));
              }
            });
    return values;
  }

  /** Moves all weights to a device; forward passes then take their inputs there. */
  public final void to(Device device) {
    weights().values().forEach(weight -> weight.to(device));
  }

  /** Where the weights are; the host for a layer that has none. */
  public final Device device() {
    return weights().values().stream()
        .findFirst()
        .map(weight -> weight.array().getDevice())
        .orElse(Device.cpu());
  }

  /** Freezes or unfreezes all parameters below this layer. */
  public final void setTrainable(boolean trainable) {
    weights().values().forEach(weight -> weight.setTrainable(trainable));
  }

  /**
   * Lends all weights to the manager of one step; closing that manager gives them back. Every
   * forward runs inside a loan. Do not lend twice at the same time.
   */
  public final void lend(NDManager step) {
    weights().values().forEach(weight -> weight.lend(step));
  }

  /**
   * Frees an intermediate result that nothing reads any more (autograd keeps what it needs) and
   * returns the one made from it. Peak memory of training falls by a third or more.
   */
  protected static NDArray replace(NDArray used, NDArray result) {
    used.close();
    return result;
  }

  /** Frees the native memory of all weights. */
  @Override
  public void close() {
    weights().values().forEach(Weight::close);
  }
}
