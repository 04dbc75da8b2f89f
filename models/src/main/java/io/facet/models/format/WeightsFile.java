package io.facet.models.format;

import io.facet.models.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** Weights in any supported format, told apart by their first bytes, never by the file's name. */
public final class WeightsFile {
  private WeightsFile() {}

  /**
   * Reads safetensors or a file of {@code torch.save}.
   *
   * @throws DataException if it is missing, malformed, asks to run something, or holds NaN or
   *     infinity
   */
  public static TensorFile read(Path file) {
    return isPth(start(file, file.toString())) ? PthFile.read(file) : Safetensors.read(file);
  }

  /**
   * Every tensor of a file as stored, sorted by name: of safetensors, of {@code torch.save} (also
   * of the state dicts inside a checkpoint, by dotted name), or the one of {@code .npy}, whose name
   * is empty. NaN and infinity pass.
   *
   * @param name of the file, for error messages
   * @throws DataException if it is missing, malformed or asks to run something
   */
  public static List<StoredTensor> readStored(Path file, String name) {
    byte[] start = start(file, name);
    if (isPth(start)) {
      return PthFile.readAll(file, name);
    }
    byte[] bytes = Files.bytes(file);
    return Npy.begins(start)
        ? List.of(Npy.readStored(bytes, name))
        : Safetensors.readStored(bytes, name);
  }

  private static byte[] start(Path file, String name) {
    try (InputStream in = java.nio.file.Files.newInputStream(file)) {
      return in.readNBytes(9);
    } catch (NoSuchFileException e) {
      throw new DataException(name + " does not exist; correct the path", e);
    } catch (IOException e) {
      throw new DataException(name + " cannot be read: " + e, e);
    }
  }

  private static boolean isPth(byte[] start) {
    boolean zip = start.length >= 2 && start[0] == 'P' && start[1] == 'K';
    // A safetensors header is a JSON object behind its length, whose bytes may look like a
    // pickle's.
    boolean json = start.length == 9 && start[8] == '{';
    boolean pickle = !json && start.length >= 2 && (start[0] & 0xFF) == 0x80;
    return zip || pickle;
  }
}
