package io.facet.transforms.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.transforms.testing.Pipelines;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.beam.sdk.coders.CoderException;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.util.SerializableUtils;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.junit.jupiter.api.Test;

class RecordCoderTest {
  enum Colour {
    RED,
    GREEN
  }

  @SuppressWarnings("ArrayRecordComponent")
  record Everything(
      String text,
      int small,
      long large,
      float single,
      double twice,
      boolean flag,
      byte[] bytes,
      float[] floats,
      int[] ints,
      List<String> texts,
      Colour colour) {}

  record WithMap(String name, Map<String, String> map) {}

  @Provide
  Arbitrary<Everything> everything() {
    Arbitrary<float[]> floats = Arbitraries.floats().array(float[].class).ofMaxSize(20);
    return Combinators.combine(
            Arbitraries.strings(),
            Arbitraries.integers(),
            Arbitraries.longs(),
            Arbitraries.doubles(),
            Arbitraries.bytes().array(byte[].class).ofMaxSize(300),
            floats,
            Arbitraries.strings().list().ofMaxSize(4),
            Arbitraries.of(Colour.class))
        .as(
            (text, small, large, twice, bytes, numbers, texts, colour) ->
                new Everything(
                    text,
                    small,
                    large,
                    twice.floatValue(),
                    twice,
                    small % 2 == 0,
                    bytes,
                    numbers,
                    new int[] {small, -small},
                    texts,
                    colour));
  }

  @Property(tries = 200)
  void decodingGivesBackWhatWasEncoded(@ForAll("everything") Everything row) throws Exception {
    RecordCoder<Everything> coder = RecordCoder.of(Everything.class);
    Everything back =
        CoderUtils.decodeFromByteArray(coder, CoderUtils.encodeToByteArray(coder, row));
    assertThat(back).usingRecursiveComparison().isEqualTo(row);
  }

  @Test
  void canonicalBytesAreFixedForEver() {
    PairRow row = new PairRow("lfw", 7, 1, "ab", "é", true);
    assertThat(HexFormat.of().formatHex(RecordCoder.of(PairRow.class).canonicalBytes(row)))
        .isEqualTo("036c66770000000700000001" + "026162" + "02c3a9" + "01");
  }

  @Test
  void canonicalBytesSpellIdsOut() {
    String id = "0123456789abcdef".repeat(4);
    assertThat(RecordCoder.of(SampleRow.class).canonicalBytes(new SampleRow("", "", "", "", id)))
        .endsWith(id.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void rowsFollowEachOtherInOneStream() throws Exception {
    RecordCoder<TimingRow> coder = RecordCoder.of(TimingRow.class);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    coder.encode(new TimingRow("align", "detect_milliseconds", 2.5), out);
    coder.encode(new TimingRow("embed", "embed_milliseconds", 7), out);
    ByteArrayInputStream in = new ByteArrayInputStream(out.toByteArray());
    assertThat(coder.decode(in).value()).isEqualTo(2.5);
    assertThat(coder.decode(in).stage()).isEqualTo("embed");
  }

  @Test
  void nullsAreRefusedByName() {
    RecordCoder<SampleRow> coder = RecordCoder.of(SampleRow.class);
    assertThatThrownBy(
            () ->
                coder.encode(
                    new SampleRow("cfp", "1.jpg", null, "train", "id"),
                    new ByteArrayOutputStream()))
        .isInstanceOf(CoderException.class)
        .hasMessageContaining("SampleRow.identity is null");
  }

  @Test
  void nullsInListsAreRefused() {
    record Names(List<String> names) {}
    assertThatThrownBy(
            () ->
                RecordCoder.of(Names.class)
                    .encode(new Names(Arrays.asList("a", null)), new ByteArrayOutputStream()))
        .isInstanceOf(CoderException.class)
        .hasMessageContaining("Names.names is null");
  }

  @Test
  void cutOffRowsAreNoticed() throws Exception {
    RecordCoder<EmbeddingRow> coder = RecordCoder.of(EmbeddingRow.class);
    byte[] whole =
        CoderUtils.encodeToByteArray(
            coder, new EmbeddingRow("student", "face", new float[] {1, 2}));
    byte[] cut = Arrays.copyOf(whole, whole.length - 3);
    assertThatThrownBy(() -> coder.decode(new ByteArrayInputStream(cut)))
        .isInstanceOf(EOFException.class)
        .hasMessage("row ends after 5 of 8 bytes");
  }

  @Test
  void unsupportedComponentsAreRefusedByName() {
    assertThatThrownBy(() -> RecordCoder.of(WithMap.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("WithMap.map: rows cannot hold java.util.Map");
  }

  @Test
  void survivesSerialisation() throws Exception {
    RecordCoder<TimingRow> coder =
        (RecordCoder<TimingRow>)
            SerializableUtils.ensureSerializable(RecordCoder.of(TimingRow.class));
    TimingRow row = new TimingRow("align", "total_seconds", 1);
    assertThat(CoderUtils.decodeFromByteArray(coder, CoderUtils.encodeToByteArray(coder, row)))
        .isEqualTo(row);
    assertThat(coder)
        .isEqualTo(RecordCoder.of(TimingRow.class))
        .isNotEqualTo(RecordCoder.of(PairRow.class));
  }

  @Test
  void beamFindsTheCoderByItself() {
    Pipelines.run(
        pipeline -> {
          var rows =
              pipeline
                  .apply(Create.of(1, 2))
                  .apply(
                      MapElements.into(TypeDescriptor.of(TimingRow.class))
                          .via(n -> new TimingRow("align", "n", n)));
          assertThat(rows.getCoder()).isEqualTo(RecordCoder.of(TimingRow.class));
          PAssert.that(rows)
              .containsInAnyOrder(new TimingRow("align", "n", 2), new TimingRow("align", "n", 1));
        });
  }

  @Test
  void aWrongAssertionFailsThePipeline() {
    assertThatThrownBy(
            () ->
                Pipelines.run(
                    pipeline ->
                        PAssert.that(pipeline.apply(Create.of(new TimingRow("a", "b", 1))))
                            .containsInAnyOrder(new TimingRow("a", "b", 2))))
        .isInstanceOf(AssertionError.class);
  }
}
