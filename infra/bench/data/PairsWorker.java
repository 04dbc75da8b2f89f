import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.management.OperatingSystemMXBean;
import io.facet.models.option.RecordBinder;
import io.facet.models.protocol.ResamplingUnit;
import io.facet.pipelines.champion.Gate;
import io.facet.pipelines.champion.GateDecision;
import io.facet.pipelines.champion.Measured;
import io.facet.pipelines.recipe.GateRecipe;
import io.facet.transforms.row.FaceId;
import io.facet.transforms.row.MetricRow;
import io.facet.transforms.row.ScoreRow;
import io.facet.transforms.score.ScoredPairs;
import io.facet.transforms.score.VerificationMetrics;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Measures drawn scores of pairs of images as an evaluation does, from rows that come one by one
 * out of their order: {@code SAME DIFFERENT FACES PEOPLE ROUNDS TASK}, ROUNDS of the bootstrap,
 * TASK being {@code measure}, or {@code gate} for a candidate that is compared with a champion as a
 * gate does. Prints figures and processor seconds; the heap is what is tried.
 */
final class PairsWorker {
  private static final VerificationMetrics.Subject SUBJECT =
      new VerificationMetrics.Subject("bench", "teacher", "", 0, false);

  private final int same;
  private final int pairs;
  private final int faces;
  private final int people;
  private final Map<String, Long> identities = new HashMap<>();

  private PairsWorker(int same, int different, int faces, int people) {
    this.same = same;
    this.pairs = same + different;
    this.faces = faces;
    this.people = people;
    for (int face = 0; face < faces; face++) {
      identities.put(image(face), (long) (face % people));
    }
  }

  public static void main(String[] words) throws Exception {
    int[] numbers = IntStream.range(0, 5).map(i -> Integer.parseInt(words[i])).toArray();
    VerificationMetrics.Options options =
        new VerificationMetrics.Options(
            0.95, numbers[4], 1, List.of(1e-4, 1e-3), ResamplingUnit.IDENTITY);
    PairsWorker worker = new PairsWorker(numbers[0], numbers[1], numbers[2], numbers[3]);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put(
        "figures", words[5].equals("gate") ? worker.gate(options) : worker.measure(options));
    answer.put(
        "cpu",
        ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime()
            / 1e9);
    System.out.println("=> " + new ObjectMapper().writeValueAsString(answer));
  }

  private Map<String, Double> measure(VerificationMetrics.Options options) {
    VerificationMetrics.Judged judged =
        VerificationMetrics.judge("drawn", scored(0.05).get("drawn"), options);
    Map<String, Double> figures = new LinkedHashMap<>();
    for (MetricRow row : VerificationMetrics.measure(SUBJECT, "drawn", judged, options)) {
      figures.put(row.name(), row.value());
    }
    return figures;
  }

  /** The candidate's figures and what it gains. */
  private Map<String, Double> gate(VerificationMetrics.Options options) throws IOException {
    GateRecipe rules =
        RecordBinder.bind(
            GateRecipe.class,
            new ObjectMapper().readTree("{\"guarded\": [\"accuracy\", \"tar-at-far-1e-04\"]}"));
    GateDecision decision =
        Gate.judge(
            rules,
            "drawn/accuracy",
            options,
            contender("candidate", 0.04),
            Optional.of(contender("champion", 0.05)),
            Set.of());
    Map<String, Double> figures = new LinkedHashMap<>();
    for (GateDecision.Check check : decision.checks()) {
      figures.put(check.name(), check.candidate());
      check.gain().ifPresent(gain -> figures.put(check.name() + "/gain", gain));
      check.low().ifPresent(low -> figures.put(check.name() + "/low", low));
    }
    return figures;
  }

  private Gate.Contender contender(String name, double likeness) {
    return new Gate.Contender(
        name, name, new Measured(scored(likeness), 1, OptionalDouble.empty()));
  }

  /** As read from a table; LIKENESS is the mean score of different people. */
  private Map<String, ScoredPairs> scored(double likeness) {
    return ScoredPairs.bySet(
        () -> IntStream.range(0, pairs).mapToObj(i -> row(i, likeness)).iterator(),
        Map.of("drawn", identities));
  }

  /** One of all pairs; a step that shares no factor with their number leads through all. */
  private ScoreRow row(int arrival, double likeness) {
    int position = (int) ((arrival * 7_368_787L) % pairs);
    SplittableRandom random = new SplittableRandom(position);
    boolean onePerson = position < same;
    int left = random.nextInt(faces);
    int right = random.nextInt(faces - people);
    if (onePerson) {
      right += Math.floorMod(left - right, people);
    } else if (right % people == left % people) {
      right++;
    }
    double score = (onePerson ? 0.6 : likeness) + 0.3 * (random.nextDouble() - random.nextDouble());
    return new ScoreRow(
        "bench",
        "drawn",
        position,
        0,
        onePerson,
        FaceId.of(image(left), 0, "0123456789abcdef"),
        FaceId.of(image(right), 0, "0123456789abcdef"),
        image(left),
        image(right),
        score);
  }

  private static String image(int face) {
    String number = Integer.toHexString(face);
    return "0".repeat(64 - number.length()) + number;
  }
}
