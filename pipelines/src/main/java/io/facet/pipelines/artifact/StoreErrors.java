package io.facet.pipelines.artifact;

import io.facet.pipelines.InfrastructureException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Turns failures of disks and stores into one line with the cure. */
public final class StoreErrors {
  private StoreErrors() {}

  /** A failed read or write of the store. */
  static InfrastructureException failed(String what, String uri, IOException cause) {
    return new InfrastructureException(
        "cannot %s %s: %s; nothing was committed".formatted(what, uri, cure(cause)), cause);
  }

  /**
   * The full or read-only disk behind a failure of a pipeline, however deeply wrapped.
   *
   * @return empty if something else failed
   */
  public static Optional<InfrastructureException> diskTrouble(Throwable failure) {
    Deque<Throwable> open = new ArrayDeque<>();
    Set<Throwable> seen = new HashSet<>();
    open.add(failure);
    while (!open.isEmpty()) {
      Throwable at = open.remove();
      if (!seen.add(at)) {
        continue;
      }
      if (noSpace(at) || readOnly(at)) {
        return Optional.of(
            new InfrastructureException(
                "the store cannot be written: %s; nothing was committed".formatted(cure(at)),
                failure));
      }
      if (at.getCause() != null) {
        open.add(at.getCause());
      }
      open.addAll(List.of(at.getSuppressed()));
    }
    return Optional.empty();
  }

  private static String cure(Throwable cause) {
    if (noSpace(cause)) {
      return "the disk is full; free some space or choose another --store";
    }
    if (readOnly(cause)) {
      return "it is read-only; choose another --store or change its permissions";
    }
    String message = cause.getMessage();
    return cause.getClass().getSimpleName() + (message == null ? "" : ": " + message);
  }

  private static boolean noSpace(Throwable cause) {
    String message = message(cause);
    return message.contains("no space left")
        || message.contains("disk quota exceeded")
        || message.contains("not enough space");
  }

  private static boolean readOnly(Throwable cause) {
    return cause instanceof AccessDeniedException
        || cause instanceof ReadOnlyFileSystemException
        || message(cause).contains("read-only file system")
        || message(cause).contains("permission denied");
  }

  private static String message(Throwable cause) {
    return String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
  }
}
