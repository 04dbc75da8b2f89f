package io.facet.pipelines.storage.s3;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.facet.pipelines.artifact.ArtifactStore;
import io.facet.pipelines.storage.SharedStoreContract;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same on a server that others wrote. */
@Tag("soak")
class VersityGatewayTest extends SharedStoreContract {
  private static final String BUCKET = "faces";

  @TempDir private static Path folder;

  private static VersityGateway gateway;
  private static S3Access access;

  @BeforeAll
  static void start() throws Exception {
    gateway = VersityGateway.start(folder, S3StandIn.ACCESS_KEY, S3StandIn.SECRET_KEY);
    access = S3Access.to(gateway.endpoint(), S3StandIn.ACCESS_KEY, S3StandIn.SECRET_KEY);
    access.with(S3Settings.TIMEOUT, "20");
    S3Clients.client().createBucket(request -> request.bucket(BUCKET));
  }

  @AfterAll
  static void stop() throws InterruptedException {
    if (gateway != null) {
      access.close();
      gateway.close();
    }
  }

  @Override
  protected String place() {
    return "s3://" + BUCKET;
  }

  @Test
  void missingBucketsAndWrongCredentialsNameTheirCure() {
    assertThatThrownBy(() -> ArtifactStore.open("s3://no-such-bucket/store"))
        .hasMessageContaining("there is no such bucket; create it");
    access.with("aws.secretAccessKey", "wrong");
    try {
      assertThatThrownBy(() -> ArtifactStore.open(root() + "/store"))
          .hasMessageContaining("credentials are not accepted (SignatureDoesNotMatch)");
    } finally {
      access.with("aws.secretAccessKey", S3StandIn.SECRET_KEY);
    }
  }
}
