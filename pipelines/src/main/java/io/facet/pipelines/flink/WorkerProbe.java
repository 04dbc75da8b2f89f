package io.facet.pipelines.flink;

import io.facet.models.option.RecordBinder;
import io.facet.models.tensor.Torch;
import io.facet.pipelines.InfrastructureException;
import io.facet.transforms.file.SharedFiles;
import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.util.construction.PipelineOptionsTranslation;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.java.ExecutionEnvironment;

/**
 * A small Flink job that looks around on the workers: which class loader owns the libraries that
 * have to be Flink's, whether PyTorch loads, and whether the driver's store is theirs too.
 */
public final class WorkerProbe implements MapFunction<Long, String> {
  private static final long serialVersionUID = 1L;

  /** A class of each library with native code, loaded without starting it. */
  private static final Map<String, String> NATIVE =
      new TreeMap<>(
          Map.of(
              "PyTorch", "ai.djl.pytorch.jni.PyTorchLibrary",
              "ONNX Runtime", "ai.onnxruntime.OrtEnvironment",
              "JavaCPP", "org.bytedeco.javacpp.Loader",
              "OpenCV", "org.bytedeco.opencv.global.opencv_core",
              "JNA", "com.sun.jna.Native",
              "zstd", "com.github.luben.zstd.Zstd"));

  /** Loaded with a store on HDFS, with threads that never end. */
  private static final Map<String, String> HADOOP =
      Map.of("Hadoop's client", "org.apache.hadoop.fs.FileSystem");

  private static final String QUESTION = "question";

  /** Begins the URI of every file of this probe. */
  private final String prefix;

  private final String storage;

  private WorkerProbe(String prefix) {
    this.prefix = prefix;
    this.storage = PipelineOptionsTranslation.toJson(SharedFiles.options());
  }

  /**
   * What was asked and what the workers answered.
   *
   * @param question what they should have read from the store
   * @param reports one a task
   * @param unseen answers in the store that the driver cannot read
   */
  public record Answers(String question, List<WorkerReport> reports, List<String> unseen) {
    /** Copies the lists. */
    public Answers {
      reports = List.copyOf(reports);
      unseen = List.copyOf(unseen);
    }
  }

  /**
   * Runs the job.
   *
   * @param tasks side by side, one in each free slot
   * @param store folder of the store, where the job leaves nothing behind
   * @throws InfrastructureException if the job fails
   */
  public static Answers ask(FlinkCluster cluster, int tasks, String store) throws IOException {
    String name = UUID.randomUUID().toString();
    String prefix = StoredFiles.below(store, "cache/doctor-" + name + "-");
    StoredFiles.write(prefix + QUESTION, utf8(name));
    try {
      String[] address = cluster.address().split(":");
      ExecutionEnvironment flink =
          ExecutionEnvironment.createRemoteEnvironment(
              address[0],
              Integer.parseInt(address[1]),
              JobJar.withStorage().toArray(String[]::new));
      List<WorkerReport> reports = new ArrayList<>();
      for (String report :
          flink
              .generateSequence(1, tasks)
              .partitionCustom((Long task, int all) -> (int) (task % all), task -> task)
              .setParallelism(tasks)
              .map(new WorkerProbe(prefix))
              .setParallelism(tasks)
              .collect()) {
        reports.add(RecordBinder.bindJson(WorkerReport.class, report));
      }
      return new Answers(name, reports, unseen(reports));
    } catch (Exception e) {
      throw new InfrastructureException("the probing job failed: " + root(e), e);
    } finally {
      List<String> files = new ArrayList<>(List.of(prefix + QUESTION));
      for (int task = 1; task <= tasks; task++) {
        files.add(prefix + task);
      }
      StoredFiles.delete(files);
    }
  }

  private static List<String> unseen(List<WorkerReport> reports) throws IOException {
    List<String> unseen = new ArrayList<>();
    for (WorkerReport report : reports) {
      if (!report.written().isEmpty() && !StoredFiles.exists(report.written())) {
        unseen.add(report.process());
      }
    }
    return unseen;
  }

  /** The {@link WorkerReport} of one task, as JSON: Flink's own serialisers know no records. */
  @Override
  public String map(Long task) throws Exception {
    FileSystems.setDefaultPipelineOptions(PipelineOptionsTranslation.fromJson(storage));
    List<String> absent = new ArrayList<>();
    List<String> inJobJar = new ArrayList<>();
    NATIVE.forEach((library, type) -> locate(library, type, absent, inJobJar));
    if (prefix.startsWith("hdfs:")) {
      HADOOP.forEach((library, type) -> locate(library, type, absent, inJobJar));
    }
    String torch = "";
    String failure = "";
    if (absent.isEmpty() && inJobJar.isEmpty()) {
      try {
        torch = Torch.version();
      } catch (RuntimeException | LinkageError e) {
        failure = String.valueOf(e.getMessage());
      }
    }
    String read = "";
    String readFailure = "";
    try {
      byte[] question = StoredFiles.read(prefix + QUESTION);
      read = new String(question, StandardCharsets.UTF_8);
    } catch (IOException e) {
      readFailure = String.valueOf(e.getMessage());
    }
    String written = prefix + task;
    String writeFailure = "";
    try {
      StoredFiles.write(written, utf8(read));
    } catch (IOException e) {
      written = "";
      writeFailure = String.valueOf(e.getMessage());
    }
    return RecordBinder.toJson(
        new WorkerReport(
            ProcessHandle.current().pid() + " on " + InetAddress.getLocalHost().getHostName(),
            System.getProperty("java.version"),
            absent,
            inJobJar,
            torch,
            failure,
            read,
            readFailure,
            written,
            writeFailure));
  }

  private static void locate(
      String library, String type, List<String> absent, List<String> inJobJar) {
    ClassLoader ours = WorkerProbe.class.getClassLoader();
    try {
      ClassLoader owner = Class.forName(type, false, ours).getClassLoader();
      boolean ownClassLoader = ours != ClassLoader.getSystemClassLoader();
      if (ownClassLoader && owner == ours) {
        inJobJar.add(library);
      }
    } catch (ClassNotFoundException e) {
      absent.add(library);
    }
  }

  private static String root(Throwable failure) {
    Throwable at = failure;
    while (at.getCause() != null) {
      at = at.getCause();
    }
    return String.valueOf(at.getMessage()).lines().findFirst().orElse("");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
