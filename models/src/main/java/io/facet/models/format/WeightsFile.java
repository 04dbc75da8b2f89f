package io.facet.models.format;

import io.facet.models.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

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
    byte[] start;
    try (InputStream in = java.nio.file.Files.newInputStream(file)) {
      start = in.readNBytes(9);
    } catch (NoSuchFileException e) {
      throw new DataException(file + " does not exist; correct the path", e);
    } catch (IOException e) {
      throw new DataException(file + " cannot be read: " + e, e);
    }
    boolean zip = start.length >= 2 && start[0] == 'P' && start[1] == 'K';
    // A safetensors header is a JSON object behind its length, whose bytes may look like a
    // pickle's.
    boolean json = start.length == 9 && start[8] == '{';
    boolean pickle = !json && start.length >= 2 && (start[0] & 0xFF) == 0x80;
    return zip || pickle ? PthFile.read(file) : Safetensors.read(file);
  }
}
