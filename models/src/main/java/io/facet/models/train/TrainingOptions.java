package io.facet.models.train;

import io.facet.models.option.Description;
import io.facet.models.option.Selected;
import io.facet.models.train.augment.Augmentation;
import io.facet.models.train.optimiser.Optimiser;
import io.facet.models.train.sampler.Sampler;
import io.facet.models.train.schedule.Schedule;
import java.util.List;
import java.util.Optional;

/** How a network is trained. */
public record TrainingOptions(
    @Description(value = "passes over the training set", range = "[1, 100000]", defaultValue = "10")
        int epochs,
    @Description(
            value = "crops of one step; a smaller training set is one batch",
            range = "[1, 65536]",
            defaultValue = "64")
        int batchSize,
    @Description(value = "how crops are put into batches", defaultValue = "{shuffled: {}}")
        Selected<Sampler<?>> sampler,
    @Description(
            value =
                "batches whose mean gradient makes one optimiser step; methods see each batch as a"
                    + " step",
            range = "[1, 65536]",
            defaultValue = "1")
        int accumulate,
    @Description(
            value = "optimiser of the network and its identity head",
            defaultValue = "{sgd: {}}",
            source = "arcface_torch")
        Selected<Optimiser<?>> optimiser,
    @Description(
            value =
                "highest learning rate of the network and its identity head, 0.1 or {base: 0.1, batch: 512}",
            defaultValue = "0.1",
            source = "AdaDistill, QUD and GKD at batch 512")
        PeakRate learningRate,
    @Description(
            value = "highest learning rate of the identity head; absent: the network's",
            defaultValue = Description.ABSENT)
        Optional<PeakRate> headLearningRate,
    @Description(
            value = "weight decay of their matrices and kernels; none on biases and norms",
            range = "[0, 10]",
            defaultValue = "0.0005",
            source = "AdaDistill, QUD, GKD")
        double weightDecay,
    @Description(
            value = "course of the learning rate after warm-up, for all groups of weights",
            defaultValue = "{cosine: {}}",
            source = "GKD")
        Selected<Schedule<?>> schedule,
    @Description(
            value =
                "share of the identities that take part in a step, drawn anew for each, the batch's own always: logits, class weights, their momentum and decay, in every term that reads a classifier; below 1 for very many identities",
            range = "(0, 1]",
            defaultValue = "1",
            source = "An et al. 2021, Partial FC (0.1 there)")
        double identitySampleRate,
    @Description(value = "epochs of linear warm-up", range = "[0, 1000]", defaultValue = "0")
        double warmUpEpochs,
    @Description(
            value = "AdamW learning rate of method adapters",
            range = "(0, 100]",
            defaultValue = "0.0005",
            source = "reconstructed for CAKD; FaceX-Zoo's Swin training")
        double adapterLearningRate,
    @Description(
            value = "AdamW weight decay of adapter matrices",
            range = "[0, 10]",
            defaultValue = "0.05",
            source = "reconstructed for CAKD")
        double adapterWeightDecay,
    @Description(
            value = "largest norm over the gradients of clipGroups; 0: no limit",
            range = "[0, inf)",
            defaultValue = "5",
            source = "AdaDistill, QUD")
        double clipNorm,
    @Description(
            value =
                "parts whose gradients clipNorm limits, by one norm over them; large gradients of other parts never shrink the network's step",
            defaultValue = "[network]",
            source = "arcface_torch, AdaDistill, QUD")
        List<TrainedPart> clipGroups,
    @Description(
            value = "show half of the crops mirrored, chosen anew each epoch",
            defaultValue = "true")
        boolean flip,
    @Description(
            value =
                "changes of the student's crops, one after the other, drawn anew for each crop and"
                    + " epoch; a teacher that runs live sees the moves among them, a cached one none",
            defaultValue = "[]")
        List<Selected<Augmentation<?>>> augment,
    @Description(
            value = "parts of the network that stay as they start",
            defaultValue = Description.ABSENT)
        Optional<Freezing> freezing,
    @Description(
            value = "validate and keep a moving average of the weights",
            defaultValue = Description.ABSENT)
        Optional<Averaging> averaging,
    @Description(value = "when to end, and which epoch to keep", defaultValue = "{}")
        Stopping stopping,
    @Description(
            value = "end after that many steps; the learning rate spreads over them",
            range = "[1, inf)",
            defaultValue = Description.ABSENT)
        Optional<Long> maxSteps,
    @Description(
            value =
                "blocks: of each block of a transformer that learns, or whose prompts learn, keep the"
                    + " input alone and run it again in the backward pass: less memory, more time,"
                    + " the same bits",
            defaultValue = "none",
            source = "Chen et al. 2016; torch.utils.checkpoint",
            affectsResult = false)
        Recompute recompute,
    @Description(
            value =
                "threads that decode and augment crops ahead of the steps; 0: a quarter of the"
                    + " processors, 1 to 8. More feed a GPU, fewer leave a busy machine alone",
            range = "[0, 256]",
            defaultValue = "0",
            affectsResult = false)
        int decoderThreads,
    @Description(
            value = "steps between two lines of history",
            range = "[1, inf)",
            defaultValue = "10",
            affectsResult = false)
        int logEvery,
    @Description(
            value = "steps between two checkpoints",
            range = "[1, inf)",
            defaultValue = "100",
            affectsResult = false)
        int checkpointEvery,
    @Description(
            value = "minutes after which a checkpoint is saved though fewer steps were made",
            range = "(0, inf)",
            defaultValue = "5",
            affectsResult = false)
        double checkpointMinutes) {

  /** Highest learning rate of the network, for the crops of one step. */
  public double networkRate() {
    return learningRate.at((long) batchSize * accumulate);
  }

  /** Highest learning rate of the identity head, for the crops of one step. */
  public double headRate() {
    return headLearningRate.orElse(learningRate).at((long) batchSize * accumulate);
  }
}
