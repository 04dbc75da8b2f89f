package io.facet.tracking.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.facet.tracking.rest.MlflowFailure;
import io.facet.tracking.rest.MlflowFailure.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryBackoffTest {
  @Test
  void restsGrowToHalfAMinuteAndBeginAnewAfterASuccess() {
    RetryBackoff backoff = new RetryBackoff();
    List<Long> rests = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      rests.add(backoff.failed(failure(Kind.TIMEOUT), false).orElseThrow().toMillis());
    }
    assertThat(rests)
        .containsExactly(250L, 500L, 1000L, 2000L, 4000L, 8000L, 16000L, 30000L, 30000L, 30000L);
    backoff.succeeded();
    assertThat(backoff.failed(failure(Kind.TROUBLE), false)).contains(Duration.ofMillis(250));
  }

  @Test
  void whenClosingHopelessCasesAreGivenUpAndOthersTriedSoon() {
    assertThat(new RetryBackoff().failed(failure(Kind.UNAUTHORISED), true)).isEmpty();
    assertThat(new RetryBackoff().failed(failure(Kind.TIMEOUT), true)).isEmpty();
    RetryBackoff away = new RetryBackoff();
    assertThat(away.failed(failure(Kind.UNREACHABLE), true)).isPresent();
    assertThat(away.failed(failure(Kind.UNREACHABLE), true)).isPresent();
    assertThat(away.failed(failure(Kind.UNREACHABLE), true)).isEmpty();
    RetryBackoff busy = new RetryBackoff();
    for (int i = 0; i < 20; i++) {
      assertThat(busy.failed(failure(Kind.TROUBLE), true).orElseThrow())
          .isLessThanOrEqualTo(Duration.ofSeconds(1));
    }
  }

  private static MlflowFailure failure(Kind kind) {
    return new MlflowFailure(kind, "no", null);
  }
}
