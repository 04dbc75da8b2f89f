package io.facet.pipelines.recipe;

import io.facet.models.option.Description;

/** The {@code report} section. Nothing of it affects results. */
public record ReportRecipe(
    @Description(
            value =
                "Whether 'facet report' and 'facet errors' may show faces, which are personal data,"
                    + " to who asks for them; false: they refuse.",
            defaultValue = "true",
            affectsResult = false)
        boolean pictures) {}
