package io.facet.models.weights;

import ai.djl.ndarray.NDManager;
import io.facet.models.DataException;
import io.facet.models.RecipeException;
import io.facet.models.backbone.Backbone;
import io.facet.models.backbone.Network;
import io.facet.models.face.Preprocessing;
import io.facet.models.format.FloatTensor;
import io.facet.models.format.Safetensors;
import io.facet.models.format.TensorFile;
import io.facet.models.option.RecordBinder;
import io.facet.models.option.Selected;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A model artifact: one safetensors file whose metadata says what network the weights belong to and
 * how its input is made. Equal contents give equal bytes.
 *
 * @param backbone the kind of network and its options
 * @param preprocessing how a crop becomes its input
 * @param weights values by full name, row-major
 * @param classifier class weights and whose they are, if the model keeps some; stored as tensor
 *     {@code classifier.weight} and the metadata's {@code facet.identities}
 * @param notes free texts by key: method, seed, run ...; no key begins with {@code facet.}
 */
public record ModelFile(
    Selected<Backbone<?>> backbone,
    Preprocessing preprocessing,
    Map<String, float[]> weights,
    Optional<ClassWeights> classifier,
    Map<String, String> notes) {
  private static final String RESERVED = "facet.";
  private static final String FORMAT = "facet.format";
  private static final String FORMAT_VERSION = "1";
  private static final String BACKBONE = "facet.backbone";
  private static final String OPTIONS = "facet.options";

  /** Key of the contract in the metadata of a model file or an ONNX model. */
  public static final String PREPROCESSING = "facet.preprocessing";

  public ModelFile {
    for (String key : notes.keySet()) {
      if (key.startsWith(RESERVED)) {
        throw new IllegalArgumentException("note '" + key + "' has a reserved name");
      }
    }
    notes = Map.copyOf(notes);
  }

  /** The model of an initialised network, without classifier and notes. */
  public static ModelFile of(
      Selected<Backbone<?>> backbone, Preprocessing preprocessing, Network network) {
    return new ModelFile(backbone, preprocessing, network.save(), Optional.empty(), Map.of());
  }

  /** The same model with class weights. */
  public ModelFile withClassifier(ClassWeights classWeights) {
    return new ModelFile(backbone, preprocessing, weights, Optional.of(classWeights), notes);
  }

  /** The same model with one more note. */
  public ModelFile withNote(String key, String text) {
    Map<String, String> more = new TreeMap<>(notes);
    more.put(key, text);
    return new ModelFile(backbone, preprocessing, weights, classifier, more);
  }

  /** Number of identities of the classifier, 0 without one. */
  public int classes() {
    return classifier.map(ClassWeights::count).orElse(0);
  }

  /** Whether the bytes are a model written by {@link #bytes}; false for other safetensors files. */
  public static boolean isModel(TensorFile file) {
    return file.metadata().containsKey(FORMAT);
  }

  /**
   * Reads a model.
   *
   * @throws DataException if the file is missing, malformed or does not fit its own network
   */
  public static ModelFile read(Path file) {
    return of(Safetensors.read(file), file.toString());
  }

  /**
   * Reads a model.
   *
   * @param name of the file, for error messages
   * @throws DataException if the bytes are malformed or do not fit their own network
   */
  public static ModelFile read(byte[] bytes, String name) {
    return of(Safetensors.read(bytes, name), name);
  }

  private static ModelFile of(TensorFile file, String name) {
    Map<String, String> metadata = file.metadata();
    if (!FORMAT_VERSION.equals(metadata.get(FORMAT))) {
      throw new DataException(
          metadata.containsKey(FORMAT)
              ? name + " is a model of format " + metadata.get(FORMAT) + ", this program reads 1"
              : name + " holds weights but does not say of which network; import it with a recipe");
    }
    Selected<Backbone<?>> backbone;
    Preprocessing preprocessing;
    try {
      backbone =
          RecordBinder.select(
              Backbone.class,
              metadata.getOrDefault(BACKBONE, ""),
              metadata.getOrDefault(OPTIONS, "{}"));
      preprocessing =
          RecordBinder.bindJson(Preprocessing.class, metadata.getOrDefault(PREPROCESSING, "{}"));
    } catch (RecipeException e) {
      throw new DataException(name + " describes no usable model: " + e.getMessage(), e);
    }
    Map<String, FloatTensor> tensors = new TreeMap<>(file.tensors());
    Optional<ClassWeights> classifier = ClassWeights.takenFrom(tensors, metadata, name);
    Network network = Backbone.create(backbone);
    WeightFit.check(network, tensors, name);
    if (classifier.isPresent() && classifier.get().width() != network.embeddingSize()) {
      throw new DataException(
          "%s holds class weights of %d numbers each, its network's embeddings have %d; fetch it again"
              .formatted(name, classifier.get().width(), network.embeddingSize()));
    }
    Map<String, float[]> weights = new TreeMap<>();
    tensors.forEach((tensor, values) -> weights.put(tensor, values.values()));
    Map<String, String> notes = new TreeMap<>(metadata);
    notes.keySet().removeIf(key -> key.startsWith(RESERVED));
    return new ModelFile(backbone, preprocessing, weights, classifier, notes);
  }

  /** The file's bytes. */
  public byte[] bytes() {
    Network network = Backbone.create(backbone);
    Map<String, FloatTensor> tensors = new LinkedHashMap<>();
    network
        .weights()
        .forEach(
            (name, weight) -> {
              float[] values = weights.get(name);
              if (values == null) {
                throw new IllegalStateException("model has no tensor '" + name + "'");
              }
              tensors.put(name, FloatTensor.of(name, weight.shape(), values));
            });
    Map<String, String> metadata = metadata();
    classifier.ifPresent(known -> known.addTo(tensors, metadata));
    return Safetensors.write(tensors, metadata);
  }

  /** Writes {@link #bytes} to a file. */
  public void write(Path file) {
    try {
      Files.write(file, bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the file's metadata say: network, options, preprocessing and notes. */
  public Map<String, String> metadata() {
    Map<String, String> metadata = new TreeMap<>(notes);
    metadata.put(FORMAT, FORMAT_VERSION);
    metadata.put(BACKBONE, backbone.key());
    metadata.put(OPTIONS, backbone.json());
    metadata.put(PREPROCESSING, RecordBinder.toJson(preprocessing));
    return metadata;
  }

  /** The preprocessing contract in the metadata of a model file or an ONNX model, if any. */
  public static Optional<Preprocessing> preprocessing(Map<String, String> metadata) {
    return Optional.ofNullable(metadata.get(PREPROCESSING))
        .map(json -> RecordBinder.bindJson(Preprocessing.class, json));
  }

  /** The network with these weights; the caller closes it, or the manager. */
  public Network open(NDManager manager) {
    Network network = Backbone.create(backbone);
    network.load(manager, weights);
    return network;
  }
}
