package io.facet.transforms.publish;

import io.facet.models.embed.CalibrationOptions;
import io.facet.models.embed.Precision;
import io.facet.transforms.embed.FaceFiles;
import java.util.List;

/**
 * A student to be exported in another precision.
 *
 * @param model URI of its model file
 * @param precision of the export
 * @param calibration for int8
 * @param samples data files of table {@code samples}, which say what was trained on
 * @param faces files of faces
 * @param seed of the choice of faces
 */
public record ExportJob(
    String model,
    Precision precision,
    CalibrationOptions calibration,
    List<String> samples,
    FaceFiles faces,
    long seed) {}
