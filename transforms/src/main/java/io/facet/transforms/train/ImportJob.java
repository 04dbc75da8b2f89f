package io.facet.transforms.train;

import io.facet.models.backbone.Backbone;
import io.facet.models.face.Preprocessing;
import io.facet.models.option.Selected;
import io.facet.models.weights.WeightNaming;
import java.util.Optional;

/**
 * A network somebody else trained, to be turned into a model file.
 *
 * @param name of the teacher
 * @param backbone the network the weights belong to
 * @param preprocessing what it expects as input
 * @param weights URI of the weights file
 * @param naming how the file names its tensors
 * @param sha256 expected digest of the file, 64 hexadecimal digits; empty: any
 * @param classifier class weights it gets; absent: those of a model file of ours, if it has some
 */
public record ImportJob(
    String name,
    Selected<Backbone<?>> backbone,
    Preprocessing preprocessing,
    String weights,
    WeightNaming naming,
    String sha256,
    Optional<ClassifierImport> classifier) {}
