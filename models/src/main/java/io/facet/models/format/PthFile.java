package io.facet.models.format;

import io.facet.models.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Weights saved by PyTorch's {@code torch.save}: the zip container (since 1.6) and the older stream
 * of pickles. A state dict may be the whole file or one entry of a checkpoint. Nothing in the file
 * is run.
 */
public final class PthFile {
  private static final BigInteger LEGACY_MAGIC = new BigInteger("119547037146038801333356");
  private static final Long LEGACY_PROTOCOL = 1001L;

  /** The newest version of the zip container that PyTorch itself reads. */
  private static final int NEWEST_CONTAINER = 10;

  private static final List<String> USUAL_NAMES =
      List.of(
          "state_dict",
          "net_state_dict",
          "model_state_dict",
          "model",
          "net",
          "backbone",
          "state_dict_backbone");

  /** How many dictionaries may stand around a state dict. */
  private static final int DEEPEST = 3;

  private static final int LARGEST_PICKLE = 256 << 20;

  private PthFile() {}

  /**
   * Reads the state dict of a file; there is no metadata.
   *
   * @throws DataException if it is missing, malformed, asks to run something, holds no or several
   *     sets of weights, or NaN or infinity
   */
  public static TensorFile read(Path file) {
    return new TensorFile(StoredTensor.widen(readStored(file), file.toString()), Map.of());
  }

  /** The tensors as stored, sorted by name. Unlike {@link #read}, lets NaN and infinity pass. */
  public static List<StoredTensor> readStored(Path file) {
    return readStored(file, file.toString(), root -> weights(root, file.toString()));
  }

  /**
   * Every tensor of the file as stored, sorted by name: a single tensor has the empty name, one of
   * a state dict inside a checkpoint the dotted name {@code state_dict_softmax_fc.weight}.
   *
   * @param name of the file, for error messages
   */
  static List<StoredTensor> readAll(Path file, String name) {
    return readStored(file, name, PthFile::everything);
  }

  private static List<StoredTensor> readStored(
      Path file, String name, Function<Object, Map<String, TorchPickle.Tensor>> wanted) {
    byte[] start = start(file);
    boolean zip = start.length >= 4 && start[0] == 'P' && start[1] == 'K';
    Map<String, TorchPickle.Tensor> tensors;
    TorchPickle pickle = new TorchPickle(name);
    if (zip) {
      tensors = readZip(file, name, pickle, wanted);
    } else {
      tensors = readLegacy(Files.bytes(file), name, pickle, wanted);
    }
    List<StoredTensor> stored = new ArrayList<>();
    tensors.forEach((key, tensor) -> stored.add(tensor.stored(key, name)));
    stored.sort(Comparator.comparing(StoredTensor::name));
    return stored;
  }

