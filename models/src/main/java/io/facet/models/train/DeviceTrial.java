package io.facet.models.train;

import ai.djl.Device;
import io.facet.models.backbone.Backbone;
import io.facet.models.face.Pixels;
import io.facet.models.face.Preprocessing;
import io.facet.models.option.RecordBinder;
import io.facet.models.train.data.TrainingSet;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A short training of a small student on a device and on the host: whether both agree. */
public final class DeviceTrial {
  /** Steps of the trial. */
  public static final int STEPS = 20;

  /** Largest relative difference of losses that kernels of two devices may have after them. */
  public static final double TOLERANCE = 0.01;

  private static final int BATCH = 32;
  private static final int PEOPLE = 16;

  private DeviceTrial() {}

  /**
   * What came out.
   *
   * @param difference largest relative difference of a loss between device and host
   * @param imagesPerSecond of the second half, on the device
   * @param imagesPerSecondOnHost the same on the host
   */
  public record Outcome(double difference, double imagesPerSecond, double imagesPerSecondOnHost) {}

  /**
   * Trains a MobileFaceNet of quarter width on both.
   *
   * @throws InterruptedException if the thread is interrupted
   */
  public static Outcome run(Device device) throws InterruptedException {
    Lines there = train(device);
    Lines here = train(Device.cpu());
    double largest = 0;
    for (int i = 0; i < here.losses.size(); i++) {
      double loss = here.losses.get(i);
      largest = Math.max(largest, Math.abs(there.losses.get(i) - loss) / Math.abs(loss));
    }
    return new Outcome(largest, there.speed, here.speed);
  }

  private static Lines train(Device device) throws InterruptedException {
    Lines lines = new Lines();
    TrainingSetup setup =
        TrainingSetup.of(
                Backbone.create(
                    RecordBinder.select(Backbone.class, "mobilefacenet", "{\"width\": 0.25}")),
                Preprocessing.STANDARD,
                new Noise(),
                RecordBinder.bindJson(
                    TrainingOptions.class,
                    """
                    {"epochs": %d, "maxSteps": %d, "batchSize": %d, "logEvery": %d,
                     "learningRate": 0.001}
                    """
                        .formatted(STEPS, STEPS, BATCH, STEPS / 2)),
                1)
            .device(device)
            .listener(lines);
    try {
      TrainingRun.run(setup);
    } catch (IOException e) {
      throw new IllegalStateException("a training without checkpoints reads no file", e);
    }
    return lines;
  }

  /** Keeps the losses and the last speed. */
  private static final class Lines implements TrainingListener {
    private final List<Double> losses = new ArrayList<>();
    private double speed;

    @Override
    public void logged(long step, long totalSteps, List<HistoryPoint> points) {
      for (HistoryPoint point : points) {
        if (point.name().startsWith("loss/")) {
          losses.add(point.value());
        } else if (point.name().equals("images_per_second")) {
          speed = point.value();
        }
      }
    }

    @Override
    public void warned(long step, String message) {}
  }

  /** A pattern of each person, under noise. */
  private static final class Noise implements TrainingSet {
    private static final int SHOTS = 4;
    private static final int STRENGTH = 40;

    @Override
    public int size() {
      return PEOPLE * SHOTS;
    }

    @Override
    public int classes() {
      return PEOPLE;
    }

    @Override
    public int label(int index) {
      return index / SHOTS;
    }

    @Override
    public String faceId(int index) {
      return "noise-" + index;
    }

    @Override
    public Pixels crop(int index) {
      int side = Preprocessing.STANDARD.width();
      byte[] values = new byte[side * side * 3];
      new Random(label(index)).nextBytes(values);
      Random noise = new Random(size() + index);
      for (int i = 0; i < values.length; i++) {
        values[i] = (byte) ((values[i] & 0xFF) / 2 + noise.nextInt(STRENGTH));
      }
      return new Pixels(side, side, values);
    }
  }
}
