package io.facet.transforms.shared;

import io.facet.transforms.row.TextCoder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.NullableCoder;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;

/**
 * Groups two collections by their keys: each value of a key is a pair of which one side is null.
 * Values come in any order, any number of them, and are iterated over once. (Beam's {@code
 * CoGroupByKey} iterates a second time over those behind the ten thousandth of a key, which Flink
 * refuses.)
 *
 * <pre>{@code
 * PCollection<KV<String, Iterable<KV<ImageRow, PairRow>>>> both =
 *     pairs.apply("Join", GroupBoth.with(images));
 * }</pre>
 */
public final class GroupBoth<L, R>
    extends PTransform<PCollection<KV<String, R>>, PCollection<KV<String, Iterable<KV<L, R>>>>> {
  private static final long serialVersionUID = 1L;

  private final transient PCollection<KV<String, L>> left;

  private GroupBoth(PCollection<KV<String, L>> left) {
    this.left = left;
  }

  /** Groups with this collection, whose values are the left sides. */
  public static <L, R> GroupBoth<L, R> with(PCollection<KV<String, L>> left) {
    return new GroupBoth<>(left);
  }

  /** Gives each value of a key to the taker of its side, in the order they come. */
  public static <L, R> void each(
      Iterable<KV<L, R>> both, Consumer<L> takesLeft, Consumer<R> takesRight) {
    for (KV<L, R> value : both) {
      if (value.getKey() != null) {
        takesLeft.accept(value.getKey());
      } else {
        takesRight.accept(value.getValue());
      }
    }
  }

  /**
   * Gives each right side of a key together with its left side, null if it has none. Right sides
   * that come before the left one are kept in memory until then.
   */
  public static <L, R> void lookUp(Iterable<KV<L, R>> both, BiConsumer<L, R> found) {
    List<R> waiting = new ArrayList<>();
    L left = null;
    for (KV<L, R> value : both) {
      if (value.getKey() != null) {
        L known = left = value.getKey();
        waiting.forEach(right -> found.accept(known, right));
        waiting = new ArrayList<>();
      } else if (left == null) {
        waiting.add(value.getValue());
      } else {
        found.accept(left, value.getValue());
      }
    }
    for (R right : waiting) {
      found.accept(null, right);
    }
  }

  @Override
  public PCollection<KV<String, Iterable<KV<L, R>>>> expand(PCollection<KV<String, R>> right) {
    KvCoder<String, L> leftCoder = (KvCoder<String, L>) left.getCoder();
    KvCoder<String, R> rightCoder = (KvCoder<String, R>) right.getCoder();
    Coder<KV<String, KV<L, R>>> coder =
        KvCoder.of(
            TextCoder.of(),
            KvCoder.of(
                NullableCoder.of(leftCoder.getValueCoder()),
                NullableCoder.of(rightCoder.getValueCoder())));
    PCollection<KV<String, KV<L, R>>> lefts =
        left.apply("Left", ParDo.of(new LeftFn<L, R>())).setCoder(coder);
    PCollection<KV<String, KV<L, R>>> rights =
        right.apply("Right", ParDo.of(new RightFn<L, R>())).setCoder(coder);
    return PCollectionList.of(lefts)
        .and(rights)
        .apply("Both", Flatten.pCollections())
        .apply("Group", GroupByKey.create());
  }

  private static final class LeftFn<L, R> extends DoFn<KV<String, L>, KV<String, KV<L, R>>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void left(@Element KV<String, L> value, OutputReceiver<KV<String, KV<L, R>>> out) {
      out.output(KV.of(value.getKey(), KV.of(value.getValue(), null)));
    }
  }

  private static final class RightFn<L, R> extends DoFn<KV<String, R>, KV<String, KV<L, R>>> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void right(@Element KV<String, R> value, OutputReceiver<KV<String, KV<L, R>>> out) {
      out.output(KV.of(value.getKey(), KV.of(null, value.getValue())));
    }
  }
}
