package io.facet.pipelines.nightly;

import io.facet.models.option.RecordBinder;
import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.JsonText;
import io.facet.pipelines.artifact.LocalFiles;
import io.facet.tracking.file.Locks;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The nights of one recipe in a store: {@code nights/RECIPE/000001/summary.json} and {@code .txt}.
 * A night without summary was killed; the next start goes on with it.
 */
public final class Nights {
  private static final String FOLDER = "nights";
  private static final String BEGUN = "begun.json";
  private static final String SUMMARY = "summary.json";
  private static final String TEXT = "summary.txt";
  private static final String EXPIRED = "expired";
  private static final String HOLDER = "running.json";

  private final Path folder;

  /** The nights of the recipe of that name. */
  public Nights(Path store, String recipe) {
    folder = store.resolve(FOLDER).resolve(recipe);
  }

  /**
   * A night that begins, or goes on.
   *
   * @param number from 1
   * @param begun ISO time
   */
  public record Begun(int number, String begun) {}

  /**
   * Who has the lock.
   *
   * @param pid process
   * @param since ISO time
   */
  public record Holder(long pid, String since) {}

  /**
   * Takes the lock of the recipe, or answers empty if a night of it runs. Dies with the process.
   */
  public Optional<Locks.Held> tryLock() {
    try {
      Files.createDirectories(folder);
      Optional<Locks.Held> held = Locks.tryLock(folder.resolve("running.lock"));
      if (held.isPresent()) {
        Holder self = new Holder(ProcessHandle.current().pid(), Instant.now().toString());
        write(folder.resolve(HOLDER), RecordBinder.toJson(self));
      }
      return held;
    } catch (IOException e) {
      throw new InfrastructureException("cannot lock %s: %s".formatted(folder, e), e);
    }
  }

  /** Who runs a night, as far as known. */
  public Optional<Holder> holder() {
    Path file = folder.resolve(HOLDER);
    return Files.isReadable(file) ? Optional.of(read(Holder.class, file)) : Optional.empty();
  }

  /** Begins a night, or goes on with the one that was killed; call it under the lock. */
  public Begun begin() {
    List<Path> all = folders();
    Optional<Path> last = all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
    Optional<Path> open = last.filter(night -> !Files.exists(night.resolve(SUMMARY)));
    if (open.isPresent() && Files.exists(open.get().resolve(BEGUN))) {
      return read(Begun.class, open.get().resolve(BEGUN));
    }
    int number = open.or(() -> last).map(Nights::number).orElse(0) + (open.isPresent() ? 0 : 1);
    Begun begun = new Begun(number, Instant.now().toString());
    write(night(number).resolve(BEGUN), RecordBinder.toJson(begun));
    return begun;
  }

  /** Whether a night of that number was begun before and not ended. */
  public boolean unfinished() {
    List<Path> all = folders();
    return !all.isEmpty() && !Files.exists(all.get(all.size() - 1).resolve(SUMMARY));
  }

  /** Keeps a night's summary, for people first: with the JSON the night counts as ended. */
  public void end(Night night) {
    write(night(night.number()).resolve(TEXT), text(night));
    write(night(night.number()).resolve(SUMMARY), JsonText.pretty(RecordBinder.toTree(night)));
  }

  /** A night in a few lines. */
  public static String text(Night night) {
    return NightText.of(night);
  }

  /** All nights that ended, oldest first. */
  public List<Night> all() {
    List<Night> nights = new ArrayList<>();
    for (Path night : folders()) {
      if (Files.exists(night.resolve(SUMMARY))) {
        nights.add(read(Night.class, night.resolve(SUMMARY)));
      }
    }
    return nights;
  }

  /** Nights whose artifacts are still kept, oldest first. */
  public List<Night> kept() {
    return all().stream()
        .filter(night -> !Files.exists(night(night.number()).resolve(EXPIRED)))
        .toList();
  }

  /** Notes that a night's artifacts are kept no more. */
  public void expire(Night night) {
    write(night(night.number()).resolve(EXPIRED), "");
  }

  /** Names of all recipes that have nights in a store. */
  public static List<String> recipes(Path store) {
    return names(store.resolve(FOLDER));
  }

  private Path night(int number) {
    return folder.resolve("%06d".formatted(number));
  }

  private static int number(Path night) {
    return Integer.parseInt(night.getFileName().toString());
  }

  private List<Path> folders() {
    return names(folder).stream()
        .filter(name -> name.matches("\\d{6}"))
        .map(folder::resolve)
        .toList();
  }

  private static List<String> names(Path parent) {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(parent)) {
      return children
          .filter(Files::isDirectory)
          .map(child -> child.getFileName().toString())
          .sorted(Comparator.naturalOrder())
          .toList();
    } catch (IOException e) {
      throw new InfrastructureException("cannot list %s: %s".formatted(parent, e), e);
    }
  }

  private static <R extends Record> R read(Class<R> type, Path file) {
    try {
      return RecordBinder.bindJson(type, Files.readString(file));
    } catch (IOException e) {
      throw new InfrastructureException("cannot read %s: %s".formatted(file, e), e);
    }
  }

  private static void write(Path file, String text) {
    try {
      Files.createDirectories(file.getParent());
      LocalFiles.replace(file.toString(), text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new InfrastructureException("cannot write %s: %s".formatted(file, e), e);
    }
  }
}
