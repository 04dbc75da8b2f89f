package io.facet.models.distill.cakd;

import io.facet.models.head.MarginHead;
import io.facet.models.option.Description;
import io.facet.models.option.Selected;
import io.facet.models.prompt.PromptMode;

/** Options of {@link Cakd}, named as in the specification. */
public record CakdOptions(
    @Description(
            value = "how the teacher is prompted; must agree with the recipe's prompt stage",
            defaultValue = "joint",
            source = "joint: arXiv 2306.14662")
        PromptMode prompts,
    @Description(
            value = "weight of the attention term, mean((A_T - A_S)^2)",
            range = "[0, inf)",
            defaultValue = "1",
            source = "reconstructed")
        double lamA,
    @Description(
            value = "weight of the feature term, mean((o_T - o_S)^2)",
            range = "[0, inf)",
            defaultValue = "1",
            source = "reconstructed")
        double lamF,
    @Description(
            value =
                "weight of the prompted teacher's identity term through its frozen classifier; without classifier or trained prompts the term is absent",
            range = "[0, inf)",
            defaultValue = "1",
            source = "reconstructed")
        double lamT,
    @Description(
            value = "weight of the student's identity term",
            range = "[0, inf)",
            defaultValue = "1")
        double identityWeight,
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
            value = "where the position code enters: query or key",
            defaultValue = "query",
            source = "arXiv 2306.14662; key: reconstructed")
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
            value = "both: the terms also move prompts and teacher projection; student-only: not",
            defaultValue = "both",
            source = "both: arXiv 2306.14662; student-only: ablation")
        AptGradient aptGradient,
    @Description(
            value = "margin softmax of the prompted teacher's identity term",
            defaultValue = "{arcface: {}}",
            source = "reconstructed")
        Selected<MarginHead<?>> teacherHead) {}
