package io.facet.models.onnx;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.facet.models.DataException;
import io.facet.models.format.Impostor;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Consumer;

/** ONNX files as people bring them, made into one file that stands alone. */
public final class OnnxProgram {
  private OnnxProgram() {}

  /** Reads a file beside the model. */
  @FunctionalInterface
  public interface Beside {
    /**
     * All its bytes.
     *
     * @param location relative to the model's folder, with {@code /}
     * @throws java.io.FileNotFoundException if it is not there
     */
    byte[] read(String location) throws IOException;
  }

  /**
   * Names of the files that hold weights of the model, in order; none if it stands alone.
   *
   * @param name of the file, for error messages
   * @throws DataException if the bytes are not an ONNX model, or a location leaves the model's
   *     folder
   */
  public static List<String> files(byte[] program, String name) {
    TreeSet<String> files = new TreeSet<>();
    tensors(
        parse(program, name).getGraph().toBuilder(),
        tensor -> {
          if (isExternal(tensor)) {
            files.add(External.of(tensor.build(), name).location());
          }
        });
    return List.copyOf(files);
  }

  /**
   * The same model with all weights inside.
   *
   * @param beside reads the files that hold them
   * @throws DataException if one is missing or too short
   */
  public static byte[] whole(byte[] program, String name, Beside beside) {
    List<String> files = files(program, name);
    if (files.isEmpty()) {
      return program;
    }
    Map<String, byte[]> contents = new HashMap<>();
    for (String file : files) {
      contents.put(file, content(file, name, beside));
    }
    ModelProto.Builder model = parse(program, name).toBuilder();
    tensors(
        model.getGraphBuilder(),
        tensor -> {
          if (isExternal(tensor)) {
            External place = External.of(tensor.build(), name);
            byte[] content = contents.get(place.location());
            tensor
                .setRawData(place.part(content, tensor.getName(), name))
                .clearExternalData()
                .clearDataLocation();
          }
        });
    return model.build().toByteArray();
  }

  /**
   * The same model with one output only.
   *
   * @throws DataException if it has no such output; names those it has
   */
  public static byte[] withOutput(byte[] program, String name, String output) {
    ModelProto.Builder model = parse(program, name).toBuilder();
    List<ValueInfoProto> outputs = model.getGraph().getOutputList();
    ValueInfoProto wanted =
        outputs.stream()
            .filter(one -> one.getName().equals(output))
            .findFirst()
            .orElseThrow(
                () ->
                    new DataException(
                        "%s has no output '%s'; it has %s"
                            .formatted(
                                name,
                                output,
                                outputs.stream().map(ValueInfoProto::getName).toList())));
    model.getGraphBuilder().clearOutput().addOutput(wanted);
    return model.build().toByteArray();
  }

  private static byte[] content(String file, String name, Beside beside) {
    try {
      byte[] content = beside.read(file);
      Impostor.of(Arrays.copyOf(content, Math.min(content.length, Impostor.BYTES)))
          .filter(kind -> kind == Impostor.LFS_POINTER || kind == Impostor.HTML)
          .ifPresent(
              kind -> {
                throw kind.refusal(file + " beside " + name);
              });
      return content;
    } catch (IOException e) {
      throw new DataException(
          "%s keeps its weights in '%s' beside it, which cannot be read (%s); put that file there"
              .formatted(name, file, e.getMessage()),
          e);
    }
  }

  private static boolean isExternal(TensorProto.Builder tensor) {
    return tensor.getDataLocation() == TensorProto.DataLocation.EXTERNAL;
  }

  /** Initialisers and constants, also of the graphs inside nodes. */
  private static void tensors(GraphProto.Builder graph, Consumer<TensorProto.Builder> visit) {
    graph.getInitializerBuilderList().forEach(visit);
    for (NodeProto.Builder node : graph.getNodeBuilderList()) {
      for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
        if (attribute.hasT()) {
          visit.accept(attribute.getTBuilder());
        }
        attribute.getTensorsBuilderList().forEach(visit);
        if (attribute.hasG()) {
          tensors(attribute.getGBuilder(), visit);
        }
        attribute.getGraphsBuilderList().forEach(inner -> tensors(inner, visit));
      }
    }
  }

  /**
   * The model.
   *
   * @param name of the file, for error messages
   * @throws DataException if the bytes are not an ONNX model
   */
  public static ModelProto parse(byte[] program, String name) {
    try {
      ModelProto model = ModelProto.parseFrom(program);
      if (model.hasGraph()) {
        return model;
      }
    } catch (InvalidProtocolBufferException e) {
      Impostor.refuse(Arrays.copyOf(program, Math.min(program.length, Impostor.BYTES)), name);
      throw new DataException(
          "%s is not a usable ONNX model: %s; fetch it again".formatted(name, e.getMessage()), e);
    }
    Impostor.refuse(Arrays.copyOf(program, Math.min(program.length, Impostor.BYTES)), name);
    throw new DataException(name + " is not an ONNX model: it holds no graph; fetch it again");
  }

  /** Where a tensor's bytes lie. */
  private record External(String location, long offset, long length) {
    static External of(TensorProto tensor, String name) {
      String location = "";
      long offset = 0;
      long length = -1;
      for (StringStringEntryProto entry : tensor.getExternalDataList()) {
        switch (entry.getKey()) {
          case "location" -> location = entry.getValue().replace('\\', '/');
          case "offset" -> offset = number(entry.getValue(), tensor, name);
          case "length" -> length = number(entry.getValue(), tensor, name);
          default -> {} // checksums and the like
        }
      }
      List<String> parts = List.of(location.split("/", -1));
      if (location.isEmpty() || parts.contains("") || parts.contains("..")) {
        throw new DataException(
            "%s: tensor '%s' lies in '%s', outside the model's folder; export it again"
                .formatted(name, tensor.getName(), location));
      }
      return new External(location.replaceFirst("^(\\./)+", ""), offset, length);
    }

    private static long number(String text, TensorProto tensor, String name) {
      try {
        long number = Long.parseLong(text);
        if (number >= 0) {
          return number;
        }
      } catch (NumberFormatException e) {
        throw damaged(tensor.getName(), name);
      }
      throw damaged(tensor.getName(), name);
    }

    ByteString part(byte[] content, String tensor, String name) {
      long count = length < 0 ? content.length - offset : length;
      if (count < 0 || offset > content.length - count) {
        throw new DataException(
            "%s: tensor '%s' ends at byte %d of '%s', which has %d; fetch both files again"
                .formatted(name, tensor, offset + count, location, content.length));
      }
      return ByteString.copyFrom(content, (int) offset, (int) count);
    }

    private static DataException damaged(String tensor, String name) {
      return new DataException(
          "%s: the place of tensor '%s' is malformed; export it again".formatted(name, tensor));
    }
  }
}
