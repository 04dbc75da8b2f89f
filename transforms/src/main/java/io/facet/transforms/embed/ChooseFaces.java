package io.facet.transforms.embed;

import io.facet.transforms.parquet.LocatedRows;
import io.facet.transforms.parquet.LocatedRows.Wanted;
import io.facet.transforms.parquet.ParquetTable.RowGroup;
import io.facet.transforms.row.FaceCrop;
import io.facet.transforms.row.RecordCoder;
import io.facet.transforms.shared.GroupBoth;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.transforms.Distinct;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Reads the faces of the images in a collection of image ids (repeated ones count once); of several
 * faces in an image the first. Only names are joined; the crops are read where they lie, in one
 * table or the other.
 *
 * <pre>{@code
 * PCollection<FaceCrop> faces = imageIds.apply("Faces", ChooseFaces.from(files));
 * }</pre>
 */
public final class ChooseFaces extends PTransform<PCollection<String>, PCollection<FaceCrop>> {
  private static final long serialVersionUID = 1L;

  private final FaceFiles files;

  private ChooseFaces(FaceFiles files) {
    this.files = files;
  }

  /** Columns of table {@code faces}, or of an image, which has no face id. */
  private record Located(String faceId, String imageId, int faceIndex, int cropBytes) {}

  /** The column of table {@code images} that a join needs. */
  private record ImageName(String imageId) {}

  /** Reads them from these files. */
  public static ChooseFaces from(FaceFiles files) {
    return new ChooseFaces(files);
  }

  @Override
  public PCollection<FaceCrop> expand(PCollection<String> imageIds) {
    PBegin begin = imageIds.getPipeline().begin();
    PCollection<KV<String, String>> wanted =
        imageIds
            .apply("OnceEach", Distinct.create())
            .apply(
                "KeyIds",
                WithKeys.<String, String>of(id -> id).withKeyType(TypeDescriptors.strings()));
    PCollectionTuple chosen =
        PCollectionList.of(begin.apply("FindFaces", LocatedRows.of(Located.class, files.faces())))
            .and(images(begin))
            .apply("FacesAndImages", Flatten.pCollections())
            .apply(
                "KeyByImage",
                WithKeys.<String, KV<RowGroup, Located>>of(one -> one.getValue().imageId())
                    .withKeyType(TypeDescriptors.strings()))
            .apply("Join", GroupBoth.with(wanted))
            .apply(
                "Choose",
                ParDo.of(new ChooseFn())
                    .withOutputTags(ChooseFn.CUT_OUT, TupleTagList.of(ChooseFn.AS_THEY_ARE)));
    return PCollectionList.of(
            chosen
                .get(ChooseFn.CUT_OUT)
                .apply("ReadFaces", LocatedRows.rows(FaceCrop.class, FaceCrop::faceId))
                .apply("Faces", Values.create()))
        .and(
            chosen
                .get(ChooseFn.AS_THEY_ARE)
                .apply(
                    "ReadImages", LocatedRows.rows(FaceFiles.Image.class, FaceFiles.Image::imageId))
                .apply(
                    "Images",
                    MapElements.into(TypeDescriptor.of(FaceCrop.class))
                        .via(image -> new FaceCrop(image.getKey(), image.getValue().bytes()))))
        .apply("Crops", Flatten.pCollections());
  }

  private PCollection<KV<RowGroup, Located>> images(PBegin begin) {
    return begin
        .apply("FindImages", LocatedRows.of(ImageName.class, files.images()))
        .apply(
            "ImageIds",
            MapElements.into(new TypeDescriptor<KV<RowGroup, Located>>() {})
                .via(
                    image ->
                        KV.of(image.getKey(), new Located("", image.getValue().imageId(), 0, 0))))
        .setCoder(KvCoder.of(RecordCoder.of(RowGroup.class), RecordCoder.of(Located.class)));
  }

  private static final class ChooseFn
      extends DoFn<KV<String, Iterable<KV<String, KV<RowGroup, Located>>>>, KV<RowGroup, Wanted>> {
    private static final long serialVersionUID = 1L;

    /** Faces by their ids, in table {@code faces}. */
    static final TupleTag<KV<RowGroup, Wanted>> CUT_OUT = new TupleTag<>("cut-out") {};

    /** Images by theirs, with the key of their faces. */
    static final TupleTag<KV<RowGroup, Wanted>> AS_THEY_ARE = new TupleTag<>("as-they-are") {};

    @ProcessElement
    public void choose(
        @Element KV<String, Iterable<KV<String, KV<RowGroup, Located>>>> joined,
        MultiOutputReceiver out) {
      boolean wanted = false;
      KV<RowGroup, Located> face = null;
      KV<RowGroup, Located> image = null;
      for (KV<String, KV<RowGroup, Located>> one : joined.getValue()) {
        if (one.getKey() != null) {
          wanted = true;
        } else if (one.getValue().getValue().faceId().isEmpty()) {
          image = one.getValue();
        } else if (one.getValue().getValue().faceIndex() == 0) {
          face = one.getValue();
        }
      }
      if (!wanted || face == null) {
        return;
      }
      String faceId = face.getValue().faceId();
      if (face.getValue().cropBytes() > 0) {
        out.get(CUT_OUT).output(KV.of(face.getKey(), new Wanted(faceId, "")));
      } else if (image != null) {
        out.get(AS_THEY_ARE).output(KV.of(image.getKey(), new Wanted(joined.getKey(), faceId)));
      } else {
        throw FaceFiles.missing(joined.getKey());
      }
    }
  }
}
