package io.facet.models;

import static net.bytebuddy.matcher.ElementMatchers.isNative;
import static net.bytebuddy.matcher.ElementMatchers.named;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;

/**
 * Counts the calls from Java into PyTorch by name of the function, in a process of its own that
 * starts with {@code -javaagent:} and {@link #agent}: every native method of DJL's library gets a
 * Java method of its name before it.
 */
public final class NativeCalls {
  private static final Map<String, LongAdder> CALLS = new ConcurrentHashMap<>();

  private NativeCalls() {}

  /** Writes the agent's jar, which names this class; the class path has to hold it. */
  public static void agent(Path jar) throws IOException {
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Premain-Class", NativeCalls.class.getName());
    attributes.putValue("Can-Set-Native-Method-Prefix", "true");
    try (OutputStream out = Files.newOutputStream(jar)) {
      new JarOutputStream(out, manifest).close();
    }
  }

  /** Called by the virtual machine before its program begins. */
  public static void premain(String options, Instrumentation machine) {
    new AgentBuilder.Default()
        .enableNativeMethodPrefix("counted_")
        .type(named("ai.djl.pytorch.jni.PyTorchLibrary"))
        .transform(
            (builder, type, loader, module, domain) ->
                builder.method(isNative()).intercept(Advice.to(Count.class)))
        .installOn(machine);
  }

  /** Calls since the process began. */
  public static Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    CALLS.forEach((name, calls) -> counts.put(name, calls.sum()));
    return counts;
  }

  /** Called by the methods that stand before the native ones. */
  public static void count(String name) {
    CALLS.computeIfAbsent(name, n -> new LongAdder()).increment();
  }

  private static final class Count {
    @Advice.OnMethodEnter
    static void enter(@Advice.Origin("#m") String name) {
      NativeCalls.count(name);
    }
  }
}
