package io.facet.pipelines.recipe;

import io.facet.models.option.Description;
import java.util.Map;
import java.util.Optional;

/** The {@code tracking} section. Nothing of it affects results. */
public record TrackingRecipe(
    @Description(value = "MLflow experiment.", defaultValue = "facet", affectsResult = false)
        String experiment,
    @Description(
            value =
                "MLflow server; absent: --tracking-uri, MLFLOW_TRACKING_URI, or events stay local.",
            defaultValue = Description.ABSENT,
            affectsResult = false)
        Optional<String> uri,
    @Description(value = "Tags of the run.", defaultValue = "{}", affectsResult = false)
        Map<String, String> tags) {}
