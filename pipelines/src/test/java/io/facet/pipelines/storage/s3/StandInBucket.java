package io.facet.pipelines.storage.s3;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

/** The objects of a stand-in, in memory. */
final class StandInBucket {
  private final NavigableMap<String, Stored> objects = new TreeMap<>();
  private final Map<String, TreeMap<Integer, byte[]>> uploads = new TreeMap<>();
  private final List<String> conditionalPuts = new ArrayList<>();

  /** One object. */
  record Stored(byte[] bytes, String tag, Instant modified) {}

  synchronized Optional<Stored> get(String key) {
    return Optional.ofNullable(objects.get(key));
  }

  /** Answers the tag; empty if there is one already and none is to be replaced. */
  synchronized Optional<String> put(String key, byte[] bytes, boolean unlessThere) {
    if (unlessThere && objects.containsKey(key)) {
      return Optional.empty();
    }
    if (unlessThere) {
      conditionalPuts.add(key);
    }
    String tag = "\"" + HexFormat.of().formatHex(md5(bytes)) + "\"";
    objects.put(key, new Stored(bytes, tag, Instant.now()));
    return Optional.of(tag);
  }

  /** Keys that were created by a conditional put, as often as they were. */
  synchronized List<String> conditionalPuts() {
    return List.copyOf(conditionalPuts);
  }

  synchronized void delete(String key) {
    objects.remove(key);
  }

  /** What a listing shows that is late. */
  synchronized SortedMap<String, Stored> list(String prefix, Duration lag) {
    TreeMap<String, Stored> found = new TreeMap<>();
    Instant newest = Instant.now().minus(lag);
    objects
        .tailMap(prefix, true)
        .forEach(
            (key, stored) -> {
              if (key.startsWith(prefix) && (lag.isZero() || stored.modified().isBefore(newest))) {
                found.put(key, stored);
              }
            });
    return found;
  }

  synchronized List<String> keys() {
    return List.copyOf(objects.keySet());
  }

  synchronized String begin() {
    String id = UUID.randomUUID().toString();
    uploads.put(id, new TreeMap<>());
    return id;
  }

  synchronized boolean part(String upload, int number, byte[] bytes) {
    TreeMap<Integer, byte[]> parts = uploads.get(upload);
    return parts != null && (parts.put(number, bytes) != null || parts.containsKey(number));
  }

  /** Puts the parts together; empty if the upload is not known. */
  synchronized Optional<String> complete(String key, String upload) {
    TreeMap<Integer, byte[]> parts = uploads.remove(upload);
    if (parts == null) {
      return Optional.empty();
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    parts.values().forEach(whole::writeBytes);
    return put(key, whole.toByteArray(), false);
  }

  synchronized void abort(String upload) {
    uploads.remove(upload);
  }

  static byte[] md5(byte[] bytes) {
    try {
      return MessageDigest.getInstance("MD5").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
