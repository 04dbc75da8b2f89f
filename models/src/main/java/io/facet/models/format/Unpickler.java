package io.facet.models.format;

import io.facet.models.DataException;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads Python pickles of protocol 0 to 5 as plain data and never runs anything: the few names a
 * file may refer to are given as {@link Globals}, every other name or unusual operation is refused.
 *
 * <p>Results: {@code Long, Double, Boolean, String, byte[], List, Map} (keys are texts or numbers)
 * and what the globals return; tuples and sets are lists. None is {@link #NONE}.
 */
final class Unpickler {
  /** Python's None. */
  static final Object NONE =
      new Object() {
        @Override
        public String toString() {
          return "None";
        }
      };

  private static final Object MARK = new Object();

  /** The newest protocol Python writes. */
  private static final int NEWEST_PROTOCOL = 5;

  /** What a name in a pickle stands for: data made of its arguments. */
  @FunctionalInterface
  interface Global {
    Object call(List<Object> arguments);
  }

  /** An object that gets its state after it was made. */
  interface Built {
    void build(Object state);
  }

  /** The names and external objects a kind of file may use. */
  interface Globals {
    /** What {@code module name} stands for, or null: refused. */
    Global find(String module, String name);

    /** An object kept outside the pickle. */
    default Object persistent(Object id) {
      throw new IllegalArgumentException("refers to data outside itself");
    }
  }

  private final ByteBuffer in;
  private final String file;
  private final Globals globals;
  private final Deque<Object> stack = new ArrayDeque<>();
  private final Map<Long, Object> memo = new HashMap<>();

  private Unpickler(ByteBuffer in, String file, Globals globals) {
    this.in = in.order(ByteOrder.LITTLE_ENDIAN);
    this.file = file;
    this.globals = globals;
  }

  /**
   * Reads one pickle and leaves the buffer behind it.
   *
   * @throws DataException if it is malformed or asks for something forbidden; names the byte
   */
  static Object read(ByteBuffer in, String file, Globals globals) {
    return new Unpickler(in, file, globals).run();
  }

  private Object run() {
    while (true) {
      int position = in.position();
      try {
        int opcode = in.get() & 0xFF;
        if (opcode == '.') {
          return stack.pop();
        }
        step(opcode);
      } catch (DataException e) {
        throw e;
      } catch (BufferUnderflowException e) {
        throw new DataException(
            file + " is cut off: its pickle ends at byte " + in.limit() + "; fetch it again", e);
      } catch (RuntimeException e) {
        throw new DataException(
            "%s holds a malformed pickle at byte %d (%s); fetch it again"
                .formatted(file, position, e.getMessage()),
            e);
      }
    }
  }

  private void step(int opcode) {
    switch (opcode) {
      case 0x80 -> protocol(byteValue());
      case 0x95 -> in.getLong(); // frame
      case '(' -> stack.push(MARK);
      case '0' -> stack.pop();
      case '1' -> popMark();
      case '2' -> stack.push(stack.peek());
      case 'N' -> stack.push(NONE);
      case 0x88 -> stack.push(true);
      case 0x89 -> stack.push(false);
      case 'I' -> stack.push(number(line()));
      case 'L' -> stack.push(Long.parseLong(line().replaceFirst("L$", "")));
      case 'F' -> stack.push(decimal(line()));
      case 'J' -> stack.push((long) in.getInt());
      case 'K' -> stack.push((long) byteValue());
      case 'M' -> stack.push((long) (in.getShort() & 0xFFFF));
      case 0x8A -> stack.push(longOf(bytes(byteValue())));
      case 0x8B -> stack.push(longOf(bytes(in.getInt())));
      case 'G' -> stack.push(ByteBuffer.wrap(bytes(8)).getDouble());
      case 'V' -> stack.push(PickleText.rawUnicode(line()));
      case 'S' -> stack.push(PickleText.quoted(line()));
      case 'X' -> stack.push(text(bytes(in.getInt())));
      case 0x8C -> stack.push(text(bytes(byteValue())));
      case 0x8D -> stack.push(text(bytes(in.getLong())));
      case 'T', 'B' -> stack.push(bytes(in.getInt()));
      case 'U', 'C' -> stack.push(bytes(byteValue()));
      case 0x8E, 0x96 -> stack.push(bytes(in.getLong()));
      case 0x98 -> top(); // a buffer that must not be written to
      case ']', 0x8F -> stack.push(new ArrayList<>()); // a set is a list
      case 'l' -> stack.push(popMark());
      case 'a' -> append(List.of(stack.pop()));
      case 'e', 0x90 -> append(popMark());
      case ')' -> stack.push(new ArrayList<>());
      case 't', 0x91 -> stack.push(popMark());
      case 0x85 -> tuple(1);
      case 0x86 -> tuple(2);
      case 0x87 -> tuple(3);
      case '}' -> stack.push(new LinkedHashMap<>());
      case 'd' -> {
        List<Object> items = popMark();
        stack.push(new LinkedHashMap<>());
        put(items);
      }
      case 's' -> {
        Object value = stack.pop();
        put(List.of(stack.pop(), value));
      }
      case 'u' -> put(popMark());
      case 'p' -> memo.put(Long.parseLong(line()), top());
      case 'q' -> memo.put((long) byteValue(), top());
      case 'r' -> memo.put(in.getInt() & 0xFFFFFFFFL, top());
      case 0x94 -> memo.put((long) memo.size(), top());
      case 'g' -> recall(Long.parseLong(line()));
      case 'h' -> recall(byteValue());
      case 'j' -> recall(in.getInt() & 0xFFFFFFFFL);
      case 'c' -> global(line(), line());
      case 0x93 -> {
        Object name = stack.pop();
        global((String) stack.pop(), (String) name);
      }
      case 'R', 0x81 -> call(list(stack.pop()));
      case 0x92 -> {
        stack.pop(); // arguments by name: data here has none
        call(list(stack.pop()));
      }
      case 'b' -> {
        Object state = stack.pop();
        if (top() instanceof Built object) {
          object.build(state);
        }
      }
      case 'P' -> stack.push(globals.persistent(line()));
      case 'Q' -> stack.push(globals.persistent(stack.pop()));
      default -> throw new IllegalArgumentException("operation 0x%02x".formatted(opcode));
    }
  }

  /** Later protocols may give the operations another meaning. */
  private void protocol(int number) {
    if (number > NEWEST_PROTOCOL) {
      throw new DataException(
          "%s is a pickle of protocol %d, known are 0 to %d; save it again with protocol=%d, or fetch it again if it should be an older one"
              .formatted(file, number, NEWEST_PROTOCOL, NEWEST_PROTOCOL));
    }
  }

  private void call(List<Object> arguments) {
    stack.push(((Global) stack.pop()).call(arguments));
  }

  private void global(String module, String name) {
    Global found = globals.find(module, name);
    if (found == null) {
      throw new DataException(
          "%s is refused: its pickle asks for %s.%s, which could run code; use a file that holds data only, as torch.save(model.state_dict(), FILE) writes it"
              .formatted(file, module, name));
    }
    stack.push(found);
  }

  private Object top() {
    if (stack.isEmpty()) {
      throw new IllegalArgumentException("empty stack");
    }
    return stack.peek();
  }

  private void recall(long key) {
    Object value = memo.get(key);
    if (value == null) {
      throw new IllegalArgumentException("unknown memo " + key);
    }
    stack.push(value);
  }

  private List<Object> popMark() {
    List<Object> items = new ArrayList<>();
    Object item = stack.pop();
    while (item != MARK) {
      items.add(item);
      item = stack.pop();
    }
    Collections.reverse(items);
    return items;
  }

  private void tuple(int size) {
    List<Object> items = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      items.add(0, stack.pop());
    }
    stack.push(items);
  }

  private void append(List<Object> items) {
    list(top()).addAll(items);
  }

  @SuppressWarnings("unchecked")
  private static List<Object> list(Object value) {
    return (List<Object>) value;
  }

  @SuppressWarnings("unchecked")
  private void put(List<Object> items) {
    Map<Object, Object> map = (Map<Object, Object>) top();
    for (int i = 0; i < items.size(); i += 2) {
      map.put(key(items.get(i), map), items.get(i + 1));
    }
  }

  /** A key as text or number. Tuples, classes and the like get a name that nobody asks for. */
  static Object key(Object given, Map<?, ?> map) {
    if (given instanceof byte[] bytes) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
    return given instanceof String || given instanceof Number ? given : "(key " + map.size() + ")";
  }

  private int byteValue() {
    return in.get() & 0xFF;
  }

  private byte[] bytes(long count) {
    if (count < 0 || count > in.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] bytes = new byte[(int) count];
    in.get(bytes);
    return bytes;
  }

  private String line() {
    StringBuilder line = new StringBuilder();
    char next = (char) byteValue();
    while (next != '\n') {
      line.append(next);
      next = (char) byteValue();
    }
    return line.toString();
  }

  private static Object number(String text) {
    return switch (text) {
      case "00" -> false;
      case "01" -> true;
      default -> Long.parseLong(text);
    };
  }

  private static double decimal(String text) {
    return switch (text) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      case "nan" -> Double.NaN;
      default -> Double.parseDouble(text);
    };
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** A little-endian two's complement number; what needs more than 8 bytes keeps them. */
  private static Object longOf(byte[] bytes) {
    if (bytes.length > 8) {
      return new BigInteger(reversed(bytes));
    }
    return bytes.length == 0 ? 0L : new BigInteger(reversed(bytes)).longValueExact();
  }

  private static byte[] reversed(byte[] bytes) {
    byte[] reversed = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      reversed[i] = bytes[bytes.length - 1 - i];
    }
    return reversed;
  }
}
