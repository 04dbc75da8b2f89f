package io.facet.pipelines.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.facet.pipelines.InfrastructureException;
import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.artifact.PutIfAbsent;
import io.facet.pipelines.artifact.StoredArtifacts;
import io.facet.pipelines.storage.SharedStoreContract;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** S3 as a server in this process plays it, well and badly. */
class S3StoreTest extends SharedStoreContract {
  private S3StandIn server;
  private S3Access access;

  @BeforeEach
  void start() throws IOException {
    server = S3StandIn.start();
    access = S3Access.to(server.endpoint(), S3StandIn.ACCESS_KEY, S3StandIn.SECRET_KEY);
  }

  @AfterEach
  void stop() {
    access.close();
    server.close();
  }

  @Override
  protected String place() {
    return "s3://" + S3StandIn.BUCKET;
  }

  @Test
  void listingsOfSeveralPagesAreWhole() throws IOException {
    server.pagesOf(2);
    for (int i = 0; i < 5; i++) {
      StoredFiles.write(root() + "/folder-" + i + "/file", bytes("x"));
    }
    assertThat(StoredFiles.list(root())).hasSize(5);
    try (ArtifactStore store = ArtifactStore.open(root())) {
      assertThat(store.folders("")).hasSize(5);
    }
  }

  @Test
  void clientsLeaveNoThreadThatWouldKeepTheClassesOfAJobAlive() throws IOException {
    StoredFiles.write(root() + "/file", bytes("x"));
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("idle-connection-reaper");
  }

  @ParameterizedTest
  @EnumSource(names = {"ERROR", "BUSY", "LOST_ANSWER", "CUT", "STALL"})
  void requestsThatFailAreMadeAgainAndNothingIsLostOrDoubled(StandInFaults.Fault fault)
      throws IOException {
    int every = fault == StandInFaults.Fault.STALL ? 14 : 5;
    StandInFaults faults = StandInFaults.of(fault, every, request -> true);
    server.failing(faults);
    try (ArtifactStore store = ArtifactStore.open(root())) {
      StoredArtifacts.commit(store, "align", "f1", Map.of());
      assertThat(store.find("align", "f1").artifact()).isPresent();
    }
    assertThat(faults.happened()).isGreaterThanOrEqualTo(2);
    server.failing(StandInFaults.NONE);
    assertThat(server.conditionalPuts()).doesNotHaveDuplicates();
    assertThat(StoredFiles.list(root()))
        .extracting(StoredFiles.Listed::name)
        .filteredOn(name -> name.endsWith("/out.txt"))
        .as("the file of one attempt")
        .hasSize(1);
  }

  @Test
  void aConditionalPutWhoseAnswerWasLostIsKnownAsOurs() throws IOException {
    server.failing(
        StandInFaults.of(
            StandInFaults.Fault.LOST_ANSWER, 1000, request -> request.method().equals("PUT")));
    PutIfAbsent putIfAbsent = PutIfAbsent.forUri(root());
    assertThat(putIfAbsent.put(root() + "/COMMITTED", bytes("ours"))).isTrue();
    assertThat(putIfAbsent.put(root() + "/COMMITTED", bytes("theirs"))).isFalse();
  }

  @Test
  void anInterruptDoesNotCutAWriteShortAndStays() throws Exception {
    StandInFaults faults =
        StandInFaults.of(
            StandInFaults.Fault.STALL, 1000, request -> request.method().equals("PUT"));
    server.failing(faults);
    String file = root() + "/checkpoint";
    FutureTask<Boolean> write =
        new FutureTask<>(
            () -> {
              StoredFiles.write(file, bytes("whole"));
              return Thread.currentThread().isInterrupted();
            });
    Thread writer = new Thread(write);
    writer.start();
    await().until(() -> faults.happened() == 1);
    writer.interrupt();
    assertThat(write.get()).as("the interrupt stays").isTrue();
    assertThat(StoredFiles.read(file)).isEqualTo(bytes("whole"));
  }

  @Test
  void aServerThatStaysAwayIsAClearError() throws IOException {
    access.with(S3Settings.RETRIES, "1");
    server.failing(StandInFaults.of(StandInFaults.Fault.BUSY, 1, request -> true));
    String file = root() + "/file";
    assertThatThrownBy(() -> StoredFiles.read(file))
        .isInstanceOf(IOException.class)
        .hasMessage(file + ": the server answered 503 SlowDown");
  }

  @Test
  void aStorageWithoutConditionalPutsIsRefused() {
    server.withoutConditionalPuts();
    assertThatThrownBy(() -> ArtifactStore.open(root()))
        .isInstanceOf(InfrastructureException.class)
        .hasMessageContaining(root())
        .hasMessageContaining("no conditional puts")
        .hasMessageContaining("infra/docs/storage.md");
    assertThat(server.keys()).as("the probe goes again").isEmpty();
  }

  @Test
  void aStorageWhoseListingsAreLateIsRefused() {
    server.failing(StandInFaults.lagging(Duration.ofMinutes(1)));
    assertThatThrownBy(() -> ArtifactStore.open(root()))
        .isInstanceOf(InfrastructureException.class)
        .hasMessageContaining("listings of this storage are late");
  }

  @Test
  void wrongCredentialsAreToldWithoutThem() {
    access.with("aws.accessKeyId", "AKIDWRONG");
    assertThatThrownBy(() -> ArtifactStore.open(root()))
        .isInstanceOf(InfrastructureException.class)
        .hasMessageContaining("credentials are not accepted (InvalidAccessKeyId)")
        .hasMessageContaining("AWS_ACCESS_KEY_ID")
        .hasMessageNotContaining(S3StandIn.SECRET_KEY);
  }

  @Test
  void expiredCredentialsWrongRegionAndMissingBucketsNameTheirCure() {
    assertThatThrownBy(() -> ArtifactStore.open("s3://no-such-bucket/store"))
        .hasMessageContaining("there is no such bucket; create it");
    access.with(S3Files.REGION, "eu-west-1");
    assertThatThrownBy(() -> ArtifactStore.open(root()))
        .hasMessageContaining("another region")
        .hasMessageContaining("AWS_REGION");
    access.with(S3Files.REGION, S3StandIn.REGION);
    access.with("aws.sessionToken", "expired");
    assertThatThrownBy(() -> ArtifactStore.open(root()))
        .hasMessageContaining("credentials have expired; get new ones");
  }
}
