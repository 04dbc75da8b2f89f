package io.facet.tracking.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path folder;

  @Test
  void whatWasAppendedIsReadBackInOrderAcrossSegments() throws IOException {
    List<String> words = IntStream.range(0, 500).mapToObj(i -> "record " + i).toList();
    try (Journal journal = Journal.open(folder, 200)) {
      for (String word : words) {
        journal.append(bytes(word));
        journal.flush();
      }
    }
    assertThat(JournalFormat.segment(folder, 10)).exists();
    assertThat(readAll(JournalPosition.START)).isEqualTo(words);
  }

  @Test
  void readingGoesOnWhereAnEarlierReaderStopped() throws IOException {
    write("one", "two", "three");
    JournalPosition afterOne;
    try (JournalReader reader = new JournalReader(folder, JournalPosition.START)) {
      afterOne = reader.next().orElseThrow().end();
    }
    assertThat(readAll(afterOne)).containsExactly("two", "three");
  }

  @Test
  void aReaderSeesWhatIsAppendedAfterItReachedTheEnd() throws IOException {
    try (Journal journal = Journal.open(folder);
        JournalReader reader = new JournalReader(folder, JournalPosition.START)) {
      assertThat(reader.next()).isEmpty();
      journal.append(bytes("late"));
      journal.flush();
      assertThat(text(reader.next())).isEqualTo("late");
    }
  }

  @Test
  void recordsBecomeReadableWithoutAFlush() throws IOException {
    try (Journal journal = Journal.open(folder)) {
      journal.append(bytes("soon"));
      Awaitility.await()
          .atMost(LONG)
          .until(() -> readAll(JournalPosition.START).equals(List.of("soon")));
    }
  }

  @Test
  void recordsAreForcedToTheDiskWithoutAFlush() throws IOException {
    try (Journal journal = Journal.open(folder)) {
      for (int i = 0; i < 3; i++) {
        journal.append(bytes("record " + i));
        long end = Files.size(JournalFormat.segment(folder, 1)) + JournalFormat.HEADER_BYTES + 8;
        Awaitility.await()
            .atMost(LONG)
            .pollInterval(Duration.ofMillis(10))
            .until(() -> journal.forced() >= end);
      }
    }
  }

  @Test
  void aFlushForcesAtOnceAndADeathLosesOnlyWhatWasNotWritten() throws IOException {
    Journal journal = Journal.tryOpen(folder, 1 << 20, false).orElseThrow();
    journal.append(bytes("flushed"));
    journal.flush();
    assertThat(journal.forced()).isEqualTo(Files.size(JournalFormat.segment(folder, 1)));
    journal.append(bytes("only in memory"));
    journal.die();
    assertThat(readAll(JournalPosition.START)).containsExactly("flushed");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 8, 9, 12})
  void anIncompleteEndIsCutOffAndWritingGoesOn(int lost) throws IOException {
    write("one", "two");
    Path segment = JournalFormat.segment(folder, 1);
    truncate(segment, Files.size(segment) - Math.min(lost, 10));
    if (lost > 10) {
      Files.write(segment, new byte[lost], StandardOpenOption.APPEND);
    }
    assertThat(readAll(JournalPosition.START)).containsExactly("one");
    write("three");
    assertThat(readAll(JournalPosition.START)).containsExactly("one", "three");
  }

  @Test
  void aSegmentWithoutItsBeginningIsBegunAgain() throws IOException {
    Files.write(JournalFormat.segment(folder, 1), new byte[] {'F', 'A'});
    assertThat(readAll(JournalPosition.START)).isEmpty();
    write("one");
    assertThat(readAll(JournalPosition.START)).containsExactly("one");
  }

  @Test
  void aDamagedRecordIsPassedOverAndCounted() throws IOException {
    write("one", "two", "three");
    JournalPosition second;
    try (JournalReader reader = new JournalReader(folder, JournalPosition.START)) {
      second = reader.next().orElseThrow().end();
    }
    try (FileChannel channel =
        FileChannel.open(JournalFormat.segment(folder, 1), StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes("X")), second.offset() + JournalFormat.HEADER_BYTES);
    }
    try (JournalReader reader = new JournalReader(folder, JournalPosition.START)) {
      assertThat(text(reader.next())).isEqualTo("one");
      assertThat(text(reader.next())).isEqualTo("three");
      assertThat(reader.next()).isEmpty();
      assertThat(reader.damaged()).isEqualTo(1);
    }
  }

  @Test
  void aDamagedEndOfAnEarlierSegmentDoesNotHideTheNextOne() throws IOException {
    try (Journal journal = Journal.open(folder, 20)) {
      for (String word : List.of("first record here", "second record here")) {
        journal.append(bytes(word));
        journal.flush();
      }
    }
    Path first = JournalFormat.segment(folder, 1);
    truncate(first, Files.size(first) - 3);
    try (JournalReader reader = new JournalReader(folder, JournalPosition.START)) {
      assertThat(text(reader.next())).isEqualTo("second record here");
      assertThat(reader.damaged()).isEqualTo(1);
    }
  }

  @Test
  void aFileOfAnotherKindIsNamed() throws IOException {
    Files.write(JournalFormat.segment(folder, 1), bytes("something else"));
    assertThatThrownBy(() -> readAll(JournalPosition.START))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("journal-00000001.log");
  }

  @Test
  void onlyOneWriterHasAJournal() throws IOException {
    try (Journal journal = Journal.open(folder)) {
      assertThat(Journal.tryOpen(folder)).isEmpty();
      journal.append(bytes("mine"));
    }
    Optional<Journal> next = Journal.tryOpen(folder);
    assertThat(next).isPresent();
    next.get().close();
  }

  @Test
  void aRecordLargerThanTheReadersChunkIsReadWhole() throws IOException {
    String large = "x".repeat(3 << 20);
    write("small", large, "after");
    assertThat(readAll(JournalPosition.START)).containsExactly("small", large, "after");
  }

  private void write(String... words) throws IOException {
    try (Journal journal = Journal.open(folder)) {
      for (String word : words) {
        journal.append(bytes(word));
      }
    }
  }

  private List<String> readAll(JournalPosition from) throws IOException {
    List<String> words = new ArrayList<>();
    try (JournalReader reader = new JournalReader(folder, from)) {
      for (var next = reader.next(); next.isPresent(); next = reader.next()) {
        words.add(text(next));
      }
    }
    return words;
  }

  private static String text(Optional<JournalReader.Entry> entry) {
    return new String(entry.orElseThrow().payload(), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void truncate(Path file, long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }
}
