package io.facet.models.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.fail;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.format.FloatTensor;
import io.facet.models.format.Npy;
import io.facet.models.format.Safetensors;
import io.facet.models.tensor.Torch;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** One golden case: {@code case.json} and the files beside it. */
public final class GoldenCase {
  private final Path folder;
  private final JsonNode json;
  private final Set<String> read = new HashSet<>();

  private GoldenCase(Path folder, JsonNode json) {
    this.folder = folder;
    this.json = json;
  }

  static GoldenCase read(Path caseJson) throws IOException {
    return new GoldenCase(caseJson.getParent(), new ObjectMapper().readTree(caseJson.toFile()));
  }

  /** Area and folder name, for messages. */
  public String name() {
    return area() + "/" + folder.getFileName();
  }

  public String area() {
    return json.path("area").asText();
  }

  public String method() {
    return json.path("method").asText();
  }

  /** An option value; fails if the case has none of that name. */
  public JsonNode param(String name) {
    assertThat(json.path("params").has(name)).as("param " + name).isTrue();
    return json.path("params").path(name);
  }

  public boolean hasParam(String name) {
    return json.path("params").has(name);
  }

  public double number(String param) {
    return param(param).asDouble();
  }

  public boolean hasInput(String name) {
    return json.path("inputs").has(name);
  }

  /** Path of an input file. */
  public Path file(String input) {
    assertThat(hasInput(input)).as("input " + input).isTrue();
    return folder.resolve(json.path("inputs").path(input).asText());
  }

  /** Names of all inputs, sorted. */
  public List<String> inputs() {
    List<String> names = new ArrayList<>();
    json.path("inputs").fieldNames().forEachRemaining(names::add);
    return names.stream().sorted().toList();
  }

  public Npy.Floats floats(String input) {
    return Npy.readFloats(file(input));
  }

  public Npy.Longs longs(String input) {
    return Npy.readLongs(file(input));
  }

  /** An {@code .npy} input as DJL array: float32 or int64. */
  public NDArray array(NDManager manager, String input) {
    return array(manager, Npy.read(file(input)));
  }

  private static NDArray array(NDManager manager, Npy.Array array) {
    if (array instanceof Npy.Floats floats) {
      return Torch.array(manager, FloatBuffer.wrap(floats.values()), floats.shape());
    }
    Npy.Longs longs = (Npy.Longs) array;
    return manager.create(LongBuffer.wrap(longs.values()), longs.shape(), DataType.INT64);
  }

  /** Tensors of a safetensors input, by name. */
  public Map<String, FloatTensor> weights(String input) {
    return Safetensors.read(file(input)).tensors();
  }

  /** Raw expected value, such as a list of strings or objects. */
  public JsonNode expected(String name) {
    assertThat(json.path("expected").has(name)).as("expected " + name).isTrue();
    read.add(name);
    return json.path("expected").path(name);
  }

  public boolean expects(String name) {
    return json.path("expected").has(name);
  }

  /** Names of all expected values, sorted. */
  public List<String> expectedNames() {
    TreeSet<String> names = new TreeSet<>();
    json.path("expected").fieldNames().forEachRemaining(names::add);
    return List.copyOf(names);
  }

  /** Says that a value of this name is rightly not compared. */
  public void passOver(String name) {
    read.add(name);
  }

  /** Expected values that nobody has asked for. */
  List<String> unread() {
    return expectedNames().stream().filter(name -> !read.contains(name)).toList();
  }

  /** Whether the product must refuse this case. */
  public boolean expectsError() {
    read.add("error");
    return json.path("expected").path("error").asBoolean();
  }

  /** Checks that the call ends with a clear error and leaves no forbidden file behind. */
  public void assertRefused(ThrowingCallable call) {
    Throwable thrown = catchThrowable(call);
    assertThat(thrown)
        .as("refusal of " + name())
        .isInstanceOfAny(
            DataException.class, RecipeException.class, IllegalArgumentException.class);
    assertThat(thrown.getMessage()).isNotBlank().doesNotContain("\n");
    read.add("mustNotExist");
    read.add("errorKind"); // a word of the reference's own
    JsonNode forbidden = json.path("expected").path("mustNotExist");
    if (forbidden.isTextual()) {
      assertThat(Path.of(forbidden.asText())).doesNotExist();
    }
  }

