package io.facet.models.distill.method;

import ai.djl.ndarray.NDArray;
import com.google.auto.service.AutoService;
import io.facet.models.distill.DistillationMethod;
import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.MethodSession;
import io.facet.models.distill.MethodSetup;
import io.facet.models.distill.StepInputs;
import io.facet.models.distill.TermLosses;
import io.facet.models.distill.part.BatchPairs;
import io.facet.models.distill.part.Triplets;
import io.facet.models.option.Description;
import io.facet.models.option.Named;
import io.facet.models.tensor.HostArray;
import io.facet.models.tensor.L2Normalise;
import io.facet.models.tensor.TorchOps;
import java.util.Map;

/**
 * TripletDistillation: a triplet loss whose margin grows with the distance the teacher sees between
 * the two identities.
 *
 * <p>It needs several faces of an identity in a batch: train it with the sampler {@code balanced}.
 */
@AutoService(DistillationMethod.class)
@Named(
    key = "triplet-distillation",
    version = 1,
    summary = "triplets with margins from the teacher's distances; wants the sampler balanced",
    source = "Feng et al., Triplet Distillation, 2019; code of david-svitov/margindistillation")
public final class TripletDistillation implements DistillationMethod<TripletDistillation.Options> {
  /** Keeps the slope of the angle finite. */
  private static final double NEAR_ONE = 1 - 1e-6;

  /** How far two directions are from each other. */
  public enum Form {
    /** Squared distance. */
    L2,
    /** Angle in radians. */
    COS
  }

  /** Options of the method. */
  public record Options(
      @Description(
              value = "distance of two directions: l2, squared; cos, the angle",
              defaultValue = "l2",
              source = "david-svitov/margindistillation")
          Form form,
      @Description(
              value =
                  "margin of a triplet in which the teacher sees the identities no further apart",
              range = "[0, 4]",
              defaultValue = "0.2",
              source = "david-svitov/margindistillation config.py")
          double smallestMargin,
      @Description(
              value = "margin of the batch's triplet the teacher separates best",
              range = "[0, 4]",
              defaultValue = "0.5",
              source = "david-svitov/margindistillation config.py")
          double largestMargin,
      @Description(
              value =
                  "negatives of an anchor and positive: all of the batch, or the student's nearest",
              defaultValue = "all",
              source = "reconstructed; the reference draws from bags of 7200")
          Triplets.Negatives negatives,
      @Description(
              value = "weight of the triplet term",
              range = "[0, inf)",
              defaultValue = "1",
              source = "david-svitov/margindistillation")
          double weight,
      @Description(
              value = "weight of the identity term beside it; 0 trains by triplets alone",
              range = "[0, inf)",
              defaultValue = "0",
              source = "david-svitov/margindistillation: fine-tunes a trained student")
          double identityWeight)
      implements IdentityTerm {}

  @Override
  public boolean readsLabels(Options options) {
    return true;
  }

  @Override
  public MethodSession open(Options options, MethodSetup setup) {
    return new Session(options);
  }

  /**
   * Distances of all pairs of directions.
   *
   * @param embeddings raw, {@code (B, d)}
   * @return {@code (B * B)}, row by row
   */
  static NDArray distances(NDArray embeddings, Form form) {
    NDArray directions = L2Normalise.of(embeddings);
    NDArray cosines = directions.matMul(directions.transpose());
    if (form == Form.COS) {
      return angles(cosines).flatten();
    }
    // Lengths are 1, or 0 for an embedding without direction.
    NDArray squares = directions.square().sum(new int[] {1}, true);
    return squares.add(squares.transpose()).sub(cosines.mul(2)).flatten();
  }

  /** Exact angles, with the slope of angles a little off 0 and pi, where it would be infinite. */
  private static NDArray angles(NDArray cosines) {
    NDArray sloped = cosines.clip(-NEAR_ONE, NEAR_ONE).acos();
    NDArray exact = cosines.stopGradient().clip(-1, 1).acos();
    return sloped.add(exact.sub(sloped.stopGradient()));
  }

  /**
   * The margin of each triplet: {@code (largest - smallest) / max(g) * g + smallest}, g = max(0, to
   * negative - to positive); the smallest for all if no g is above 0.
   *
   * @param toPositive the teacher's distances, {@code (T)}
   * @param toNegative the teacher's distances, {@code (T)}
   * @return {@code (T)}
   */
  static NDArray margins(NDArray toPositive, NDArray toNegative, double smallest, double largest) {
    NDArray gain = toNegative.sub(toPositive).maximum(0);
    NDArray share = gain.div(gain.max().maximum(1e-12));
    return share.mul(largest - smallest).add(smallest);
  }

  /**
   * The loss: mean over triplets of {@code max(0, to positive - to negative + margin)}.
   *
   * @param toPositive the student's distances, {@code (T)}
   * @param toNegative the student's distances, {@code (T)}
   * @param margins {@code (T)}
   * @return a scalar
   */
  static NDArray loss(NDArray toPositive, NDArray toNegative, NDArray margins) {
    return toPositive.sub(toNegative).add(margins).maximum(0).mean();
  }

  private static final class Session extends MethodSession {
    private final Options options;
    private boolean withoutTriplets;

    Session(Options options) {
      this.options = options;
    }

    @Override
    public TermLosses losses(StepInputs inputs) {
      NDArray student = distances(inputs.student().embedding(), options.form());
      NDArray teacher = distances(inputs.teacher().embedding().stopGradient(), options.form());
      Triplets triplets =
          Triplets.of(inputs.labels().values(), HostArray.floats(student), options.negatives());
      return new TermLosses().add("triplet", options.weight(), loss(student, teacher, triplets));
    }

    private NDArray loss(NDArray student, NDArray teacher, Triplets triplets) {
      if (triplets.count() == 0) {
        withoutTriplets = true;
        return student.sum().mul(0f);
      }
      NDArray positive = BatchPairs.places(student, triplets.anchorPositive());
      NDArray negative = BatchPairs.places(student, triplets.anchorNegative());
      NDArray margins =
          margins(
              TorchOps.rows(teacher, positive),
              TorchOps.rows(teacher, negative),
              options.smallestMargin(),
              options.largestMargin());
      return TripletDistillation.loss(
          TorchOps.rows(student, positive), TorchOps.rows(student, negative), margins);
    }

    @Override
    public Map<String, String> alarms() {
      if (!withoutTriplets) {
        return Map.of();
      }
      withoutTriplets = false;
      return Map.of(
          "triplets",
          "triplet-distillation: some batches had no triplet of two identities; set training.sampler: balanced");
    }
  }
}
