package io.facet.transforms.ingest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.models.DataException;
import io.facet.transforms.file.Sha256;
import io.facet.transforms.file.StoredFiles;
import io.facet.transforms.row.TableDigest;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Images that a store was asked to forget: ingest leaves them out, from whatever source they come.
 * Kept are digests of image ids, so that the ids themselves stand nowhere.
 *
 * @param digests SHA-256 of the ids, see {@link #digest}
 */
public record ForgottenImages(Set<String> digests) implements Serializable {
  /** Nothing was forgotten. */
  public static final ForgottenImages NONE = new ForgottenImages(Set.of());

  /** Folder of a store where the records stand, one file for each time somebody asked. */
  public static final String FOLDER = "forgotten";

  /** Reason of the rejects that stand for forgotten images; these have neither name nor id. */
  public static final String REASON = "forgotten";

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int NAME_LENGTH = 16;

  /**
   * What one file holds.
   *
   * @param when ISO time
   * @param images digests of their ids
   */
  private record Asked(String when, List<String> images) {}

  /** A row of a digest over a set. */
  private record Digest(String digest) {}

  public ForgottenImages {
    digests = Set.copyOf(digests);
  }

  /** What stands for an image: the SHA-256 of its id, which is the SHA-256 of its bytes. */
  public static String digest(String imageId) {
    return Sha256.hex(imageId);
  }

  /**
   * All that a store was asked to forget.
   *
   * @param storeRoot a folder or URI
   * @throws DataException if a record cannot be read: without it a forgotten image would come back
   */
  public static ForgottenImages read(String storeRoot) throws IOException {
    Set<String> all = new HashSet<>();
    for (StoredFiles.Listed file : StoredFiles.list(StoredFiles.below(storeRoot, FOLDER))) {
      if (file.name().matches("[0-9a-f]{16}[.]json")) {
        try {
          all.addAll(JSON.readValue(StoredFiles.read(file.uri()), Asked.class).images());
        } catch (JsonProcessingException e) {
          throw new DataException(
              "%s is damaged: no record of forgotten images: %s; bring it back from a copy, or forget the images again and delete it"
                  .formatted(file.uri(), e.getOriginalMessage()),
              e);
        }
      }
    }
    return all.isEmpty() ? NONE : new ForgottenImages(all);
  }

  /**
   * The record of some images: its name below {@link #FOLDER}, the same for the same images.
   *
   * @param imageIds at least one
   */
  public static String fileName(Collection<String> imageIds) {
    TreeSet<String> sorted = new TreeSet<>(imageIds);
    return Sha256.hex(String.join("\n", sorted)).substring(0, NAME_LENGTH) + ".json";
  }

  /**
   * The record of some images: its content.
   *
   * @param when ISO time
   */
  public static byte[] fileContent(Collection<String> imageIds, String when) {
    List<String> digests = imageIds.stream().map(ForgottenImages::digest).sorted().toList();
    try {
      return JSON.writerWithDefaultPrettyPrinter()
          .writeValueAsString(new Asked(when, digests))
          .getBytes(StandardCharsets.UTF_8);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether an image is to be left out. */
  public boolean holds(String imageId) {
    return !digests.isEmpty() && !imageId.isEmpty() && digests.contains(digest(imageId));
  }

  /** Whether nothing is. */
  public boolean isEmpty() {
    return digests.isEmpty();
  }

  /** Stands for all of them in a fingerprint, 64 hexadecimal digits. */
  public String digest() {
    return TableDigest.of(Digest.class, digests.stream().map(Digest::new).toList()).digest();
  }
}
