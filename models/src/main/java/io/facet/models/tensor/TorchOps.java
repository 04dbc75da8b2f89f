package io.facet.models.tensor;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Operators of PyTorch that DJL's {@link NDArray} lacks, with gradients. A result belongs to the
 * manager of the first argument, as everywhere in DJL.
 *
 * <p>Each is a method of one TorchScript module, called through DJL's public interface, so it also
 * works where DJL and Facet have different class loaders (a Flink job with DJL in {@code lib/}).
 * The script's own graph optimiser stays off: it would change bits between the first calls and the
 * later ones.
 */
public final class TorchOps {
  private static final String PROGRAM =
      """
      def relu(self: __torch__.Module_, x: Tensor) -> Tensor:
        return torch.relu(x)
      def relu6(self: __torch__.Module_, x: Tensor) -> Tensor:
        return torch.relu6(x)
      def prelu(self: __torch__.Module_, x: Tensor, slope: Tensor) -> Tensor:
        return torch.prelu(x, slope)
      def log_sigmoid(self: __torch__.Module_, x: Tensor) -> Tensor:
        return torch.log_sigmoid(x)
      def float32(self: __torch__.Module_, x: Tensor) -> Tensor:
        return torch.to(x, 6)
      def learns(self: __torch__.Module_, x: Tensor) -> Tensor:
        return torch.tensor(ops.prim.requires_grad(x), dtype=11)
      def keep_gradient(self: __torch__.Module_, x: Tensor) -> Tensor:
        torch.retain_grad(x)
        return torch.detach(x)
      def power(self: __torch__.Module_, x: Tensor, exponent: Tensor) -> Tensor:
        return torch.pow(x, float(exponent[0]))
      def gelu(self: __torch__.Module_, x: Tensor) -> Tensor:
        return torch.gelu(x)
      def solve(self: __torch__.Module_, a: Tensor, b: Tensor) -> Tensor:
        return torch.linalg_solve(a, b)
      def resize(self: __torch__.Module_, x: Tensor, side: Tensor) -> Tensor:
        return torch.upsample_bilinear2d(x, [int(side[0]), int(side[0])], False)
      def average_pool(self: __torch__.Module_, x: Tensor, side: Tensor) -> Tensor:
        return torch.adaptive_avg_pool2d(x, [int(side[0]), int(side[0])])
      def cross_entropy(self: __torch__.Module_, x: Tensor, labels: Tensor) -> Tensor:
        return torch.cross_entropy_loss(x, labels)
      def variance(self: __torch__.Module_, x: Tensor, axis: Tensor) -> Tensor:
        return torch.var(x, [int(axis[0])], unbiased=False, keepdim=True)
      def roll(self: __torch__.Module_, x: Tensor, how: Tensor) -> Tensor:
        return torch.roll(x, [int(how[0])], [int(how[1])])
      def channels_last(self: __torch__.Module_, x: Tensor) -> Tensor:
        return torch.contiguous(x, memory_format=2)
      def upload(self: __torch__.Module_, x: Tensor, there: Tensor) -> Tensor:
        return torch.to(x, ops.prim.device(there), ops.prim.dtype(x), True)
      def upload_pinned(self: __torch__.Module_, x: Tensor, there: Tensor) -> Tensor:
        return torch.to(torch.pin_memory(x), ops.prim.device(there), ops.prim.dtype(x), True)
      def rows(self: __torch__.Module_, index: Tensor, x: Tensor) -> Tensor:
        return torch.index_select(x, 0, index)
      def set_rows(self: __torch__.Module_, x: Tensor, index: Tensor, rows: Tensor) -> Tensor:
        return torch.index_copy_(x, 0, index, rows)
      def take_rows(self: __torch__.Module_, into: Tensor, index: Tensor, x: Tensor) -> Tensor:
        return torch.index_select(x, 0, index, out=into)
      def overwrite(self: __torch__.Module_, x: Tensor, values: Tensor) -> Tensor:
        return torch.copy_(x, values)
      def zero(self: __torch__.Module_, arrays: List[Tensor]) -> Tensor:
        torch._foreach_zero_(arrays)
        return arrays[0]
      def batch_norm(self: __torch__.Module_, x: Tensor, w: Tensor, b: Tensor, mean: Tensor, variance: Tensor, how: Tensor) -> Tensor:
        return torch.batch_norm(x, w, b, mean, variance, bool(how[0]), float(how[1]), float(how[2]), False)
      def batch_norm_plain(self: __torch__.Module_, x: Tensor, mean: Tensor, variance: Tensor, how: Tensor) -> Tensor:
        return torch.batch_norm(x, None, None, mean, variance, bool(how[0]), float(how[1]), float(how[2]), False)
      def fake_quantise(self: __torch__.Module_, x: Tensor, how: Tensor) -> Tensor:
        return torch.fake_quantize_per_tensor_affine(torch.to(x, 6), float(how[0]), int(how[1]), 0, 255)
      def fake_quantise_rows(self: __torch__.Module_, x: Tensor, scales: Tensor, how: Tensor) -> Tensor:
        return torch.fake_quantize_per_channel_affine(x, scales, torch.zeros_like(scales, dtype=3), 0, int(how[0]), int(how[1]))
      def weight_scales(self: __torch__.Module_, w: Tensor, largest: Tensor) -> Tensor:
        rows = torch.reshape(torch.detach(w), [torch.size(w, 0), -1])
        scales = torch.div(torch.amax(torch.abs(rows), [1]), float(largest[0]))
        return torch.where(torch.gt(scales, 0), scales, torch.ones_like(scales))
      def fold_factor(self: __torch__.Module_, gain: Tensor, variance: Tensor, epsilon: Tensor) -> Tensor:
        return torch.div(torch.to(gain, 7), torch.sqrt(torch.add(torch.to(variance, 7), float(epsilon[0]))))
      def fold_weight(self: __torch__.Module_, w: Tensor, factor: Tensor) -> Tensor:
        rows = torch.mul(torch.reshape(torch.to(w, 7), [torch.size(w, 0), -1]), torch.unsqueeze(factor, 1))
        return torch.reshape(torch.to(rows, 6), torch.size(w))
      def fold_bias(self: __torch__.Module_, bias: Tensor, mean: Tensor, factor: Tensor, shift: Tensor) -> Tensor:
        centred = torch.sub(torch.to(bias, 7), torch.to(mean, 7))
        return torch.to(torch.add(torch.mul(centred, factor), torch.to(shift, 7)), 6)
      def middle(self: __torch__.Module_, x: Tensor, how: Tensor) -> Tensor:
        numbers = torch.reshape(torch.slice(torch.detach(x), 0, 0, int(how[0])), [-1])
        lowest, places, = torch.topk(numbers, int(how[1]), 0, False, False)
        highest, places0, = torch.topk(numbers, int(how[1]), 0, True, False)
        return torch.stack([torch.max(lowest), torch.min(highest)])
      def clip_norm(self: __torch__.Module_, gradients: List[Tensor], maximum: Tensor) -> Tensor:
        norm = torch.linalg_vector_norm(torch.stack(torch._foreach_norm(gradients, 2)))
        scale = torch.clamp(torch.div(float(maximum[0]), torch.add(norm, 1e-06)), None, 1.)
        torch._foreach_mul_(gradients, scale)
        return norm
      def move_towards(self: __torch__.Module_, arrays: List[Tensor], targets: List[Tensor], how: Tensor) -> Tensor:
        torch._foreach_lerp_(arrays, targets, float(how[0]))
        return how
      def sgd(self: __torch__.Module_, weights: List[Tensor], gradients: List[Tensor], velocities: List[Tensor], how: Tensor) -> Tensor:
        torch._fused_sgd_(weights, gradients, velocities, weight_decay=float(how[1]), momentum=float(how[2]), lr=float(how[0]), dampening=0., nesterov=bool(how[3]), maximize=False, is_first_step=False)
        return how
      def sgd_plain(self: __torch__.Module_, weights: List[Tensor], gradients: List[Tensor], how: Tensor) -> Tensor:
        torch._fused_sgd_(weights, gradients, annotate(List[Tensor], []), weight_decay=float(how[1]), momentum=0., lr=float(how[0]), dampening=0., nesterov=False, maximize=False, is_first_step=False)
        return how
      def adamw(self: __torch__.Module_, weights: List[Tensor], gradients: List[Tensor], means: List[Tensor], squares: List[Tensor], steps: List[Tensor], how: Tensor) -> Tensor:
        torch._fused_adamw_(weights, gradients, means, squares, annotate(List[Tensor], []), steps, lr=float(how[0]), beta1=float(how[2]), beta2=float(how[3]), weight_decay=float(how[1]), eps=float(how[4]), amsgrad=False, maximize=False)
        return how
      """;

