package io.facet.pipelines.cli;

import io.facet.transforms.testing.PackedImages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What people put where a file is expected. */
final class WrongFiles {
  private WrongFiles() {}

  /** Writes one wrong file. */
  @FunctionalInterface
  interface Writer {
    void write(Path file) throws IOException;
  }

  /** Wrong whatever was expected. */
  static Map<String, Writer> ofAnyKind() {
    Map<String, Writer> files = new LinkedHashMap<>();
    files.put("missing", file -> {});
    files.put("a folder", Files::createDirectory);
    files.put("empty", Files::createFile);
    files.put("broken link", file -> Files.createSymbolicLink(file, Path.of("/nowhere/at/all")));
    files.put("link to itself", file -> Files.createSymbolicLink(file, file));
    files.put(
        "LFS pointer",
        text("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"));
    files.put(
        "web page", text("<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>"));
    files.put("error message", text("{\"error\": \"rate limit exceeded\"}"));
    files.put("HDF5", text("\u0089HDF\r\n\u001a\n" + "\0".repeat(200)));
    files.put("gzip", text("\u001f\u008b\b\0\0\0\0\0"));
    files.put("tar", file -> Files.write(file, tar()));
    files.put("noise", text("\u0007\u00f1\u0000\u00ff\u0013".repeat(300)));
    files.put("a pickle of code", text("\u0080\u0003cos\nsystem\nX\u0004\0\0\0true\u0085R."));
    return files;
  }

  /** Wrong where a comma-separated pair list is expected. */
  static Map<String, Writer> pairLists() {
    Map<String, Writer> files = new LinkedHashMap<>(ofAnyKind());
    files.put("no header", text("p0/0.jpg,p0/1.jpg,1\n"));
    files.put("header only", text("left,right,same\n"));
    files.put("no name", text("left,right,same\np0/0.jpg,,1\n"));
    files.put("elsewhere", text("left,right,same\n/else/where/0.jpg,p0/1.jpg,1\n"));
    files.put("outside", text("left,right,same\n../../etc/passwd,p0/1.jpg,1\n"));
    files.put("another flag", text("left,right,same\np0/0.jpg,p0/1.jpg,maybe\n"));
    files.put("half a fold", text("left,right,same,fold\np0/0.jpg,p0/1.jpg,1,1.5\n"));
    files.put("open quote", text("left,right,same\n\"p0/0.jpg,p0/1.jpg,1\n"));
    files.put("Latin-1", text("left,right,same\nJos\u00e9/0.jpg,p0/1.jpg,1\n"));
    files.put("images that are not there", text("left,right,same\na/0.jpg,a/1.jpg,1\n"));
    files.put("one kind of pair", text("left,right,same\np0/0.jpg,p0/1.jpg,1\n"));
    return files;
  }

  /** Wrong where a verification set of InsightFace is expected. */
  static Map<String, Writer> verificationSets() {
    Map<String, Writer> files = new LinkedHashMap<>(ofAnyKind());
    files.put("no pairs", file -> PackedImages.bin(file, List.of(), List.of()));
    files.put("odd number", file -> PackedImages.bin(file, List.of(new byte[1]), List.of(true)));
    files.put(
        "no images",
        file -> PackedImages.bin(file, List.of(new byte[1], new byte[0]), List.of(true)));
    files.put("another pickle", text("\u0080\u0003}."));
    return files;
  }

  private static Writer text(String latin1) {
    return file -> Files.write(file, latin1.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static byte[] tar() {
    byte[] tar = new byte[1024];
    Arrays.fill(tar, 124, 135, (byte) '0');
    System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
    return tar;
  }
}
