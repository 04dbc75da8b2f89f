package io.facet.transforms.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class ResidentPeakTest {
  @TempDir private Path folder;

  @Test
  void thePeakIsReadInBytes() throws Exception {
    Path status = folder.resolve("status");
    Files.write(status, List.of("Name:\tjava", "VmHWM:\t  102284 kB", "VmRSS:\t   99000 kB"));
    assertThat(ResidentPeak.in(status)).hasValue(102284L * 1024);
  }

  @Test
  void aSystemThatDoesNotTellGivesNoneRatherThanZero() throws Exception {
    assertThat(ResidentPeak.in(folder.resolve("absent"))).isEmpty();
    Path status = folder.resolve("status");
    Files.write(status, List.of("Name:\tjava", "VmRSS:\t   99000 kB"));
    assertThat(ResidentPeak.in(status)).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void theOwnPeakHoldsAtLeastWhatWasTouched() {
    byte[] touched = new byte[64 << 20];
    for (int i = 0; i < touched.length; i += 4096) {
      touched[i] = 1;
    }
    assertThat(ResidentPeak.bytes().orElseThrow()).isGreaterThan(touched.length);
  }
}