  private TorchOps() {}

  /** max(x, 0) + slope * min(x, 0); slope per channel (axis 1), {@code (C)}. */
  public static NDArray prelu(NDArray x, NDArray slope) {
    return call("prelu", x, slope);
  }

  /** max(x, 0). */
  public static NDArray relu(NDArray x) {
    return call("relu", x);
  }

  /** min(max(x, 0), 6). */
  public static NDArray relu6(NDArray x) {
    return call("relu6", x);
  }

  /** ln(1 / (1 + exp(-x))) without loss of digits at either end. */
  public static NDArray logSigmoid(NDArray x) {
    return call("log_sigmoid", x);
  }

  /** The same numbers as float32, with gradients. */
  public static NDArray float32(NDArray x) {
    return call("float32", x);
  }

  /** Whether derivatives flow into an array; DJL answers for leaves of the graph alone. */
  static boolean learns(NDArray x) {
    try (NDArray answer = call("learns", x)) {
      return answer.getBoolean();
    }
  }

  /**
   * Lets an array that is computed from others keep the gradient that reaches it, contiguous in
   * memory; that of a leaf would be copied to the leaf's own layout.
   */
  static void keepGradient(NDArray x) {
    call("keep_gradient", x).close();
  }

  /** x to the power of a number. */
  public static NDArray power(NDArray x, double exponent) {
    return call("power", x, constant(exponent));
  }

