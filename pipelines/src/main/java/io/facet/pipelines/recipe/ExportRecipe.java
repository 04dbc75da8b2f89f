package io.facet.pipelines.recipe;

import io.facet.models.embed.CalibrationOptions;
import io.facet.models.embed.Precision;
import io.facet.models.option.Description;
import java.util.List;

/** The {@code export} section: other precisions of each student, each measured beside it. */
public record ExportRecipe(
    @Description(
            value =
                "Precisions that each student is exported in, as ONNX, and measured in: float16,"
                    + " int8.",
            defaultValue = "[]")
        List<Precision> precisions,
    @Description(
            value =
                "How int8 finds the ranges of activations; a student with distill.quantisation has"
                    + " learnt them, and its bits of a weight.",
            defaultValue = "{}")
        CalibrationOptions calibration) {}
