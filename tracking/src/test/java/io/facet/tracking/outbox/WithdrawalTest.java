package io.facet.tracking.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.tracking.RunSpec;
import io.facet.tracking.TrackedRun;
import io.facet.tracking.Tracking;
import io.facet.tracking.journal.EventReader;
import io.facet.tracking.journal.JournalPosition;
import io.facet.tracking.journal.TrackingEvent;
import io.facet.tracking.rest.TrackingOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is withdrawn stands nowhere in the outbox, and all else stays where it was. */
class WithdrawalTest {
  @TempDir Path store;

  @BeforeEach
  void track() {
    try (Tracking tracking = Tracking.open(TrackingOptions.local(), store)) {
      TrackedRun run = tracking.start(RunSpec.of("study", "first"));
      run.tag("warning", "1 rejected: anna/1.jpg");
      run.text("list.txt", "bert/2.jpg anna/1.jpg");
      run.text("other.txt", "bert/2.jpg");
      run.metric("loss", 1, 1, 1000);
      run.finish();
    }
  }

  private Withdrawal withdrawal() {
    return new Withdrawal(
        Outbox.in(store),
        "withdrawn",
        blob -> Files.readString(blob).contains("anna"),
        text -> {
          String read = new String(text, StandardCharsets.UTF_8);
          return read.contains("anna")
              ? Optional.of(read.replace("anna", "****").getBytes(StandardCharsets.UTF_8))
              : Optional.empty();
        });
  }

  private List<TrackingEvent> events() throws IOException {
    List<TrackingEvent> events = new ArrayList<>();
    for (Session session : Outbox.in(store).sessions()) {
      try (EventReader reader = session.read(JournalPosition.START)) {
        for (var next = reader.next(); next.isPresent(); next = reader.next()) {
          events.add(next.get().event());
        }
        assertThat(reader.damaged()).isZero();
      }
    }
    return events;
  }

  private List<Path> holders() throws IOException {
    try (Stream<Path> files = Files.walk(store)) {
      List<Path> found = new ArrayList<>();
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (Files.readString(file, StandardCharsets.ISO_8859_1).contains("anna")) {
          found.add(file);
        }
      }
      return found;
    }
  }

  @Test
  void artifactsBecomeATagAndWordsAreBlottedOut() throws IOException {
    int before = events().size();
    assertThat(holders()).hasSize(2);

    Withdrawal.Report report = withdrawal().takeOut();

    assertThat(report.artifacts())
        .containsExactly(new Withdrawal.Found("first", "list.txt", false));
    assertThat(report.events()).isOne();
    assertThat(holders()).isEmpty();
    List<TrackingEvent> after = events();
    assertThat(after).hasSize(before);
    assertThat(after)
        .filteredOn(TrackingEvent.ArtifactKept.class::isInstance)
        .extracting(event -> ((TrackingEvent.ArtifactKept) event).path())
        .containsExactly("other.txt");
    assertThat(after)
        .filteredOn(TrackingEvent.Tags.class::isInstance)
        .extracting(event -> ((TrackingEvent.Tags) event).values())
        .contains(Map.of("warning", "1 rejected: ****/1.jpg"), Map.of("withdrawn", "list.txt"));
    assertThat(withdrawal().takeOut().artifacts()).as("done again").isEmpty();
  }

  @Test
  void lookingChangesNothing() throws IOException {
    Withdrawal.Report report = withdrawal().look();
    assertThat(report.artifacts()).hasSize(1);
    assertThat(holders()).hasSize(2);
  }

  @Test
  void anOutboxThatIsWrittenIsLeftAlone() {
    try (Tracking tracking = Tracking.open(TrackingOptions.local(), store)) {
      tracking.start(RunSpec.of("study", "second"));
      assertThatThrownBy(() -> withdrawal().takeOut())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("in use by another process");
    }
  }
}