  /** Compares an array with the expected value of that name. */
  public void assertClose(String name, NDArray actual) {
    if (actual.getDataType() == DataType.INT64) {
      assertEqual(name, actual.toLongArray());
    } else {
      assertClose(name, actual.toFloatArray());
    }
  }

  public void assertClose(String name, float[] actual) {
    assertClose(name, IntStream.range(0, actual.length).mapToDouble(i -> actual[i]).toArray());
  }

  /** Compares values, row-major, with the expected number, list or {@code .npy} file. */
  public void assertClose(String name, double... actual) {
    double[] expected = expectedNumbers(name);
    assertThat(actual.length).as("count of " + name).isEqualTo(expected.length);
    double rtol = tolerance(name, "rtol");
    double atol = tolerance(name, "atol");
    boolean[] compared = compared(name, expected.length);
    for (int i = 0; i < actual.length; i++) {
      if (!Double.isFinite(actual[i]) && Double.isFinite(expected[i])) {
        fail("%s[%d] is %s", name, i, actual[i]);
      }
      if (compared[i] && Math.abs(actual[i] - expected[i]) > atol + rtol * Math.abs(expected[i])) {
        fail("%s[%d] is %s, expected %s", name, i, actual[i], expected[i]);
      }
    }
  }

  /** Compares integers exactly. */
  public void assertEqual(String name, long... actual) {
    JsonNode node = expected(name);
    if (node.isTextual()) {
      assertThat(actual).as(name).isEqualTo(Npy.readLongs(folder.resolve(node.asText())).values());
    } else {
      double[] expected = expectedNumbers(name);
      assertThat(actual.length).as("count of " + name).isEqualTo(expected.length);
      for (int i = 0; i < actual.length; i++) {
        assertThat((double) actual[i]).as("%s[%d]", name, i).isEqualTo(expected[i]);
      }
    }
  }

  /** Path of an expected file that is no {@code .npy}, such as an image. */
  public Path expectedFile(String name) {
    return folder.resolve(expected(name).asText());
  }

  /** The expected number, list or {@code .npy} file as numbers, row-major. */
  public double[] expectedNumbers(String name) {
    JsonNode node = expected(name);
    if (node.isTextual()) {
      Npy.Array array = Npy.read(folder.resolve(node.asText()));
      if (array instanceof Npy.Floats floats) {
        float[] values = floats.values();
        return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
      }
      long[] values = ((Npy.Longs) array).values();
      return IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }
    List<Double> numbers = new ArrayList<>();
    flatten(node, numbers);
    return numbers.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void flatten(JsonNode node, List<Double> into) {
    if (node.isArray()) {
      node.forEach(element -> flatten(element, into));
    } else {
      assertThat(node.isNumber() || node.isBoolean()).as("number: " + node).isTrue();
      into.add(node.isBoolean() ? (node.asBoolean() ? 1.0 : 0.0) : node.asDouble());
    }
  }

  private double tolerance(String name, String kind) {
    JsonNode own = json.path("tolerances").path(name).path(kind);
    return own.isMissingNode() ? json.path(kind).asDouble() : own.asDouble();
  }

  private boolean[] compared(String name, int count) {
    boolean[] compared = new boolean[count];
    JsonNode rows = json.path("compareRows").path(name);
    if (rows.isMissingNode()) {
      java.util.Arrays.fill(compared, true);
      return compared;
    }
    JsonNode node = expected(name);
    int rowCount =
        node.isTextual()
            ? (int) Npy.read(folder.resolve(node.asText())).shape().get(0)
            : node.size();
    int width = count / rowCount;
    rows.forEach(
        row ->
            java.util.Arrays.fill(compared, row.asInt() * width, (row.asInt() + 1) * width, true));
    return compared;
  }

  /** Whether the case lies in a readable folder; used by the harness to report strays. */
  boolean isComplete() {
    return Files.isDirectory(folder) && json.hasNonNull("area") && json.hasNonNull("method");
  }
}