  /** x Phi(x) with the exact error function. */
  public static NDArray gelu(NDArray x) {
    return call("gelu", x);
  }

  /** Maps {@code (B, C, H, W)} at another, square size; bilinear, pixel areas aligned. */
  public static NDArray resize(NDArray x, int side) {
    return call("resize", x, constant(side));
  }

  /**
   * Maps {@code (B, C, H, W)} averaged down to a square; cell i is the mean of rows floor(i H /
   * side) to ceil((i + 1) H / side), columns alike.
   */
  public static NDArray averagePool(NDArray x, int side) {
    return call("average_pool", x, constant(side));
  }

  /** X of {@code A X = B}; A {@code (n, n)} invertible, B {@code (n, m)}, of one floating type. */
  public static NDArray solve(NDArray a, NDArray b) {
    return call("solve", a, b);
  }

  /** Mean over rows of the cross entropy; logits {@code (B, C)}, labels int64 {@code (B)}. */
  public static NDArray crossEntropy(NDArray logits, NDArray labels) {
    return call("cross_entropy", logits, labels);
  }

  /** Population variance along one axis, which stays with length 1. */
  public static NDArray variance(NDArray x, int axis) {
    return call("variance", x, constant(axis));
  }

  /** Cyclic shift along one axis; what leaves at the end comes back at the start. */
  public static NDArray roll(NDArray x, long shift, int axis) {
    return call("roll", x, constant(shift, axis));
  }

  /** The same values with the channels innermost in memory, {@code (B, C, H, W)}. */
  public static NDArray channelsLast(NDArray x) {
    return call("channels_last", x);
  }

