package io.facet.transforms.pack;

import io.facet.models.face.AlignedImages;
import io.facet.models.face.FaceEncoder;
import io.facet.models.face.Pixels;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.parquet.FacetParquetIO;
import io.facet.transforms.parquet.TableFile;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.row.FaceId;
import io.facet.transforms.row.FaceName;
import io.facet.transforms.row.FaceRow;
import io.facet.transforms.row.ImageRow;
import io.facet.transforms.row.PersonRow;
import io.facet.transforms.row.RecordCoder;
import io.facet.transforms.testing.Pipelines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollection;

/** Faces of people who do not exist, and packs of them. */
final class PackedFaces {
  private static final String ALIGNMENT = "0123456789ab";

  final List<FaceName> faces = new ArrayList<>();
  final List<FaceRow> crops = new ArrayList<>();

  /** Of these the crops stand in table images alone. */
  final Set<String> takenAsTheyAre = new HashSet<>();

  final List<LabelFaces.Sample> samples = new ArrayList<>();
  private final Random random = new Random(6);

  /** An image with its first face and a name; returns the image's id. */
  String image(String identity, String split) {
    byte[] pixels = new byte[112 * 112 * 3];
    random.nextBytes(pixels);
    byte[] png = FaceEncoder.png(new Pixels(112, 112, pixels));
    String imageId = Sha256.hex(png);
    face(imageId, 0, png);
    name(imageId, identity, split);
    return imageId;
  }

  void face(String imageId, int index, byte[] png) {
    String faceId = FaceId.of(imageId, index, ALIGNMENT);
    faces.add(new FaceName(faceId, imageId, index));
    float[] none = new float[0];
    crops.add(new FaceRow(faceId, imageId, index, png, "png", none, none, 1, 0, 0));
  }

  void name(String imageId, String identity, String split) {
    samples.add(new LabelFaces.Sample(imageId, "name-" + samples.size() + ".png", identity, split));
  }

  /** Packs them below an attempt folder. */
  PackFiles pack(String attempt, int shards) throws IOException {
    Pipelines.run(
        pipeline -> {
          PCollection<LabelFaces.Labelled> labels =
              of(pipeline, "Faces", FaceName.class, faces)
                  .apply(
                      "Label",
                      LabelFaces.by(of(pipeline, "Samples", LabelFaces.Sample.class, samples)));
          labels
              .apply("Names", NameIdentities.create())
              .apply(
                  "WriteNames",
                  FacetParquetIO.write(PersonRow.class, "people").inOneFile().to(attempt));
          labels.apply("Pack", PackFaces.inShards(shards).to(attempt));
        });
    writeCrops(attempt);
    return files(attempt, attempt);
  }

  private void writeCrops(String attempt) throws IOException {
    List<FaceRow> rows = new ArrayList<>();
    List<ImageRow> images = new ArrayList<>();
    for (FaceRow crop : crops) {
      boolean taken = takenAsTheyAre.contains(crop.imageId());
      rows.add(taken ? crop.withoutImage() : crop);
      byte[] bytes = taken ? crop.crop() : new byte[] {1, 2, 3};
      images.add(
          new ImageRow(crop.imageId(), bytes, "png", 112, 112, new float[0], AlignedImages.AUTO));
    }
    TableFile.write(FaceRow.class, attempt, "faces", rows);
    TableFile.write(ImageRow.class, attempt, "images", images);
  }

  private static <T> PCollection<T> of(
      Pipeline pipeline, String name, Class<T> type, List<T> rows) {
    return pipeline.apply(name, Create.of(rows).withCoder(RecordCoder.of(type)));
  }

  /** What a driver would tell of a pack. */
  static PackFiles files(String attempt, String ofFaces) throws IOException {
    return new PackFiles(
        table(ofFaces, "faces"),
        table(attempt, "images"),
        table(attempt, PackFaces.TABLE),
        TableSummary.read(attempt, "people").uris(attempt));
  }

  private static List<DataFile> table(String attempt, String name) throws IOException {
    List<DataFile> files = new ArrayList<>();
    for (String uri : TableSummary.read(attempt, name).uris(attempt)) {
      byte[] bytes = Files.readAllBytes(path(uri));
      files.add(new DataFile(uri, bytes.length, Sha256.hex(bytes)));
    }
    return files;
  }

  /** The local file behind a URI, also one of the test's own file system. */
  static Path path(String uri) {
    return Path.of(uri.replaceFirst("faulty://[^/]*", ""));
  }
}
