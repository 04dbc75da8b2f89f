package io.facet.transforms.ingest;

import io.facet.transforms.row.PairRow;
import io.facet.transforms.row.RejectRow;
import io.facet.transforms.shared.GroupBoth;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptors;

/** Turns pairs of names into pairs of images; a pair with a missing image becomes a reject. */
final class ResolvePairs
    extends PTransform<PCollection<IngestSources.ListedPair>, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  /** Detail of a reject that stands for a forgotten image. */
  static final String ASKED = "somebody asked to forget it";

  private final transient PCollection<KV<String, String>> images;

  private ResolvePairs(PCollection<KV<String, String>> images) {
    this.images = images;
  }

  /**
   * Looks names up among these.
   *
   * @param images see {@link ListedNames}; the reject of a pair does not name one that was
   *     forgotten
   */
  static ResolvePairs with(PCollection<KV<String, String>> images) {
    return new ResolvePairs(images);
  }

  /**
   * One image of a pair.
   *
   * @param imageId empty until found
   */
  record Side(
      String set,
      int position,
      int fold,
      boolean same,
      boolean left,
      String name,
      String imageId) {}

  @Override
  public PCollectionTuple expand(PCollection<IngestSources.ListedPair> pairs) {
    PCollection<KV<String, Side>> sides =
        pairs
            .apply("Sides", ParDo.of(new SidesFn()))
            .apply(
                "KeySides",
                WithKeys.<String, Side>of(side -> ListedNames.key(side.set(), side.name()))
                    .withKeyType(TypeDescriptors.strings()));
    return sides
        .apply("FindImages", GroupBoth.with(images))
        .apply("Found", ParDo.of(new FoundFn()))
        .apply(
            "KeyByPair",
            WithKeys.<String, Side>of(side -> side.set() + "\n" + side.position())
                .withKeyType(TypeDescriptors.strings()))
        .apply("JoinSides", GroupByKey.create())
        .apply(
            "Pairs",
            ParDo.of(new PairFn())
                .withOutputTags(IngestSources.PAIRS, TupleTagList.of(IngestSources.REJECTS)));
  }

  private static final class SidesFn extends DoFn<IngestSources.ListedPair, Side> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void split(@Element IngestSources.ListedPair pair, OutputReceiver<Side> out) {
      out.output(side(pair, true, pair.left()));
      out.output(side(pair, false, pair.right()));
    }

    private static Side side(IngestSources.ListedPair pair, boolean left, String name) {
      return new Side(pair.set(), pair.position(), pair.fold(), pair.same(), left, name, "");
    }
  }

  private static final class FoundFn extends DoFn<KV<String, Iterable<KV<String, Side>>>, Side> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void find(
        @Element KV<String, Iterable<KV<String, Side>>> name, OutputReceiver<Side> out) {
      GroupBoth.lookUp(name.getValue(), (imageId, side) -> out.output(found(side, imageId)));
    }

    private static Side found(Side side, String imageId) {
      boolean forgotten = imageId != null && imageId.isEmpty();
      return new Side(
          side.set(),
          side.position(),
          side.fold(),
          side.same(),
          side.left(),
          forgotten ? "" : side.name(),
          imageId == null ? "" : imageId);
    }
  }

  private static final class PairFn extends DoFn<KV<String, Iterable<Side>>, PairRow> {
    private static final long serialVersionUID = 1L;

    @ProcessElement
    public void join(@Element KV<String, Iterable<Side>> pair, MultiOutputReceiver out) {
      Side left = null;
      Side right = null;
      for (Side side : pair.getValue()) {
        if (side.left()) {
          left = side;
        } else {
          right = side;
        }
      }
      if (left == null || right == null) {
        throw new IllegalStateException("pair " + pair.getKey() + " has one side only");
      }
      if (left.imageId().isEmpty() || right.imageId().isEmpty()) {
        boolean forgotten =
            (left.imageId().isEmpty() && left.name().isEmpty())
                || (right.imageId().isEmpty() && right.name().isEmpty());
        String missing = left.imageId().isEmpty() ? left.name() : right.name();
        out.get(IngestSources.REJECTS)
            .output(
                new RejectRow(
                    IngestSources.STAGE,
                    left.set(),
                    "pair " + left.position(),
                    "",
                    forgotten ? ForgottenImages.REASON : "unusable-pair",
                    forgotten ? ASKED : "its image '" + missing + "' is missing or was rejected"));
      } else {
        out.get(IngestSources.PAIRS)
            .output(
                new PairRow(
                    left.set(),
                    left.position(),
                    left.fold(),
                    left.imageId(),
                    right.imageId(),
                    left.same()));
      }
    }
  }
}
