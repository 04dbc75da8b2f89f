package io.facet.pipelines.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.Attempt;
import io.facet.pipelines.artifact.FileDigests;
import io.facet.pipelines.artifact.LocalFiles;
import io.facet.pipelines.plan.ExitCodes;
import io.facet.tracking.file.Locks;
import io.facet.tracking.outbox.Outbox;
import io.facet.tracking.outbox.Session;
import io.facet.transforms.ingest.ForgottenImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What was forgotten stands nowhere in the store, in no form, and does not come back. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ForgetCommandTest {
  private static final String PERSON = "train/p1";

  @TempDir static Path made;

  private static SmallStore original;

  @TempDir Path copy;

  @BeforeAll
  static void run() throws Exception {
    original = SmallStore.draw(made).run();
  }

  /** Each test has a store of its own; the sources stay. */
  @BeforeEach
  void copyStore() throws IOException {
    copy(original.path(), copy);
  }

  private CommandRun forget(Object... arguments) {
    List<Object> all = new ArrayList<>(List.of("forget"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--store", copy));
    return CommandRun.of(all.toArray());
  }

  private CommandRun runAgain() {
    return CommandRun.of("run", original.recipe(), "--tracking-uri", "none", "--store", copy);
  }

  private static List<Path> pictures(String... names) {
    List<Path> files = new ArrayList<>();
    for (String name : names) {
      files.add(original.image(name));
    }
    return files;
  }

  private static List<byte[]> traces(List<Path> files, String... words) throws IOException {
    List<byte[]> traces = new ArrayList<>();
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      traces.add(bytes);
      traces.add(FileDigests.sha256(bytes).getBytes(StandardCharsets.UTF_8));
    }
    for (String word : words) {
      traces.add(word.getBytes(StandardCharsets.UTF_8));
    }
    return traces;
  }

  private static List<byte[]> personsTraces() throws IOException {
    return traces(
        pictures("train/p1/0.jpg", "train/p1/1.jpg", "train/p1/2.jpg"),
        "p1/0.jpg",
        "p1/1.jpg",
        "p1/2.jpg",
        PERSON);
  }

  @Test
  void aPersonIsNowhereAndDoesNotComeBack() throws Exception {
    assertThat(StoreBytes.holding(copy, personsTraces())).as("the search finds").isNotEmpty();

    CommandRun forgotten = forget(PERSON, "--yes");

    assertThat(forgotten.exitCode()).as(forgotten.said()).isZero();
    assertThat(forgotten.out())
        .contains(
            "3 images of " + PERSON,
            "distill[feature-consistency#1]",
            "train it again",
            "the other faces are kept as align");
    assertThat(StoreBytes.holding(copy, personsTraces())).isEmpty();
    assertThat(CommandRun.of("verify", copy).exitCode()).isZero();

    CommandRun again = runAgain();
    assertThat(again.exitCode()).as(again.said()).isZero();
    assertThat(StoreBytes.holding(copy, personsTraces())).isEmpty();
    assertThat(StoreBytes.cells(copy, "ingest", "rejects", "reason"))
        .containsExactly("forgotten", "forgotten", "forgotten");
    assertThat(StoreBytes.cells(copy, "ingest", "samples", "identity"))
        .contains("train/p0", "train/p2")
        .doesNotContain(PERSON);
  }

  @Test
  void anImageOfAVerificationSetTakesItsPairsAlong() throws Exception {
    List<byte[]> traces = traces(pictures("images/q1/0.jpg"), "q1/0.jpg");

    CommandRun forgotten = forget(original.image("images/q1/0.jpg"), "--yes");

    assertThat(forgotten.exitCode()).as(forgotten.said()).isZero();
    assertThat(forgotten.out())
        .contains("1 images", "evaluate[public]")
        .as("students never saw it")
        .doesNotContain("train it again");
    assertThat(StoreBytes.holding(copy, traces)).isEmpty();

    CommandRun again = runAgain();
    assertThat(again.exitCode()).as(again.said()).isZero();
    assertThat(StoreBytes.cells(copy, "ingest", "rejects", "reason"))
        .containsExactly("forgotten", "forgotten", "forgotten");
    assertThat(StoreBytes.holding(copy, traces)).isEmpty();
  }

  @Test
  void aDryRunChangesNothing() throws IOException {
    String before = StoreBytes.digest(copy);
    Path json = made.resolve("dry.json");

    CommandRun run = forget("p1/0.jpg", "--dry-run", "--json", json);

    assertThat(run.exitCode()).as(run.said()).isZero();
    assertThat(run.out()).contains("nothing was changed", "ingest", "prompt[public]");
    assertThat(StoreBytes.digest(copy)).isEqualTo(before);
    assertThat(Files.readString(json)).contains("\"retrain\"").doesNotContain("p1/0.jpg");
  }

  @Test
  void withoutATerminalItMustBeAgreedTo() throws IOException {
    String before = StoreBytes.digest(copy);
    CommandRun run = forget(PERSON);
    assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.RECIPE);
    assertThat(run.err()).contains("--yes or --dry-run");
    assertThat(StoreBytes.digest(copy)).isEqualTo(before);
  }

  @Test
  void whatNobodyKnowsIsRefused() {
    CommandRun run = forget("nobody/9.jpg", "--yes");
    assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.DATA);
    assertThat(run.err()).contains("knows no such image", "name of a person");
  }

  @Test
  void underALivingRunNothingIsDeleted() throws IOException {
    try (ArtifactStore other = ArtifactStore.open(copy.toString())) {
      Attempt alive = other.begin("ingest", "0".repeat(64));
      String before = StoreBytes.digest(copy);

      CommandRun run = forget(PERSON, "--yes");

      assertThat(run.exitCode()).as(run.said()).isEqualTo(ExitCodes.RECIPE);
      assertThat(run.err()).contains("somebody makes an artifact");
      assertThat(StoreBytes.digest(copy)).isEqualTo(before);
      other.abandon(alive);
    }
  }

  @Test
  void cutShortBeforeTheOutboxItGoesOnWhenAskedAgain() throws IOException {
    Session session = Outbox.in(copy).sessions().get(0);
    try (Locks.Held held = Locks.tryLock(session.folder().resolve("writer.lock")).orElseThrow()) {
      CommandRun cut = forget(PERSON, "--yes");
      assertThat(cut.exitCode()).as(cut.said()).isEqualTo(ExitCodes.INFRASTRUCTURE);
      assertThat(cut.err()).contains("facet forget --store");
    }
    assertThat(CommandRun.of("verify", copy).exitCode()).as("other commands understand").isZero();

    CommandRun again = forget(PERSON, "--yes");

    assertThat(again.exitCode()).as(again.said()).isZero();
    assertThat(again.out()).contains("was cut short", "nothing more of it");
    assertThat(StoreBytes.holding(copy, personsTraces())).isEmpty();
  }

  @Test
  void cutShortBetweenMarkerAndFilesItGoesOnWithoutName() throws IOException {
    Path notes = copy.resolve(ForgottenImages.FOLDER);
    Session session = Outbox.in(copy).sessions().get(0);
    try (Locks.Held held = Locks.tryLock(session.folder().resolve("writer.lock")).orElseThrow()) {
      assertThat(forget(PERSON, "--yes").exitCode()).isEqualTo(ExitCodes.INFRASTRUCTURE);
    }
    copy(notes, made.resolve("notes"));
    LocalFiles.deleteTree(copy);
    copyStore();
    copy(made.resolve("notes"), notes);
    for (String stage : List.of("ingest", "prompt")) {
      try (var files = Files.walk(copy.resolve(stage)).filter(Files::isRegularFile)) {
        for (Path file : files.toList()) {
          if (file.endsWith("COMMITTED")) {
            Files.delete(file);
          } else if (file.getParent().endsWith("lease")) {
            // whoever made it, this process, is no more
            String lease = Files.readString(file);
            Files.writeString(file, lease.replaceFirst("\"expires\":\\d+", "\"expires\":0"));
          }
        }
      }
    }

    CommandRun again = forget();

    assertThat(again.exitCode()).as(again.said()).isZero();
    assertThat(StoreBytes.holding(copy, personsTraces())).isEmpty();
    assertThat(forget().err()).contains("no forgetting was cut short");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path place = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(place);
        } else {
          Files.copy(file, place, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }
}
