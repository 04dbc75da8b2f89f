package io.facet.pipelines.pairs;

import io.facet.models.face.ImageDecoder;
import io.facet.models.face.Pixels;
import io.facet.transforms.embed.FaceFiles;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Aligned faces by id. */
public final class FaceCrops {
  private final Map<String, byte[]> crops = new HashMap<>();

  private FaceCrops() {}

  /** No picture. */
  public static FaceCrops none() {
    return new FaceCrops();
  }

  /**
   * Reads some faces.
   *
   * @param files of all faces
   * @param wanted ids of faces
   */
  public static FaceCrops read(FaceFiles files, Set<String> wanted) {
    FaceCrops read = new FaceCrops();
    files.read(
        face -> wanted.contains(face.faceId()),
        (face, crop) -> read.crops.put(crop.faceId(), crop.crop()));
    return read;
  }

  /** The pixels of a face, if it was read. */
  public Optional<Pixels> pixels(String faceId) {
    return Optional.ofNullable(crops.get(faceId)).map(bytes -> ImageDecoder.decode(bytes));
  }
}
