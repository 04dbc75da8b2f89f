package io.facet.models.train;

import io.facet.models.face.Pixels;
import io.facet.models.train.data.TrainingSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** 16x16 patterns, one pattern an identity, under noise. */
public final class TinyFaces implements TrainingSet {
  private final int classes;
  private final List<Pixels> crops = new ArrayList<>();

  public TinyFaces(int classes, int cropsEach) {
    this(classes, cropsEach, 16);
  }

  TinyFaces(int classes, int cropsEach, int side) {
    this.classes = classes;
    Random random = new Random(1);
    for (int label = 0; label < classes; label++) {
      byte[] pattern = new byte[side * side * 3];
      random.nextBytes(pattern);
      for (int i = 0; i < cropsEach; i++) {
        byte[] noisy = pattern.clone();
        for (int p = 0; p < noisy.length; p++) {
          noisy[p] = (byte) Math.max(0, Math.min(255, (noisy[p] & 0xFF) + random.nextInt(41) - 20));
        }
        crops.add(new Pixels(side, side, noisy));
      }
    }
  }

  @Override
  public int size() {
    return crops.size();
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public int label(int index) {
    return index / (crops.size() / classes);
  }

  @Override
  public String faceId(int index) {
    return "face-" + index;
  }

  @Override
  public Pixels crop(int index) {
    return crops.get(index);
  }
}
