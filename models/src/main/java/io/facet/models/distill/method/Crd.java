package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.tensor.TorchOps;

/**
 * CRD: an embedding of the student must agree with the teacher's memory of the same image and not
 * with its memories of other identities, and the other way round.
 *
 * <p>Both sides keep a row of memory for every image of the training set.
 *
 * <p>{@code loss = -1/B sum [ln(p / (p + K/N + 1e-7)) + sum_neg ln(K/N / (q + K/N + 1e-7))]} on
 * both sides, p and q being {@code exp(cos / temperature)} of the sample's own and K other rows of
 * the other side's memory (N, m), divided by their mean in the first batch times N.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "crd",
    version = 1,
    summary = "contrast with memories of all images, kept for student and teacher",
    source = "Tian et al., CRD, ICLR 2020, arXiv 1910.10699; code of HobbitLong/RepDistiller")
public final class Crd implements DistillationMethod<Crd.Options> {
  /** Keeps the logarithms' denominators above 0. */
  private static final double SMALL = 1e-7;

  /** Options of the method. */
  public record Options(
      @Description(
              value = "weight of both contrastive terms",
              range = "[0, inf)",
              defaultValue = "0.8",
              source = "RepDistiller, scripts/run_cifar_distill.sh")
          double weight,
      @Description(
              value = "temperature the cosines are divided by",
              range = "[0.02, 100]",
              defaultValue = "0.07",
              source = "RepDistiller, crd/criterion.py")
          double temperature,
      @Description(
              value =
                  "images of other identities each sample is held against, drawn anew each step, with repetition",
              range = "[1, 1000000]",
              defaultValue = "16384",
              source = "RepDistiller, crd/criterion.py; it repeats only where images are few")
          int negatives,
      @Description(
              value = "width both embeddings are mapped to",
              range = "[1, 4096]",
              defaultValue = "128",
              source = "RepDistiller, crd/criterion.py")
          int featureWidth,
      @Description(
              value = "share of the old row when an image's memory is renewed",
              range = "[0, 1]",
              defaultValue = "0.5",
              source = "RepDistiller, crd/memory.py",
              formerly = "memoryMomentum")
          double momentum,
      @Description(
              value =
                  "largest size of both memories together, 8 bytes for each image and unit of width; they are in every checkpoint",
              range = "[1, 1900]",
              defaultValue = "1024")
          int memoryLimitMegabytes,
      @Description(
              value = "weight of the identity term beside it",
              range = "[0, inf)",
              defaultValue = "1",
              source = "RepDistiller, scripts/run_cifar_distill.sh")
          double identityWeight)
      implements IdentityTerm {}

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return new CrdSession(options, setup);
  }

  /**
   * Agreement of embeddings with rows of a memory: {@code exp(cosine / temperature)}.
   *
   * @param embeddings unit rows, {@code (B, d)}
   * @param memory unit rows, {@code (N, d)}, without gradients
   * @param rows which rows of it, int64 {@code (B, K + 1)}
   * @return {@code (B, K + 1)}
   */
  static NDArray agreement(NDArray embeddings, NDArray memory, NDArray rows, double temperature) {
    return cosines(embeddings, memory, rows).div(temperature).exp();
  }

  /** By whichever way needs fewer numbers: all rows first, or the wanted rows side by side. */
  private static NDArray cosines(NDArray embeddings, NDArray memory, NDArray rows) {
    long width = embeddings.getShape().get(1);
    Shape wanted = rows.getShape();
    if (memory.getShape().get(0) <= wanted.get(1) * width) {
      return ai.djl.nn.core.Linear.linear(embeddings, memory, null).head().gather(rows, 1);
    }
    return TorchOps.rows(memory, rows.flatten())
        .reshape(wanted.get(0), wanted.get(1), width)
        .batchMatMul(embeddings.expandDims(2))
        .squeeze(2);
  }

  /**
   * The loss of one side: {@code -1/B sum [ln(p / (p + K/N + 1e-7)) + sum over negatives ln(K/N /
   * (q + K/N + 1e-7))]}.
   *
   * @param probabilities normalised agreement, {@code (B, K + 1)}: first the sample's own row (p),
   *     then the negatives (q)
   * @param samples N, images of the training set
   * @return a scalar
   */
  static NDArray loss(NDArray probabilities, long samples) {
    long negatives = probabilities.getShape().get(1) - 1;
    double noise = (double) negatives / samples;
    NDArray own = probabilities.get(":, 0");
    NDArray others = probabilities.get(":, 1:");
    NDArray found = own.div(own.add(noise + SMALL)).log();
    NDArray rejected = others.add(noise + SMALL).div(noise).log().neg().sum(new int[] {1});
    return found.add(rejected).mean().neg();
  }
}
