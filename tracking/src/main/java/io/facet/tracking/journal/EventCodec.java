package io.facet.tracking.journal;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Events as JSON bytes; unknown fields are passed over, so that older readers go on reading. */
public final class EventCodec {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  private static final ObjectWriter WRITER = MAPPER.writerFor(TrackingEvent.class);
  private static final ObjectReader READER = MAPPER.readerFor(TrackingEvent.class);

  private EventCodec() {}

  /** An event as it stands in a journal. */
  public static byte[] encode(TrackingEvent event) {
    try {
      return WRITER.writeValueAsBytes(event);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads no more of an event than its kind and run, which stand first; empty if it is not an
   * event.
   */
  public static Optional<EventHead> tryHead(byte[] json) {
    String kind = "";
    String run = "";
    try (JsonParser parser = MAPPER.createParser(json)) {
      parser.nextToken();
      while ((kind.isEmpty() || run.isEmpty()) && parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        if (field.equals("event")) {
          kind = parser.getText();
        } else if (field.equals("run")) {
          run = parser.getText();
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
    return kind.isEmpty() || run.isEmpty()
        ? Optional.empty()
        : Optional.of(new EventHead(kind, run));
  }

  /** Throws {@link IOException} if the bytes are not an event. */
  public static TrackingEvent decode(byte[] json) throws IOException {
    return READER.readValue(json);
  }
}
