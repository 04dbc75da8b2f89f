package io.facet.pipelines.flink;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.facet.models.RecipeException;
import io.facet.pipelines.InfrastructureException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.runners.flink.FlinkPipelineOptions;
import org.apache.beam.runners.flink.FlinkRunner;
import org.apache.beam.sdk.options.PipelineOptions;

/**
 * The REST interface of a Flink session cluster. Every call answers within {@link #DEADLINE} or
 * throws {@link InfrastructureException} with the cure.
 */
public final class FlinkCluster {
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String address;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(DEADLINE).build();

  private FlinkCluster(String address) {
    this.address = address;
  }

  /**
   * The cluster at an address.
   *
   * @param address {@code HOST:PORT} of the REST interface
   * @throws RecipeException if it is none
   */
  public static FlinkCluster at(String address) {
    if (!isAddress(address)) {
      throw new RecipeException(
          "--flink-master: '%s' is not HOST:PORT of a Flink cluster, such as localhost:8081"
              .formatted(address));
    }
    return new FlinkCluster(address);
  }

  /** The cluster that pipelines with these options go to; none if they run in this process. */
  public static Optional<FlinkCluster> of(PipelineOptions options) {
    if (!FlinkRunner.class.equals(options.getRunner())) {
      return Optional.empty();
    }
    String master = options.as(FlinkPipelineOptions.class).getFlinkMaster();
    if (master.equals(FlinkClient.MASTER) && FlinkClient.present()) {
      return Optional.of(at(FlinkClient.address()));
    }
    return isAddress(master) ? Optional.of(at(master)) : Optional.empty();
  }

  /** Whether a text looks like {@code HOST:PORT}. */
  public static boolean isAddress(String text) {
    return text.matches("[^\\s:/\\[\\]]+:[0-9]{1,5}");
  }

  /**
   * What a cluster offers.
   *
   * @param version of Flink
   * @param taskManagers registered workers
   * @param slots of all workers
   * @param freeSlots of them without work
   */
  public record Overview(String version, int taskManagers, int slots, int freeSlots) {
    /**
     * Parallel tasks a job should have: all slots, but with several slots a worker those of one
     * worker stay free, so that the others can take over when it dies.
     */
    public int parallelism() {
      int ofOne = taskManagers == 0 ? 0 : slots / taskManagers;
      return Math.max(1, taskManagers > 1 && ofOne > 1 ? slots - ofOne : slots);
    }
  }

  /**
   * A job of the cluster.
   *
   * @param id Flink's
   * @param name as submitted
   * @param state Flink's word, {@code RUNNING}
   */
  public record Job(String id, String name, String state) {
    /** Whether it may still do something. */
    public boolean lives() {
      return !List.of("FINISHED", "FAILED", "CANCELED").contains(state);
    }
  }

  /** {@code HOST:PORT}. */
  public String address() {
    return address;
  }

  /** Version, workers and slots. */
  public Overview overview() {
    JsonNode reply = get("/overview");
    return new Overview(
        reply.path("flink-version").asText(),
        reply.path("taskmanagers").asInt(),
        reply.path("slots-total").asInt(),
        reply.path("slots-available").asInt());
  }

  /** All jobs the cluster remembers. */
  public List<Job> jobs() {
    List<Job> jobs = new ArrayList<>();
    for (JsonNode job : get("/jobs/overview").path("jobs")) {
      jobs.add(
          new Job(job.path("jid").asText(), job.path("name").asText(), job.path("state").asText()));
    }
    return jobs;
  }

  /** Asks to cancel a job; one that has ended meanwhile stays as it is. */
  public void cancel(Job job) {
    send("PATCH", "/jobs/" + job.id() + "?mode=cancel");
  }

  /** The JSON answer to a GET. */
  public JsonNode get(String path) {
    try {
      return JSON.readTree(send("GET", path));
    } catch (IOException e) {
      throw new InfrastructureException(
          "the answer of %s%s is not Flink's: is another program at this port?"
              .formatted(address, path),
          e);
    }
  }

  private String send(String method, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address + path))
            .timeout(DEADLINE)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      HttpResponse<String> reply = http.send(request, HttpResponse.BodyHandlers.ofString());
      boolean fine = reply.statusCode() / 100 == 2;
      boolean gone = reply.statusCode() == 404 || reply.statusCode() == 409;
      if (fine || (gone && method.equals("PATCH"))) {
        return reply.body();
      }
      throw new InfrastructureException(
          "Flink at %s answers %s%s with HTTP %d"
              .formatted(
                  address, method.equals("GET") ? "" : method + " ", path, reply.statusCode()));
    } catch (IOException e) {
      throw new InfrastructureException(
          "no Flink answers at %s (%s): './infra/flink/cluster up' starts one on this machine, and"
                  .formatted(address, e.getClass().getSimpleName())
              + " --flink-master says where another one is",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InfrastructureException("interrupted while asking Flink at " + address, e);
    }
  }
}
