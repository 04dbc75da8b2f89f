package io.facet.models.tensor;

/** The TorchScript that runs the steps of a {@link LayerSequence}. */
final class LayerProgram {
  /** Numbers of a step: its place in {@link Step}, then three of its own. */
  static final int NUMBERS = 4;

  /** The steps in the order of their numbers. */
  enum Step {
    CONVOLUTION,
    BATCH_NORMALISATION,
    PLAIN_BATCH_NORMALISATION,
    PRELU,
    RELU,
    RELU6,
    GELU,
    KEEP,
    SWAP,
    ADD_KEPT,
    CHANNELS_LAST,
    EVERY,
    FLATTEN,
    LINEAR,
    LAYER_NORMALISATION,
    MEAN_TOKEN,
    ATTENTION,
    BIASED_CONVOLUTION,
    SCALE,
    BRANCH,
    JOIN,
    TO_PLACES,
    TO_MAPS,
    TO_TOKENS,
    RESHAPE,
    CHOOSE,
    CASCADE,
    POSITIONS,
    CHANNEL_ATTENTION,
    WINDOW_ATTENTION,
    MERGE_WINDOWS
  }

  static final String TEXT =
      """
      def layers(self: __torch__.Module_, x: Tensor, weights: List[Tensor], plan: Tensor) -> Tensor:
        numbers = annotate(List[float], plan.tolist())
        y = x
        kept = x
        waiting = annotate(List[Tensor], [])
        w = 0
        for i in range(len(numbers) // 4):
          step = int(numbers[4 * i])
          a = numbers[4 * i + 1]
          b = numbers[4 * i + 2]
          c = numbers[4 * i + 3]
          if step == 0:
            y = torch.conv2d(y, weights[w], None, [int(a), int(a)], [int(b), int(b)], [1, 1], int(c))
            w = w + 1
          elif step == 1:
            y = torch.batch_norm(y, weights[w], weights[w + 1], weights[w + 2], weights[w + 3], bool(a), b, c, False)
            w = w + 4
          elif step == 2:
            y = torch.batch_norm(y, None, None, weights[w], weights[w + 1], bool(a), b, c, False)
            w = w + 2
          elif step == 3:
            y = torch.prelu(y, weights[w])
            w = w + 1
          elif step == 4:
            y = torch.relu(y)
          elif step == 5:
            y = torch.relu6(y)
          elif step == 6:
            y = torch.gelu(y)
          elif step == 7:
            kept = y
          elif step == 8:
            other = kept
            kept = y
            y = other
          elif step == 9:
            y = torch.add(y, kept)
            kept = y
          elif step == 10:
            y = torch.contiguous(y, memory_format=2)
          elif step == 11:
            y = torch.slice(torch.slice(y, 2, None, None, int(a)), 3, None, None, int(a))
          elif step == 12:
            y = torch.reshape(y, [torch.size(y, 0), -1])
          elif step == 13:
            matrix = weights[w]
            w = w + 1
            if torch.dim(y) == 3 and torch.size(y, 1) > 1:
              columns = torch.unsqueeze(torch.transpose(y, 1, 2), 2)
              kernel = torch.unsqueeze(torch.unsqueeze(matrix, 2), 3)
              if bool(a):
                mapped = torch.conv2d(columns, kernel, weights[w])
              else:
                mapped = torch.conv2d(columns, kernel, None)
              y = torch.transpose(torch.squeeze(mapped, 2), 1, 2)
            elif torch.dim(y) == 2 and bool(a):
              y = torch.addmm(weights[w], y, torch.t(matrix))
            else:
              y = torch.matmul(y, torch.t(matrix))
              if bool(a):
                y = torch.add_(y, weights[w])
            w = w + int(a)
          elif step == 14:
            y = torch.layer_norm(y, [torch.size(weights[w], 0)], weights[w], weights[w + 1], a)
            w = w + 2
          elif step == 15:
            y = torch.mean(y, [1])
          elif step == 16:
            batch, count, width, = torch.size(y)
            parts = torch.reshape(y, [batch, count, 3, int(a), -1])
            q, k, v, = torch.unbind(torch.permute(parts, [2, 0, 3, 1, 4]))
            joined = torch.transpose(torch.scaled_dot_product_attention(q, k, v), 1, 2)
            y = torch.reshape(joined, [batch, count, -1])
          elif step == 17:
            y = torch.conv2d(y, weights[w], weights[w + 1], [int(a), int(a)], [int(b), int(b)], [1, 1], int(c))
            w = w + 2
          elif step == 18:
            y = torch.mul(y, weights[w])
            w = w + 1
          elif step == 19:
            torch.append(waiting, y)
          elif step == 20:
            y = torch.add(torch.pop(waiting), y)
          elif step == 21:
            y = torch.permute(y, [0, 2, 3, 1])
          elif step == 22:
            y = torch.permute(y, [0, 3, 1, 2])
          elif step == 23:
            y = torch.permute(torch.reshape(y, [torch.size(y, 0), torch.size(y, 1), -1]), [0, 2, 1])
          elif step == 24:
            if bool(c):
              y = torch.reshape(y, [torch.size(y, 0), int(a), int(b), int(c)])
            else:
              y = torch.reshape(y, [torch.size(y, 0), int(a), int(b)])
          elif step == 25:
            y = torch.index_select(y, 1, weights[w])
            w = w + 1
          elif step == 26:
            sizes = annotate(List[int], [])
            for j in range(int(a)):
              torch.append(sizes, int(b))
            torch.append(sizes, torch.size(y, 1) - int(a) * int(b))
            groups = torch.split_with_sizes(y, sizes, 1)
            outputs = annotate(List[Tensor], [])
            part = groups[0]
            for j in range(int(a)):
              if j > 0:
                part = torch.add(part, groups[j])
              part = torch.conv2d(part, weights[w], weights[w + 1], [1, 1], [int(c), int(c)], [1, 1], int(b))
              torch.append(outputs, part)
              w = w + 2
            torch.append(outputs, groups[int(a)])
            y = torch.cat(outputs, 1)
          elif step == 27:
            maps = torch.conv2d(weights[w], weights[w + 1], weights[w + 2])
            y = torch.add(y, torch.permute(torch.reshape(maps, [1, torch.size(maps, 1), -1]), [0, 2, 1]))
            w = w + 3
          elif step == 28:
            batch, count, width, = torch.size(y)
            parts = torch.reshape(y, [batch, count, 3, int(a), -1])
            parts = torch.permute(parts, [2, 0, 3, 4, 1])
            q = torch.squeeze(torch.slice(parts, 0, 0, 1), 0)
            q = torch.div(q, torch.expand_as(torch.clamp_min(torch.norm(q, 2., [-1], True), 1e-12), q))
            k = torch.squeeze(torch.slice(parts, 0, 1, 2), 0)
            k = torch.div(k, torch.expand_as(torch.clamp_min(torch.norm(k, 2., [-1], True), 1e-12), k))
            k = torch.permute(k, [0, 1, 3, 2])
            v = torch.squeeze(torch.slice(parts, 0, 2, 3), 0)
            scores = torch.mul(torch.matmul(q, k), weights[w])
            w = w + 1
            shares = torch.softmax(scores, -1, ops.prim.dtype(scores))
            y = torch.reshape(torch.permute(torch.matmul(shares, v), [0, 3, 1, 2]), [batch, count, -1])
          elif step == 29:
            batch, count, width, = torch.size(y)
            heads = int(a)
            windows = int(b)
            size = count // windows
            parts = torch.permute(torch.reshape(y, [batch, windows, size, 3, heads, -1]), [3, 0, 1, 4, 2, 5])
            parts = torch.reshape(parts, [3, batch, windows * heads, size, -1])
            table = torch.cat([weights[w], torch.new_zeros(weights[w], [1, heads])])
            pairs = torch.permute(torch.index_select(table, 0, weights[w + 1]), [1, 0])
            bias = torch.reshape(pairs, [1, heads, size, size])
            w = w + 2
            if bool(c):
              bias = torch.add(bias, weights[w])
              w = w + 1
            else:
              bias = torch.expand(bias, [windows, heads, size, size])
            bias = torch.reshape(bias, [1, windows * heads, size, size])
            q, k, v, = torch.unbind(parts)
            joined = torch.scaled_dot_product_attention(q, k, v, bias)
            joined = torch.permute(torch.reshape(joined, [batch, windows, heads, size, -1]), [0, 1, 3, 2, 4])
            y = torch.reshape(joined, [batch, count, -1])
          else:
            batch, count, width, = torch.size(y)
            size = count // int(a)
            grid = torch.index_select(y, 1, weights[w])
            w = w + 1
            if size > int(b):
              cut = torch.reshape(y, [batch, int(a), size, width])
              own, prompts, = torch.split_with_sizes(cut, [int(b), size - int(b)], 2)
              grid = torch.cat([grid, torch.mean(prompts, [1])], 1)
            y = grid
        return y
      """;

  private LayerProgram() {}
}