  private static byte[] start(Path file) {
    try (InputStream in = java.nio.file.Files.newInputStream(file)) {
      return in.readNBytes(4);
    } catch (NoSuchFileException e) {
      throw new DataException(file + " does not exist; correct the path", e);
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + Files.why(e), e);
    }
  }

  private static Map<String, TorchPickle.Tensor> readZip(
      Path file,
      String name,
      TorchPickle pickle,
      Function<Object, Map<String, TorchPickle.Tensor>> wanted) {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ZipEntry root =
          zip.stream()
              .filter(entry -> entry.getName().endsWith("/data.pkl"))
              .findFirst()
              .orElseThrow(
                  () ->
                      new DataException(
                          name
                              + " is a zip archive without data.pkl: save the state dict with torch.save"));
      String folder = root.getName().substring(0, root.getName().length() - "data.pkl".length());
      ZipEntry order = zip.getEntry(folder + "byteorder");
      if (order != null && !new String(bytes(zip, order, 16, name)).equals("little")) {
        throw new DataException(name + " is big-endian; save it again on a usual machine");
      }
      checkVersion(zip, folder, name);
      byte[] data = bytes(zip, root, LARGEST_PICKLE, name);
      Map<String, TorchPickle.Tensor> tensors =
          wanted.apply(Unpickler.read(ByteBuffer.wrap(data), name, pickle));
      for (TorchPickle.Storage storage : pickle.storages()) {
        ZipEntry entry = zip.getEntry(folder + "data/" + storage.key());
        if (entry == null) {
          throw new DataException(
              name + " lacks the entry data/" + storage.key() + "; fetch it again");
        }
        storage.fill(bytes(zip, entry, storage.byteCount(), name), name);
      }
      return tensors;
    } catch (IOException e) {
      throw new DataException(
          name + " is not a whole zip archive (" + e.getMessage() + "); fetch it again", e);
    }
  }

  /** The container's own version, in an entry that files of PyTorch 1.6 and later have. */
  private static void checkVersion(ZipFile zip, String folder, String name) throws IOException {
    ZipEntry entry = zip.getEntry(folder + "version");
    if (entry == null) {
      return;
    }
    String version = new String(bytes(zip, entry, 16, name), StandardCharsets.US_ASCII).strip();
    boolean number = version.matches("[0-9]{1,9}");
    if (!number || Integer.parseInt(version) > NEWEST_CONTAINER) {
      throw new DataException(
          "%s is of torch.save's zip container in version %s, known are 1 to %d; save it again with a usual PyTorch, or as safetensors"
              .formatted(name, number ? version : "unknown", NEWEST_CONTAINER));
    }
  }

  /** At most {@code limit} bytes and one: an entry that unpacks to more is then of wrong size. */
  private static byte[] bytes(ZipFile zip, ZipEntry entry, long limit, String name)
      throws IOException {
    if (limit >= Integer.MAX_VALUE) {
      throw new DataException(name + " holds an entry above 2 GB; use safetensors");
    }
    try (InputStream in = zip.getInputStream(entry)) {
      return in.readNBytes((int) limit + 1);
    }
  }

  private static Map<String, TorchPickle.Tensor> readLegacy(
      byte[] bytes,
      String name,
      TorchPickle pickle,
      Function<Object, Map<String, TorchPickle.Tensor>> wanted) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < 2 || (bytes[0] & 0xFF) != 0x80) {
      Impostor.refuse(Arrays.copyOf(bytes, Math.min(bytes.length, Impostor.BYTES)), name);
      throw new DataException(
          name + " is not a file of torch.save; use .pth, .pt, .ckpt or safetensors");
    }
    if (!LEGACY_MAGIC.equals(Unpickler.read(in, name, pickle))) {
      throw new DataException(name + " is a pickle, but not one of torch.save");
    }
    Object protocol = Unpickler.read(in, name, pickle);
    if (!LEGACY_PROTOCOL.equals(protocol)) {
      throw new DataException(
          "%s is of torch.save's older form in version %s, known is %d; save it again with a usual PyTorch"
              .formatted(name, protocol, LEGACY_PROTOCOL));
    }
    if (Unpickler.read(in, name, pickle) instanceof Map<?, ?> system
        && Boolean.FALSE.equals(system.get("little_endian"))) {
      throw new DataException(name + " is big-endian; save it again on a usual machine");
    }
    Map<String, TorchPickle.Tensor> tensors = wanted.apply(Unpickler.read(in, name, pickle));
    Map<String, TorchPickle.Storage> storages = new HashMap<>();
    pickle.storages().forEach(storage -> storages.put(storage.key(), storage));
    if (!(Unpickler.read(in, name, pickle) instanceof List<?> keys)) {
      throw new DataException(name + " has no list of storages; fetch it again");
    }
    for (Object key : keys) {
      TorchPickle.Storage storage = key instanceof String text ? storages.get(text) : null;
      if (storage == null || in.remaining() < 8) {
        throw new DataException(name + " is cut off or has an unknown storage; fetch it again");
      }
      long count = in.getLong();
      long size = Math.min(storage.byteCount(), in.remaining());
      byte[] data = new byte[(int) size];
      in.get(data);
      if (count != storage.elements()) {
        throw new DataException(
            "%s: storage %s has %d elements, its header says %d; fetch it again"
                .formatted(name, key, storage.elements(), count));
      }
      storage.fill(data, name);
    }
    return tensors;
  }

  /** The tensors of the file's state dict by name. */
  private static Map<String, TorchPickle.Tensor> weights(Object root, String name) {
    if (!(root instanceof Map<?, ?> map)) {
      throw new DataException(name + " holds no state dict but another object");
    }
    if (holdsWeights(map)) {
      return tensors(map);
    }
    Map<String, Map<String, TorchPickle.Tensor>> nested = new LinkedHashMap<>();
    for (int depth = 1; depth <= DEEPEST && nested.isEmpty(); depth++) {
      collect(map, "", depth, nested);
    }
    if (nested.size() == 1) {
      return nested.values().iterator().next();
    }
    for (String usual : USUAL_NAMES) {
      for (Map.Entry<String, Map<String, TorchPickle.Tensor>> entry : nested.entrySet()) {
        if (entry.getKey().equals(usual) || entry.getKey().endsWith("." + usual)) {
          return entry.getValue();
        }
      }
    }
    if (nested.isEmpty() && !tensors(map).isEmpty()) {
      return tensors(map);
    }
    throw new DataException(
        nested.isEmpty()
            ? name + " holds no weights; save a state dict with torch.save"
            : "%s holds several sets of weights (%s); save the wanted one alone"
                .formatted(name, String.join(", ", nested.keySet())));
  }

  /** The dictionaries of weights so many levels down, by dotted name. */
  private static void collect(
      Map<?, ?> map, String prefix, int depth, Map<String, Map<String, TorchPickle.Tensor>> found) {
    map.forEach(
        (key, value) -> {
          if (!(value instanceof Map<?, ?> inner)) {
            return;
          }
          if (depth > 1) {
            collect(inner, prefix + key + ".", depth - 1, found);
          } else if (holdsWeights(inner)) {
            found.put(prefix + key, tensors(inner));
          }
        });
  }

  /** A tensor with at least one axis: counters and best figures stand alone beside weights. */
  private static boolean holdsWeights(Map<?, ?> map) {
    return tensors(map).values().stream().anyMatch(tensor -> tensor.shape().length > 0);
  }

  /** All tensors of the file by dotted name. */
  private static Map<String, TorchPickle.Tensor> everything(Object root) {
    Map<String, TorchPickle.Tensor> all = new LinkedHashMap<>();
    if (root instanceof TorchPickle.Tensor tensor) {
      all.put("", tensor);
    } else if (root instanceof Map<?, ?> map) {
      all.putAll(tensors(map));
      map.forEach(
          (key, value) -> {
            if (value instanceof Map<?, ?>) {
              everything(value).forEach((name, tensor) -> all.put(key + "." + name, tensor));
            }
          });
    }
    return all;
  }

  private static Map<String, TorchPickle.Tensor> tensors(Map<?, ?> map) {
    Map<String, TorchPickle.Tensor> tensors = new LinkedHashMap<>();
    map.forEach(
        (key, value) -> {
          if (key instanceof String text && value instanceof TorchPickle.Tensor tensor) {
            tensors.put(text, tensor);
          }
        });
    return tensors;
  }
}
