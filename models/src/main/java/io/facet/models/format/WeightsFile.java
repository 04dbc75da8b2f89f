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
    byte[] start = start(file, file.toString());
    refuseOthers(start, file.toString());
    return isPth(start) ? PthFile.read(file) : Safetensors.read(file);
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
    if (!Npy.begins(start)) {
      refuseOthers(start, name);
    }
    if (isPth(start)) {
      return PthFile.readAll(file, name);
    }
    byte[] bytes = Files.bytes(file);
    return Npy.begins(start)
        ? List.of(Npy.readStored(bytes, name))
        : Safetensors.readStored(bytes, name);
  }

  /** What is neither of torch.save nor safetensors, if one can say what it is. */
  private static void refuseOthers(byte[] start, String name) {
    if (!isPth(start) && !isSafetensors(start)) {
      Impostor.refuse(start, name);
    }
  }

  /** A header in JSON behind its length. */
  private static boolean isSafetensors(byte[] start) {
    return start.length > 8 && start[8] == '{';
  }

  private static byte[] start(Path file, String name) {
    try (InputStream in = java.nio.file.Files.newInputStream(file)) {
      return in.readNBytes(Impostor.BYTES);
    } catch (NoSuchFileException e) {
      throw new DataException(name + " does not exist; correct the path", e);
    } catch (IOException e) {
      throw new DataException(name + " cannot be read: " + Files.why(e), e);
    }
  }

  private static boolean isPth(byte[] start) {
    boolean zip = start.length >= 2 && start[0] == 'P' && start[1] == 'K';
    // The length before the header of safetensors may look like the start of a pickle.
    boolean pickle = !isSafetensors(start) && start.length >= 2 && (start[0] & 0xFF) == 0x80;
    return zip || pickle;
  }
}
