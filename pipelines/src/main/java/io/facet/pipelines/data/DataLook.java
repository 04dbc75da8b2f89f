package io.facet.pipelines.data;

import io.facet.pipelines.artifact.Artifact;
import io.facet.transforms.parquet.ParquetTable;
import io.facet.transforms.row.RejectRow;
import io.facet.transforms.row.SampleRow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A look at the data of a recipe or run.
 *
 * @param sources what each source gave
 * @param people images of each person
 * @param histogram people in training by their number of images
 * @param rejects dead letters of ingest and align by reason
 * @param samples names of images in all splits
 * @param duplicates members of groups of equal pictures
 * @param alignedTwice pictures that were aligned faces already, by source
 * @param unalignedCrops pictures taken as aligned crops that are none, by source
 * @param cropsUnseen why crops that are there were not looked at, empty if they were
 * @param colourOrder how well the teacher tells people apart in both orders of colours, by source
 * @param teacher whose embeddings judged labels, empty without any
 * @param judged labelled training faces that could be judged
 * @param usual median cosine of a face to its person, NaN without any
 * @param labelErrors doubtful labels
 * @param sharedPeople people of verification sets who may be in training
 */
public record DataLook(
    List<Rows.SourceCount> sources,
    List<Rows.PersonCount> people,
    Map<String, Long> histogram,
    Map<String, Long> rejects,
    long samples,
    List<Rows.Duplicate> duplicates,
    List<Rows.AlignedTwice> alignedTwice,
    List<Rows.UnalignedCrops> unalignedCrops,
    String cropsUnseen,
    List<Rows.ColourOrder> colourOrder,
    String teacher,
    int judged,
    double usual,
    List<Rows.LabelError> labelErrors,
    List<Rows.SharedPerson> sharedPeople) {

  /** Share of crops that are none; needs a detector where there are crops. */
  public static final String UNALIGNED_CROPS = "unaligned-crops";

  /** Looks; reads tables, and asks detector and teacher about a few faces of each source. */
  public static DataLook at(DataArtifacts artifacts) {
    SampleCounts counts = new SampleCounts();
    long samples = 0;
    try (ParquetTable.Rows<SampleRow> rows =
        ParquetTable.read(SampleRow.class, artifacts.ingest().tableUris("samples"))) {
      for (SampleRow row : rows) {
        counts.add(row);
        samples++;
      }
    }
    Optional<Labels> labels =
        artifacts.features().map(features -> new Labels(artifacts.ingest(), features));
    List<Rows.LabelError> errors = labels.map(Labels::errors).orElse(List.of());
    double usual = labels.map(Labels::usual).orElse(Double.NaN);
    List<Rows.SharedPerson> shared =
        labels.isPresent() && artifacts.evaluation().isPresent() && !Double.isNaN(usual)
            ? SharedPeople.find(
                artifacts.ingest(), artifacts.evaluation().get(), labels.get().centres(), usual)
            : List.of();
    UnalignedCrops.Found crops = UnalignedCrops.find(artifacts.ingest(), artifacts.align());
    return new DataLook(
        counts.sources(),
        counts.people(),
        counts.histogram(),
        rejects(List.of(artifacts.ingest(), artifacts.align())),
        samples,
        Duplicates.find(artifacts.ingest(), artifacts.align()),
        AlignedTwice.find(artifacts.ingest(), artifacts.align()),
        crops.rows(),
        crops.unseen(),
        artifacts
            .model()
            .map(model -> ColourOrder.find(artifacts.ingest(), artifacts.align(), model))
            .orElse(List.of()),
        artifacts.teacher(),
        labels.map(Labels::judged).orElse(0),
        usual,
        errors,
        shared);
  }

  private static Map<String, Long> rejects(List<Artifact> artifacts) {
    Map<String, Long> reasons = new TreeMap<>();
    for (Artifact artifact : artifacts) {
      try (ParquetTable.Rows<RejectRow> rows =
          ParquetTable.read(RejectRow.class, artifact.tableUris("rejects"))) {
        rows.forEach(
            row -> reasons.merge(artifact.manifest().stage() + ": " + row.reason(), 1L, Long::sum));
      }
    }
    return reasons;
  }

  /** Groups of equal pictures. */
  public long groups() {
    return duplicates.stream().mapToInt(Rows.Duplicate::group).distinct().count();
  }

  /**
   * Shares that a person may limit, by name: {@code duplicates} (pictures that repeat another),
   * {@code conflicts} (in groups under several names) and {@code leaks} (in groups that training
   * and verification share) of all samples, {@code aligned-twice} and {@code unaligned-crops} of
   * the pictures looked at for it, {@code wrong-colours} of the faces judged for that, {@code
   * label-errors} of those judged, {@code shared-people} of the people of verification sets.
   * Without a teacher the last three are missing, {@code unaligned-crops} where no detector could
   * look at the crops.
   */
  public Map<String, Double> shares() {
    Map<String, Double> shares = new TreeMap<>();
    shares.put("duplicates", share(duplicates.size() - groups(), samples));
    shares.put(
        "conflicts", share(duplicates.stream().filter(Rows.Duplicate::conflict).count(), samples));
    shares.put("leaks", share(duplicates.stream().filter(Rows.Duplicate::leak).count(), samples));
    shares.put(
        "aligned-twice",
        share(
            alignedTwice.stream()
                .filter(Rows.AlignedTwice::most)
                .mapToLong(Rows.AlignedTwice::twice)
                .sum(),
            alignedTwice.stream().mapToLong(Rows.AlignedTwice::judged).sum()));
    if (cropsUnseen.isEmpty()) {
      shares.put(
          UNALIGNED_CROPS,
          share(
              unalignedCrops.stream()
                  .filter(Rows.UnalignedCrops::most)
                  .mapToLong(Rows.UnalignedCrops::elsewhere)
                  .sum(),
              unalignedCrops.stream().mapToLong(Rows.UnalignedCrops::judged).sum()));
    }
    if (!colourOrder.isEmpty()) {
      shares.put(
          "wrong-colours",
          share(
              colourOrder.stream()
                  .filter(Rows.ColourOrder::wrong)
                  .mapToLong(Rows.ColourOrder::faces)
                  .sum(),
              colourOrder.stream().mapToLong(Rows.ColourOrder::faces).sum()));
    }
    if (judged > 0) {
      shares.put("label-errors", share(labelErrors.size(), judged));
      long measured =
          people.stream()
              .filter(row -> !row.split().equals(SampleRow.TRAIN))
              .filter(row -> !row.split().equals(SampleRow.VALIDATION))
              .count();
      shares.put("shared-people", share(sharedPeople.size(), measured));
    }
    return shares;
  }

  private static double share(long part, long whole) {
    return whole == 0 ? 0 : (double) part / whole;
  }
}
