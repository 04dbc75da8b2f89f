package io.facet.models.train;

import io.facet.models.DataException;
import io.facet.models.face.ImageDecoder;
import io.facet.models.face.PictureException;
import io.facet.models.face.Pixels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Encoded crops in memory, decoded whenever they are asked for.
 *
 * <p>Crops stand in the order of face and identity name, classes in the order of identity names, so
 * the same crops give the same set however they arrived.
 */
public final class InMemoryTrainingSet implements TrainingSet {
  private final List<LabelledCrop> crops;
  private final int[] labels;
  private final List<String> identities;

  /**
   * A training set.
   *
   * @throws DataException if there are fewer than two identities
   */
  public InMemoryTrainingSet(Collection<LabelledCrop> crops) {
    this.crops = new ArrayList<>(crops);
    this.crops.sort(
        Comparator.comparing(LabelledCrop::faceId).thenComparing(LabelledCrop::identity));
    identities = List.copyOf(new TreeSet<>(crops.stream().map(LabelledCrop::identity).toList()));
    if (identities.size() < 2) {
      throw new DataException(
          "training needs at least two identities, the training set has %d in %d crops; add folders to data.train"
              .formatted(identities.size(), crops.size()));
    }
    Map<String, Integer> classes = new HashMap<>();
    identities.forEach(identity -> classes.put(identity, classes.size()));
    labels = this.crops.stream().mapToInt(crop -> classes.get(crop.identity())).toArray();
  }

  /** Names of the identities, by class. */
  public List<String> identities() {
    return identities;
  }

  @Override
  public int size() {
    return crops.size();
  }

  @Override
  public int classes() {
    return identities.size();
  }

  @Override
  public int label(int index) {
    return labels[index];
  }

  @Override
  public String faceId(int index) {
    return crops.get(index).faceId();
  }

  @Override
  public Pixels crop(int index) {
    try {
      return ImageDecoder.decode(crops.get(index).encoded());
    } catch (PictureException e) {
      throw new DataException("face %s: %s".formatted(faceId(index), e.getMessage()), e);
    }
  }
}