  /**
   * Rows of {@code (N, ...)} by position, int64 {@code (M)}; a row may be asked for twice. The
   * result belongs to the manager of the index, so that tables may outlive the step.
   */
  public static NDArray rows(NDArray x, NDArray index) {
    return call("rows", index, x);
  }

  /**
   * Overwrites rows of {@code (N, ...)} in place, for state that takes no gradient.
   *
   * @param index positions, int64 {@code (M)}, each at most once
   * @param rows the new rows {@code (M, ...)}, without gradients
   */
  public static void setRows(NDArray x, NDArray index, NDArray rows) {
    call("set_rows", x, index, rows).close();
  }

  /**
   * Overwrites an array {@code (M, ...)} with rows of {@code (N, ...)}; call it without gradients.
   *
   * @param index positions, int64 {@code (M)}
   */
  public static void takeRows(NDArray into, NDArray index, NDArray x) {
    call("take_rows", into, index, x).close();
  }

  /**
   * Batch normalisation over all axes but 1. In training the running statistics are updated in
   * place: {@code running = (1 - momentum) running + momentum batch}.
   *
   * @param scale {@code (C)}, or null together with shift
   * @param shift {@code (C)}, or null together with scale
   */
  public static NDArray batchNormalise(
      NDArray x,
      NDArray scale,
      NDArray shift,
      NDArray runningMean,
      NDArray runningVariance,
      boolean training,
      double momentum,
      double epsilon) {
    NDArray how = constant(training ? 1 : 0, momentum, epsilon);
    return scale == null
        ? call("batch_norm_plain", x, runningMean, runningVariance, how)
        : call("batch_norm", x, scale, shift, runningMean, runningVariance, how);
  }

  /**
   * Scales gradients in place by {@code min(1, maximum / (norm + 1e-6))}, norm over all of them.
   *
   * @return the norm before, a scalar
   */
  public static NDArray clipNorm(List<NDArray> gradients, double maximum) {
    try (Names names = new Names()) {
      NDList inputs = names.list("gradients[]", gradients);
      inputs.add(constant(maximum));
      return invoke("clip_norm", inputs);
    }
  }

  /** Sets arrays to zero in place; there must be some. */
  static void zero(List<NDArray> arrays) {
    try (Names names = new Names()) {
      invoke("zero", names.list("arrays[]", arrays)).close();
    }
  }

  /** Gives an array the numbers of another one of its shape, from any device. */
  static void overwrite(NDArray x, NDArray values) {
    call("overwrite", x, values).close();
  }

  /** The layers of a {@link LayerSequence}, with their weights and numbers in its order. */
  static NDArray layers(NDArray x, List<NDArray> weights, List<Double> plan) {
    try (Names names = new Names()) {
      NDList inputs = new NDList(x);
      inputs.addAll(names.list("weights[]", weights));
      inputs.add(constant(plan));
      return invoke("layers", inputs);
    }
  }

  /** Moves arrays in place by a share in [0, 1] of the way to their targets. */
  public static void moveTowards(List<NDArray> arrays, List<NDArray> targets, double share) {
    try (Names names = new Names();
        NDArray how = numbers(arrays, share)) {
      NDList inputs = names.list("arrays[]", arrays);
      inputs.addAll(names.list("targets[]", targets));
      inputs.add(how);
      invoke("move_towards", inputs).close();
    }
  }

  /**
   * One SGD step in place; {@code velocities} are PyTorch's momentum buffers, zero at first.
   * Without momentum there are none, and PyTorch's kernel takes none.
   *
   * @param velocities one for each weight, or empty when the momentum is 0
   */
  public static void sgdStep(
      List<NDArray> weights,
      List<NDArray> gradients,
      List<NDArray> velocities,
      double rate,
      double decay,
      double momentum,
      boolean nesterov) {
    try (Names names = new Names();
        NDArray how = numbers(weights, rate, decay, momentum, nesterov ? 1 : 0)) {
      NDList inputs = names.list("weights[]", weights);
      inputs.addAll(names.list("gradients[]", gradients));
      inputs.addAll(names.list("velocities[]", velocities));
      inputs.add(how);
      invoke(velocities.isEmpty() ? "sgd_plain" : "sgd", inputs).close();
    }
  }

