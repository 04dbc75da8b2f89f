package io.facet.models.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One training at a time on a GPU: two would share its memory and fail, or take longer than one
 * after the other. Others of this process wait, and those of other processes of this user.
 */
public final class DeviceTurn implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceTurn.class);
  private static final Map<String, Semaphore> HERE = new ConcurrentHashMap<>();

  private final Semaphore semaphore;
  private final FileChannel channel;
  private final FileLock lock;

  private DeviceTurn(Semaphore semaphore, FileChannel channel, FileLock lock) {
    this.semaphore = semaphore;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Waits for the device; the processor is never waited for.
   *
   * @param name of the training, for the log
   * @throws InterruptedException if the thread is interrupted while it waits
   */
  public static DeviceTurn take(DeviceChoice device, String name)
      throws InterruptedException, IOException {
    return device.isHost()
        ? new DeviceTurn(null, null, null)
        : take(Path.of(System.getProperty("java.io.tmpdir")), device.name(), name);
  }

  static DeviceTurn take(Path folder, String device, String name)
      throws InterruptedException, IOException {
    Semaphore here = HERE.computeIfAbsent(device, key -> new Semaphore(1, true));
    if (!here.tryAcquire()) {
      LOG.info("{} waits for {}, which trains another network", name, device);
      here.acquire();
    }
    try {
      FileChannel channel =
          FileChannel.open(
              folder.resolve(
                  "facet-%s-%s.lock"
                      .formatted(System.getProperty("user.name"), device.replace(':', '-'))),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        LOG.info("{} waits for {}, which another process of Facet uses", name, device);
        lock = channel.lock();
      }
      return new DeviceTurn(here, channel, lock);
    } catch (IOException | RuntimeException e) {
      here.release();
      throw e;
    }
  }

  @Override
  public void close() {
    if (semaphore == null) {
      return;
    }
    try (channel) {
      lock.release();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      semaphore.release();
    }
  }
}
