package io.facet.models.distill.cakd;

import io.facet.models.distill.IdentityTerm;
import io.facet.models.distill.part.IdentityWeight;
import io.facet.models.head.MarginHead;
import io.facet.models.option.Description;
import io.facet.models.option.Selected;
import io.facet.models.prompt.PromptMode;

/** Options of {@link Cakd}, named as in the specification. */
public record CakdOptions(
    @Description(
            value =
                "anchored: the teacher's side alone trains what both sides share, by the reconstruction term, and the terms compare what tells faces apart; ema: the same, through a moving average of what is shared; literal: plain differences that train it from both sides, which they can solve without the student",
            defaultValue = "anchored",
            source = "reconstructed, each of the three")
        CakdForm form,
    @Description(
            value = "how the teacher is prompted; must agree with the recipe's prompt stage",
            defaultValue = "joint",
            source = "joint: arXiv 2306.14662")
        PromptMode prompts,
    @Description(
            value =
                "weight of the attention term, mean((A_T - A_S)^2); of log A normalised over the batch unless form is literal",
            range = "[0, inf)",
            defaultValue = "1",
            source = "reconstructed",
            formerly = "lamA")
        double attentionWeight,
    @Description(
            value =
                "weight of the feature term, mean((o_T - o_S)^2); of o normalised over the batch unless form is literal",
            range = "[0, inf)",
            defaultValue = "1",
            source = "reconstructed",
            formerly = "lamF")
        double localWeight,
    @Description(
            value =
                "weight of the reconstruction term, 1 - cos of the teacher's embedding and a linear map of the mean of its local outputs; 0 leaves what is shared at random; not used by form literal",
            range = "[0, inf)",
            defaultValue = "1",
            source = "reconstructed",
            formerly = "lamR")
        double reconstructionWeight,
    @Description(
            value =
                "weight of the prompted teacher's identity term through its frozen classifier; without classifier or trained prompts the term is absent",
            range = "[0, inf)",
            defaultValue = "1",
            source = "reconstructed",
            formerly = "lamT")
        double teacherIdentityWeight,
    @IdentityWeight double identityWeight,
    @Description(
            value =
                "how tokens become local features; urfm: by learnt local queries; pooling: by the mean in each cell of a grid of L cells, prompts left out",
            defaultValue = "urfm",
            source = "urfm: arXiv 2306.14662; pooling: ablation without URFM")
        LocalMapping mapping,
    @Description(
            value = "number L of local queries, a square number",
            range = "[1, 4096]",
            defaultValue = "49",
            source = "reconstructed")
        int locals,
    @Description(
            value = "width d of the common space, a multiple of heads",
            range = "[1, 4096]",
            defaultValue = "512",
            source = "reconstructed")
        int width,
    @Description(
            value = "attention heads H",
            range = "[1, 256]",
            defaultValue = "8",
            source = "reconstructed")
        int heads,
    @Description(
            value = "weight of the facial distance beside the Euclidean one",
            range = "[0, inf)",
            defaultValue = "1",
            source = "reconstructed")
        double gamma,
    @Description(
            value =
                "facial distance: rd relative to five key points, sd by the teacher's saliency, none",
            defaultValue = "rd",
            source = "names of arXiv 2306.14662, formulas reconstructed")
        FaceDistance faceDistance,
    @Description(
            value =
                "where the position code enters: on queries, on keys, or on each pair of both by their distance, so that a query begins with the field around its cell",
            defaultValue = "pair",
            source = "query: arXiv 2306.14662; key, pair: reconstructed")
        PositionPlacement pePlacement,
    @Description(
            value = "point that distances are measured from",
            defaultValue = "centre",
            source = "reconstructed")
        Anchor anchor,
    @Description(
            value = "distance up to which each step has its own bucket; 2 and 8 times it follow",
            range = "(0, inf)",
            defaultValue = "1.9",
            source = "iRPE")
        double pifRatio,
    @Description(
            value = "round distances before they are put into buckets",
            defaultValue = "true",
            source = "iRPE, Euclidean rule")
        boolean roundFirst,
    @Description(
            value =
                "both: the terms also move the prompts, in form literal the teacher projection as well; student-only: not",
            defaultValue = "both",
            source = "both: arXiv 2306.14662; student-only: ablation")
        AptGradient aptGradient,
    @Description(
            value = "margin softmax of the prompted teacher's identity term",
            defaultValue = "{arcface: {}}",
            source = "reconstructed")
        Selected<MarginHead<?>> teacherHead)
    implements IdentityTerm {

  /**
   * Options that fit together.
   *
   * @throws IllegalArgumentException if the width is not a multiple of the heads, or form literal
   *     is to do without URFM
   */
  public CakdOptions {
    if (heads > 0 && width % heads != 0) {
      throw new IllegalArgumentException(
          "width %d is not a multiple of heads %d".formatted(width, heads));
    }
    if (form == CakdForm.LITERAL && mapping == LocalMapping.POOLING) {
      throw new IllegalArgumentException(
          "form literal has no mapping pooling: choose form anchored or mapping urfm");
    }
  }
}
