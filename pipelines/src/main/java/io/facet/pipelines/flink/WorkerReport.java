package io.facet.pipelines.flink;

import java.util.List;

/**
 * What one task of a {@link WorkerProbe} found on its TaskManager.
 *
 * @param process {@code PID on HOST}
 * @param java version of its Java
 * @param absent native libraries that no jar of the TaskManager has
 * @param inJobJar libraries that came with the job jar instead of Flink's {@code lib}
 * @param torch version of PyTorch it loaded, empty if it could not
 * @param failure why not, else empty
 * @param read what it read from the store, empty if it could not
 * @param readFailure why not, else empty
 * @param written URI of the answer it wrote to the store, empty if it could not
 * @param writeFailure why not, else empty
 */
public record WorkerReport(
    String process,
    String java,
    List<String> absent,
    List<String> inJobJar,
    String torch,
    String failure,
    String read,
    String readFailure,
    String written,
    String writeFailure) {}