  /**
   * One AdamW step in place; {@code steps} hold the number of this step, from 1, each a float
   * scalar.
   */
  public static void adamWStep(
      List<NDArray> weights,
      List<NDArray> gradients,
      List<NDArray> means,
      List<NDArray> squares,
      List<NDArray> steps,
      double rate,
      double decay,
      double beta1,
      double beta2,
      double epsilon) {
    try (Names names = new Names();
        NDArray how = numbers(weights, rate, decay, beta1, beta2, epsilon)) {
      NDList inputs = names.list("weights[]", weights);
      inputs.addAll(names.list("gradients[]", gradients));
      inputs.addAll(names.list("means[]", means));
      inputs.addAll(names.list("squares[]", squares));
      inputs.addAll(names.list("steps[]", steps));
      inputs.add(how);
      invoke("adamw", inputs).close();
    }
  }

  /**
   * A copy of an array of the host on a device, which is closed; through pinned memory to a GPU, so
   * that nobody waits.
   */
  static NDArray upload(NDArray host, Device device) {
    NDArray there =
        Module.INSTANCE.places.computeIfAbsent(
            device, d -> NewArray.zeros(Module.INSTANCE.manager, d, new Shape()));
    try (host) {
      return call(device.isGpu() ? "upload_pinned" : "upload", host, there);
    }
  }

  private static NDArray numbers(List<NDArray> owner, double... values) {
    return owner.get(0).getManager().create(values);
  }

  static NDArray call(String method, NDArray... arguments) {
    return invoke(method, new NDList(arguments));
  }

  private static NDArray invoke(String method, NDList inputs) {
    Module module = Module.INSTANCE;
    JniUtils.setGraphExecutorOptimize(false);
    inputs.add(module.carrier(method));
    // "true" only means: no inference tensors; whether gradients flow is the thread's grad mode.
    return IValueUtils.forward(module.block, inputs, true).head();
  }

  /** Numbers that never change travel as small arrays, made once for each combination. */
  static NDArray constant(double... values) {
    return constant(Arrays.stream(values).boxed().toList());
  }

  private static NDArray constant(List<Double> values) {
    return Module.INSTANCE.constants.computeIfAbsent(
        values,
        key ->
            Module.INSTANCE.manager.create(
                key.stream().mapToDouble(Double::doubleValue).toArray()));
  }

  /** The loaded module; lives as long as the process. */
  private static final class Module {
    static final Module INSTANCE = new Module();

    final NDManager manager = Torch.newManager();
    final Map<List<Double>, NDArray> constants = new ConcurrentHashMap<>();
    final Map<Device, NDArray> places = new ConcurrentHashMap<>();
    private final Map<String, NDArray> carriers = new ConcurrentHashMap<>();
    final PtSymbolBlock block;

    Module() {
      try {
        block =
            JniUtils.loadModule(
                (PtNDManager) manager,
                new ByteArrayInputStream(TorchArchive.of(PROGRAM + LayerProgram.TEXT)),
                false,
                false);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** An array whose name tells DJL which method to run. */
    NDArray carrier(String method) {
      return carriers.computeIfAbsent(
          method,
          name -> {
            NDArray carrier = manager.create(0f);
            carrier.setName("module_method:" + name);
            return carrier;
          });
    }
  }

  /** Names arrays for one call, since DJL gathers arrays of one name into a list argument. */
  private static final class Names implements AutoCloseable {
    private final NDList named = new NDList();

    NDList list(String name, List<NDArray> arrays) {
      for (NDArray array : arrays) {
        array.setName(name);
        named.add(array);
      }
      return new NDList(arrays);
    }

    @Override
    public void close() {
      named.forEach(array -> array.setName(null));
    }
  }
}
