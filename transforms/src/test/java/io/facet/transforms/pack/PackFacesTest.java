package io.facet.transforms.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.groups.Tuple.tuple;

import io.facet.models.DataException;
import io.facet.models.tensor.SeededHash;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.parquet.TableSummary;
import io.facet.transforms.row.IdentityRow;
import io.facet.transforms.row.PackRow;
import io.facet.transforms.row.PersonRow;
import io.facet.transforms.row.SampleRow;
import io.facet.transforms.row.TableDigest;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackFacesTest {
  private static final int IMAGES = 60;

  @TempDir Path folder;

  private static PackedFaces drawn() {
    PackedFaces drawn = new PackedFaces();
    for (int i = 0; i < IMAGES; i++) {
      String identity = i % 7 == 6 ? "" : "person-" + i % 7;
      drawn.image(identity, i % 7 == 0 ? SampleRow.VALIDATION : SampleRow.TRAIN);
    }
    return drawn;
  }

  private static List<PackRow> rows(PackFiles pack) {
    return ParquetTable.readAll(PackRow.class, pack.rows().stream().map(DataFile::uri).toList());
  }

  private String attempt(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void shardsHaveTheSameBytesHoweverFacesArrive() throws Exception {
    PackedFaces drawn = drawn();
    PackFiles first = drawn.pack(attempt("first"), 3);
    Collections.shuffle(drawn.faces, new Random(1));
    Collections.shuffle(drawn.samples, new Random(3));
    PackFiles second = drawn.pack(attempt("second"), 3);

    assertThat(first.rows()).hasSize(3);
    assertThat(second.rows().stream().map(DataFile::sha256))
        .containsExactlyElementsOf(first.rows().stream().map(DataFile::sha256).toList());
    assertThat(TableSummary.read(attempt("second"), "pack"))
        .isEqualTo(TableSummary.read(attempt("first"), "pack"));
  }

  @Test
  void rowsAreInTheOrderOfTheirHashesAcrossShardsWhateverTheirNumber() throws Exception {
    PackedFaces drawn = drawn();
    List<PackRow> rows = rows(drawn.pack(attempt("five"), 5));

    assertThat(rows).hasSize(IMAGES);
    assertThat(rows.stream().map(row -> SeededHash.of(row.faceId()))).isSorted();
    TableSummary five = TableSummary.read(attempt("five"), "pack");
    assertThat(five.rows()).isEqualTo(IMAGES);
    assertThat(five.digest()).isEqualTo(TableDigest.of(PackRow.class, rows).digest());
    drawn.pack(attempt("one"), 1);
    assertThat(TableSummary.read(attempt("one"), "pack").digest()).isEqualTo(five.digest());
  }

  @Test
  void onlyFirstFacesOfTrainingAndValidationImagesAreInIt() throws Exception {
    PackedFaces drawn = new PackedFaces();
    String twice = drawn.image("anna", SampleRow.TRAIN);
    drawn.name(twice, "anna", SampleRow.TRAIN); // a copy under another name
    drawn.name(twice, "anna", "lfw");
    drawn.face(twice, 1, new byte[] {1});
    String both = drawn.image("bert", SampleRow.TRAIN);
    drawn.name(both, "", SampleRow.VALIDATION);
    drawn.image("carl", "lfw");
    PackFiles pack = drawn.pack(attempt("pack"), 1);

    assertThat(rows(pack))
        .extracting(row -> row.faceId().substring(0, 66), PackRow::split, PackRow::identity)
        .containsExactlyInAnyOrder(
            tuple(twice + "-0", SampleRow.TRAIN, IdentityRow.number("anna")),
            tuple(both + "-0", SampleRow.TRAIN, IdentityRow.number("bert")),
            tuple(both + "-0", SampleRow.VALIDATION, PackRow.UNKNOWN));
    assertThat(ParquetTable.readAll(PersonRow.class, pack.people()))
        .extracting(PersonRow::split, PersonRow::identity)
        .containsExactlyInAnyOrder(tuple(SampleRow.TRAIN, "anna"), tuple(SampleRow.TRAIN, "bert"));
  }

  @Test
  void anImageUnderTwoIdentitiesIsAnError() {
    PackedFaces drawn = new PackedFaces();
    String image = drawn.image("anna", SampleRow.TRAIN);
    drawn.name(image, "bert", SampleRow.TRAIN);
    assertThatThrownBy(() -> drawn.pack(attempt("pack"), 1))
        .rootCause()
        .isInstanceOf(DataException.class)
        .hasMessage(
            "image %s (name-1.png) stands under two identities, 'anna' and 'bert'; remove one of the files"
                .formatted(image));
  }

  @Test
  void withoutFacesToTrainOnTheTableIsEmpty() throws Exception {
    PackedFaces drawn = new PackedFaces();
    drawn.image("anna", "lfw");
    PackFiles pack = drawn.pack(attempt("pack"), 2);
    assertThat(pack.rows()).isEmpty();
    assertThat(TableSummary.read(attempt("pack"), "pack").rows()).isZero();
    try (LocalPack open = LocalPack.open(pack)) {
      assertThat(open.train().size()).isZero();
      assertThat(open.train().classes()).isZero();
    }
  }

  @Test
  void shardsAreRangesOfHashesOfAbout200000FacesEach() {
    assertThat(PackFaces.shards(0)).isEqualTo(1);
    assertThat(PackFaces.shards(299_999)).isEqualTo(1);
    assertThat(PackFaces.shards(5_822_653)).isEqualTo(29);
    assertThat(PackFaces.shard(Long.MIN_VALUE, 7)).isZero();
    assertThat(PackFaces.shard(Long.MAX_VALUE, 7)).isEqualTo(6);
    assertThat(PackFaces.shard(-1, 2)).isZero();
    assertThat(PackFaces.shard(0, 2)).isEqualTo(1);
    assertThat(PackFaces.shard(Long.MAX_VALUE, 1)).isZero();
  }
}
