package io.facet.pipelines.storage.s3;

import io.facet.pipelines.storage.s3.S3StandIn.Answer;
import io.facet.pipelines.storage.s3.S3StandIn.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What each request does to a bucket. */
final class StandInProtocol {
  private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");
  private static final Pattern KEY = Pattern.compile("<Key>([^<]*)</Key>");

  private StandInProtocol() {}

  static Answer serve(
      StandInBucket bucket, Request request, boolean conditions, int pageSize, Duration lag) {
    String sent = request.headers().get("content-md5");
    if (sent != null
        && !sent.equals(Base64.getEncoder().encodeToString(StandInBucket.md5(request.body())))) {
      return Answer.error(400, "BadDigest");
    }
    return switch (request.method()) {
      case "GET" ->
          request.key().isEmpty() ? list(bucket, request, pageSize, lag) : get(bucket, request);
      case "HEAD" -> get(bucket, request);
      case "PUT" -> put(bucket, request, conditions);
      case "POST" -> post(bucket, request);
      case "DELETE" -> {
        if (request.asks("uploadId")) {
          bucket.abort(request.query().get("uploadId"));
        } else {
          bucket.delete(request.key());
        }
        yield Answer.of(204);
      }
      default -> Answer.error(501, "NotImplemented");
    };
  }

  private static Answer get(StandInBucket bucket, Request request) {
    Optional<StandInBucket.Stored> stored = bucket.get(request.key());
    if (stored.isEmpty()) {
      return Answer.error(404, "NoSuchKey");
    }
    byte[] bytes = stored.get().bytes();
    Map<String, String> headers = new HashMap<>();
    headers.put("ETag", stored.get().tag());
    headers.put(
        "Last-Modified",
        DateTimeFormatter.RFC_1123_DATE_TIME
            .withLocale(Locale.ROOT)
            .format(stored.get().modified().atZone(ZoneOffset.UTC)));
    if (request.method().equals("HEAD")) {
      headers.put("Content-Length", Integer.toString(bytes.length));
      return new Answer(200, headers, new byte[0]);
    }
    Matcher range = RANGE.matcher(request.headers().getOrDefault("range", ""));
    if (!range.matches()) {
      return new Answer(200, headers, bytes);
    }
    int from = Integer.parseInt(range.group(1));
    if (from >= bytes.length) {
      return Answer.error(416, "InvalidRange");
    }
    long last = range.group(2).isEmpty() ? Long.MAX_VALUE : Long.parseLong(range.group(2));
    int until = (int) Math.min(bytes.length, Math.min(last, Integer.MAX_VALUE - 1) + 1);
    headers.put("Content-Range", "bytes %d-%d/%d".formatted(from, until - 1, bytes.length));
    return new Answer(206, headers, Arrays.copyOfRange(bytes, from, until));
  }

  private static Answer put(StandInBucket bucket, Request request, boolean conditions) {
    if (request.asks("uploadId")) {
      String upload = request.query().get("uploadId");
      int number = Integer.parseInt(request.query().get("partNumber"));
      return bucket.part(upload, number, request.body())
          ? new Answer(200, Map.of("ETag", "\"part-" + number + "\""), new byte[0])
          : Answer.error(404, "NoSuchUpload");
    }
    String from = request.headers().get("x-amz-copy-source");
    if (from != null) {
      String path = URLDecoder.decode(from, StandardCharsets.UTF_8).replaceFirst("^/", "");
      Optional<StandInBucket.Stored> source = bucket.get(path.substring(path.indexOf('/') + 1));
      if (source.isEmpty()) {
        return Answer.error(404, "NoSuchKey");
      }
      String tag = bucket.put(request.key(), source.get().bytes(), false).orElseThrow();
      return Answer.xml(
          200,
          "<CopyObjectResult><ETag>%s</ETag><LastModified>2026-01-01T00:00:00.000Z</LastModified>"
                  .formatted(tag)
              + "</CopyObjectResult>");
    }
    boolean unlessThere = conditions && "*".equals(request.headers().get("if-none-match"));
    return bucket
        .put(request.key(), request.body(), unlessThere)
        .map(tag -> new Answer(200, Map.of("ETag", tag), new byte[0]))
        .orElseGet(() -> Answer.error(412, "PreconditionFailed"));
  }

  private static Answer post(StandInBucket bucket, Request request) {
    if (request.asks("uploads")) {
      return Answer.xml(
          200,
          "<InitiateMultipartUploadResult><Bucket>%s</Bucket><Key>%s</Key><UploadId>%s</UploadId></InitiateMultipartUploadResult>"
              .formatted(S3StandIn.BUCKET, escaped(request.key()), bucket.begin()));
    }
    if (request.asks("uploadId")) {
      return bucket
          .complete(request.key(), request.query().get("uploadId"))
          .map(
              tag ->
                  Answer.xml(
                      200,
                      "<CompleteMultipartUploadResult><Key>%s</Key><ETag>%s</ETag></CompleteMultipartUploadResult>"
                          .formatted(escaped(request.key()), tag)))
          .orElseGet(() -> Answer.error(404, "NoSuchUpload"));
    }
    if (request.asks("delete")) {
      Matcher keys = KEY.matcher(new String(request.body(), StandardCharsets.UTF_8));
      while (keys.find()) {
        bucket.delete(
            keys.group(1).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"));
      }
      return Answer.xml(200, "<DeleteResult></DeleteResult>");
    }
    return Answer.error(501, "NotImplemented");
  }

  private static Answer list(StandInBucket bucket, Request request, int pageSize, Duration lag) {
    String prefix = request.query().getOrDefault("prefix", "");
    String delimiter = request.query().getOrDefault("delimiter", "");
    String after = request.query().getOrDefault("continuation-token", "");
    StringBuilder contents = new StringBuilder();
    Set<String> common = new LinkedHashSet<>();
    String next = "";
    int count = 0;
    for (Map.Entry<String, StandInBucket.Stored> entry : bucket.list(prefix, lag).entrySet()) {
      String key = entry.getKey();
      int end = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
      String shown = end < 0 ? key : key.substring(0, end + 1);
      if (shown.compareTo(after) <= 0 || common.contains(shown)) {
        continue;
      }
      if (count == pageSize) {
        break;
      }
      count++;
      next = shown;
      if (end >= 0) {
        common.add(shown);
        continue;
      }
      contents.append(
          "<Contents><Key>%s</Key><LastModified>%s</LastModified><ETag>%s</ETag><Size>%d</Size></Contents>"
              .formatted(
                  escaped(key),
                  entry.getValue().modified(),
                  entry.getValue().tag(),
                  entry.getValue().bytes().length));
    }
    for (String folder : common) {
      contents.append(
          "<CommonPrefixes><Prefix>%s</Prefix></CommonPrefixes>".formatted(escaped(folder)));
    }
    boolean more = count == pageSize;
    return Answer.xml(
        200,
        "<ListBucketResult><Name>%s</Name><KeyCount>%d</KeyCount><IsTruncated>%s</IsTruncated>%s%s</ListBucketResult>"
            .formatted(
                S3StandIn.BUCKET,
                count,
                more,
                more ? "<NextContinuationToken>" + escaped(next) + "</NextContinuationToken>" : "",
                contents));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
