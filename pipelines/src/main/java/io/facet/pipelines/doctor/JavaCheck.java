package io.facet.pipelines.doctor;

import io.facet.pipelines.InfrastructureException;

/** The Java that runs this. */
public final class JavaCheck implements Check {
  private static final int OLDEST = 17;
  private static final int NEWEST = 21;

  @Override
  public String name() {
    return "java";
  }

  @Override
  public String look() {
    int feature = Runtime.version().feature();
    if (feature < OLDEST || feature > NEWEST) {
      throw new InfrastructureException("Java " + feature + " runs this");
    }
    return "%s %s, %d processors, heap up to %d MB"
        .formatted(
            System.getProperty("java.version"),
            System.getProperty("os.arch"),
            Runtime.getRuntime().availableProcessors(),
            Runtime.getRuntime().maxMemory() >> 20);
  }

  @Override
  public String cure() {
    return "set JAVA_HOME to a JDK 17 to 21";
  }
}
