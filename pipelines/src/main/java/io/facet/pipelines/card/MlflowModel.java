package io.facet.pipelines.card;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.facet.models.backbone.Backbone;
import io.facet.models.face.Preprocessing;
import io.facet.models.option.RecordBinder;
import io.facet.tracking.server.MlflowPin;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The files that make a published student an MLflow model of the flavours {@code onnx} and {@code
 * python_function}, as {@code mlflow.onnx.save_model} of the pinned MLflow writes them. Equal
 * students give equal bytes; what only a server knows, the ids of run and model, is left out.
 */
public final class MlflowModel {
  /** The folder's name among the files of a publication. */
  public static final String FOLDER = "model";

  /** The file that describes the folder. */
  public static final String DESCRIPTION = "MLmodel";

  /** The ONNX file in it. */
  public static final String ONNX = "model.onnx";

  /** Key of the preprocessing contract in the description's metadata. */
  public static final String CONTRACT = "facet.preprocessing";

  /** Oldest release of the onnx package that knows format version 8 and operator set 17. */
  private static final String ONNX_PACKAGE = "1.12.0";

  private static final String PYTHON = "3.11";
  private static final String CONDA = "conda.yaml";
  private static final String ENVIRONMENT = "python_env.yaml";
  private static final String REQUIREMENTS = "requirements.txt";
  private static final String EXAMPLE = "input_example.json";
  private static final String SERVING_EXAMPLE = "serving_input_example.json";

  private static final DateTimeFormatter CREATED =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

  /** All texts in quotes: a time without them would be read as one. */
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .build();

  private MlflowModel() {}

  /**
   * All files by their name in the folder, the card not among them.
   *
   * @param student with an ONNX file
   * @param card of {@link ModelCard#of}
   */
  public static Map<String, byte[]> files(Published student, JsonNode card) {
    byte[] onnx = student.onnx().orElseThrow();
    Preprocessing input = student.model().preprocessing();
    String example = example(input);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put(DESCRIPTION, utf8(yaml(description(student, card, onnx.length))));
    files.put(ONNX, onnx);
    files.put(REQUIREMENTS, utf8(String.join("\n", requirements()) + "\n"));
    files.put(ENVIRONMENT, utf8(yaml(environment())));
    files.put(CONDA, utf8(yaml(conda())));
    files.put(EXAMPLE, utf8(example));
    files.put(SERVING_EXAMPLE, utf8("{\"inputs\": " + example + "}"));
    return Collections.unmodifiableMap(files);
  }

  private static ObjectNode description(Published student, JsonNode card, long bytes) {
    ObjectNode tree = object();
    tree.put("artifact_path", FOLDER);
    ObjectNode flavors = tree.putObject("flavors");
    ObjectNode onnx = flavors.putObject("onnx").putNull("code").put("data", ONNX);
    onnx.put("onnx_version", ONNX_PACKAGE);
    onnx.putArray("providers").add("CUDAExecutionProvider").add("CPUExecutionProvider");
    ObjectNode python = flavors.putObject("python_function").put("data", ONNX);
    python.putObject("env").put("conda", CONDA).put("virtualenv", ENVIRONMENT);
    python.put("loader_module", "mlflow.onnx").put("python_version", PYTHON);
    tree.put("is_signature_from_type_hint", false);
    ObjectNode metadata = tree.putObject("metadata");
    metadata.put("facet.fingerprint", student.fingerprint());
    metadata.put("facet.student", student.name());
    metadata.put("facet.method", card.path("method").path("key").asText());
    metadata.put(CONTRACT, RecordBinder.toJson(student.model().preprocessing()));
    tree.put("mlflow_version", MlflowPin.VERSION);
    tree.putNull("model_id");
    tree.put("model_size_bytes", bytes);
    tree.put("model_uuid", student.fingerprint().substring(0, 32));
    tree.putNull("prompts");
    tree.putObject("saved_input_example_info")
        .put("artifact_path", EXAMPLE)
        .put("serving_input_path", SERVING_EXAMPLE)
        .put("type", "ndarray");
    tree.set("signature", signature(student));
    tree.put("type_hint_from_example", false);
    tree.put("utc_time_created", CREATED.format(Instant.parse(student.training().finished())));
    return tree;
  }

  /** The tensors' shapes, with -1 for the number of faces. */
  private static ObjectNode signature(Published student) {
    Preprocessing input = student.model().preprocessing();
    int embedding = Backbone.create(student.model().backbone()).embeddingSize();
    ArrayNode inputs = JsonNodeFactory.instance.arrayNode();
    inputs.add(tensor(object(), List.of(-1, 3, input.height(), input.width())));
    ArrayNode outputs = JsonNodeFactory.instance.arrayNode();
    outputs.add(tensor(object().put("name", "embedding"), List.of(-1, embedding)));
    return object()
        .put("inputs", inputs.toString())
        .put("outputs", outputs.toString())
        .putNull("params");
  }

  private static ObjectNode tensor(ObjectNode named, List<Integer> shape) {
    ArrayNode sides =
        named
            .put("type", "tensor")
            .putObject("tensor-spec")
            .put("dtype", "float32")
            .putArray("shape");
    shape.forEach(sides::add);
    return named;
  }

  private static List<String> requirements() {
    return List.of("mlflow==" + MlflowPin.VERSION, "numpy", "onnx>=" + ONNX_PACKAGE, "onnxruntime");
  }

  private static ObjectNode environment() {
    ObjectNode tree = object().put("python", PYTHON);
    tree.putArray("build_dependencies").add("pip").add("setuptools").add("wheel");
    tree.putArray("dependencies").add("-r " + REQUIREMENTS);
    return tree;
  }

  private static ObjectNode conda() {
    ObjectNode tree = object();
    tree.putArray("channels").add("conda-forge");
    ArrayNode dependencies = tree.putArray("dependencies").add("python=" + PYTHON).add("pip");
    ArrayNode pip = dependencies.addObject().putArray("pip");
    requirements().forEach(pip::add);
    return tree.put("name", "mlflow-env");
  }

  /** One face without a person: all values zero, which is grey. */
  private static String example(Preprocessing input) {
    String row = "[" + "0.0, ".repeat(input.width() - 1) + "0.0]";
    String plane = "[" + (row + ", ").repeat(input.height() - 1) + row + "]";
    return "[[%s, %s, %s]]".formatted(plane, plane, plane);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static String yaml(JsonNode tree) {
    try {
      return YAML.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
