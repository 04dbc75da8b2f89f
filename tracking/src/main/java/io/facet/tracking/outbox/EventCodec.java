package io.facet.tracking.outbox;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Events as JSON bytes; unknown fields are passed over, so that older readers go on reading. */
final class EventCodec {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();
  private static final ObjectWriter WRITER = MAPPER.writerFor(TrackingEvent.class);
  private static final ObjectReader READER = MAPPER.readerFor(TrackingEvent.class);

  private EventCodec() {}

  static byte[] encode(TrackingEvent event) {
    try {
      return WRITER.writeValueAsBytes(event);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Throws {@link IOException} if the bytes are no event. */
  static TrackingEvent decode(byte[] json) throws IOException {
    return READER.readValue(json);
  }
}
