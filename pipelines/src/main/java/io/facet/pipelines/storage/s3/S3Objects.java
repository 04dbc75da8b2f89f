package io.facet.pipelines.storage.s3;

import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Requests to S3. The client tries again what a busy server or a broken connection failed. */
final class S3Objects {
  private static final int MOST_DELETED_AT_ONCE = 1000;
  private static final int CONFLICTS = 10;
  private static final Duration CONFLICT_PAUSE = Duration.ofMillis(100);

  /** Statuses of a conditional put. */
  private static final int EXISTS = 412;

  private static final int CONFLICT = 409;
  private static final int EMPTY_RANGE = 416;

  private S3Objects() {}

  /** The first bytes of an object. */
  static byte[] read(String uri, int limit) throws IOException {
    S3Place place = S3Place.of(uri);
    GetObjectRequest.Builder request =
        GetObjectRequest.builder().bucket(place.bucket()).key(place.key());
    if (limit < Integer.MAX_VALUE) {
      request.range("bytes=0-" + Math.max(0, limit - 1));
    }
    try {
      byte[] bytes = client(uri).getObjectAsBytes(request.build()).asByteArray();
      return bytes.length > limit ? Arrays.copyOf(bytes, limit) : bytes;
    } catch (SdkException e) {
      if (e instanceof S3Exception answer && answer.statusCode() == EMPTY_RANGE) {
        return new byte[0];
      }
      throw S3Failures.of(uri, e);
    }
  }

  /** Creates or replaces an object. */
  static void write(String uri, byte[] bytes) throws IOException {
    try {
      put(uri, bytes, Map.of());
    } catch (SdkException e) {
      throw S3Failures.of(uri, e);
    }
  }

  /**
   * Creates an object unless there is one. A try whose answer was lost may have created it: then
   * the next one is refused and finds its own bytes.
   */
  static boolean putIfAbsent(String uri, byte[] bytes) throws IOException {
    for (int conflicts = 0; ; conflicts++) {
      try {
        put(uri, bytes, Map.of("If-None-Match", "*"));
        return true;
      } catch (SdkException e) {
        int status = e instanceof S3Exception answer ? answer.statusCode() : 0;
        if (status == EXISTS) {
          return Arrays.equals(bytes, read(uri, Integer.MAX_VALUE));
        }
        if (status != CONFLICT || conflicts == CONFLICTS) {
          throw S3Failures.of(uri, e);
        }
        LockSupport.parkNanos(CONFLICT_PAUSE.toNanos()); // another one is being decided just now
      }
    }
  }

  private static void put(String uri, byte[] bytes, Map<String, String> headers)
      throws IOException {
    S3Place place = S3Place.of(uri);
    client(uri)
        .putObject(
            PutObjectRequest.builder()
                .bucket(place.bucket())
                .key(place.key())
                .contentMD5(md5(bytes))
                .overrideConfiguration(o -> headers.forEach(o::putHeader))
                .build(),
            RequestBody.fromBytes(bytes));
  }

  /** Size and time of an object. */
  static StoredFiles.Listed stat(String uri) throws IOException {
    S3Place place = S3Place.of(uri);
    try {
      HeadObjectResponse head =
          client(uri).headObject(request -> request.bucket(place.bucket()).key(place.key()));
      return new StoredFiles.Listed(
          uri,
          Path.of(place.key()).getFileName().toString(),
          head.contentLength(),
          head.lastModified().toEpochMilli());
    } catch (SdkException e) {
      throw S3Failures.of(uri, e);
    }
  }

  /** All objects below a folder; what stands for a folder in some consoles is left out. */
  static List<StoredFiles.Listed> list(String folderUri) throws IOException {
    S3Place folder = S3Place.of(folderUri);
    String prefix = folder.prefix();
    List<StoredFiles.Listed> files = new ArrayList<>();
    for (ListObjectsV2Response page : pages(folderUri, folder, "")) {
      for (S3Object object : page.contents()) {
        if (!object.key().endsWith("/")) {
          files.add(
              new StoredFiles.Listed(
                  folder.uri(object.key()),
                  object.key().substring(prefix.length()),
                  object.size(),
                  object.lastModified().toEpochMilli()));
        }
      }
    }
    return files;
  }

  /** Folders directly below a folder: one request for a thousand of them. */
  static List<String> folders(String folderUri) throws IOException {
    S3Place folder = S3Place.of(folderUri);
    int prefix = folder.prefix().length();
    List<String> names = new ArrayList<>();
    for (ListObjectsV2Response page : pages(folderUri, folder, "/")) {
      for (CommonPrefix common : page.commonPrefixes()) {
        names.add(common.prefix().substring(prefix, common.prefix().length() - 1));
      }
    }
    return names;
  }

  private static List<ListObjectsV2Response> pages(String uri, S3Place folder, String delimiter)
      throws IOException {
    ListObjectsV2Request.Builder request =
        ListObjectsV2Request.builder().bucket(folder.bucket()).prefix(folder.prefix());
    if (!delimiter.isEmpty()) {
      request.delimiter(delimiter);
    }
    try {
      return client(uri).listObjectsV2Paginator(request.build()).stream()
          .collect(Collectors.toList());
    } catch (SdkException e) {
      throw S3Failures.of(uri, e);
    }
  }

  /** Deletes objects, a thousand with one request. */
  static void delete(List<String> uris) throws IOException {
    Map<String, List<String>> byBucket =
        uris.stream().collect(Collectors.groupingBy(uri -> S3Place.of(uri).bucket()));
    for (Map.Entry<String, List<String>> bucket : byBucket.entrySet()) {
      List<String> all = bucket.getValue();
      for (int from = 0; from < all.size(); from += MOST_DELETED_AT_ONCE) {
        delete(
            bucket.getKey(), all.subList(from, Math.min(all.size(), from + MOST_DELETED_AT_ONCE)));
      }
    }
  }

  private static void delete(String bucket, List<String> uris) throws IOException {
    List<ObjectIdentifier> keys =
        uris.stream()
            .map(uri -> ObjectIdentifier.builder().key(S3Place.of(uri).key()).build())
            .toList();
    try {
      DeleteObjectsResponse answer =
          client(uris.get(0))
              .deleteObjects(
                  request -> request.bucket(bucket).delete(d -> d.objects(keys).quiet(true)));
      if (answer.hasErrors() && !answer.errors().isEmpty()) {
        throw new IOException(
            "s3://%s/%s: not deleted: %s"
                .formatted(bucket, answer.errors().get(0).key(), answer.errors().get(0).code()));
      }
    } catch (SdkException e) {
      throw S3Failures.of(uris.get(0), e);
    }
  }

  private static S3Client client(String uri) throws IOException {
    try {
      return S3Clients.client();
    } catch (SdkException e) {
      throw S3Failures.of(uri, e);
    }
  }

  private static String md5(byte[] bytes) {
    try {
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has MD5", e);
    }
  }
}
