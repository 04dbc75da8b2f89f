/**
 * Faces from encoded images: probe, decode, find, pick, warp, encode, and the pixels a network
 * gets.
 *
 * <p>The whole way is {@link io.facet.models.face.FaceAligner}:
 *
 * <pre>{@code
 * Selected<FaceDetector<?>> yunet =
 *     RecordBinder.select(FaceDetector.class, "yunet", "{\"model\": \"yunet_n_dynamic.onnx\"}");
 * try (FaceAligner aligner = FaceAligner.open(AlignOptions.with(yunet))) {
 *   AlignmentResult result = aligner.align(Files.readAllBytes(photograph));
 *   if (result instanceof AlignmentResult.Aligned face) {
 *     float[] input = CropTensor.chw(face.crop(), Preprocessing.STANDARD, false);
 *   } else if (result instanceof AlignmentResult.Rejected rejected) {
 *     log.warn("{}: {}", rejected.reason().key(), rejected.detail());
 *   }
 * }
 * }</pre>
 *
 * <p>Its steps, each a class of its own:
 *
 * <ol>
 *   <li>{@link io.facet.models.face.ImageProbe}: type by content, limits, completeness, before
 *       anything is decoded. A name that lies about the type does not matter.
 *   <li>{@link io.facet.models.face.ImageDecoder}: 8-bit BGR, EXIF orientation applied.
 *   <li>{@link io.facet.models.face.FaceDetector}: {@code yunet} looks, {@code given} takes the
 *       landmarks of the source, {@code none} says that the image is a crop already. Landmarks that
 *       come with an image replace looking unless the options say otherwise.
 *   <li>{@link io.facet.models.face.FacePicker}: which of several faces.
 *   <li>{@link io.facet.models.face.SimilarityTransform} and {@link
 *       io.facet.models.face.BilinearWarp}: five landmarks onto a {@link
 *       io.facet.models.face.FaceTemplate}. An image whose landmarks lie on the template already
 *       keeps its bytes.
 *   <li>{@link io.facet.models.face.FaceEncoder}: lossless PNG.
 * </ol>
 *
 * <p>An image that cannot be used gets one {@link io.facet.models.face.RejectReason} and never an
 * exception. Not found: damage inside a JPEG that leaves its markers whole; such an image decodes
 * with a smear. A detector of your own is one class that implements {@link
 * io.facet.models.face.FaceDetector} and carries {@code @AutoService(FaceDetector.class)}.
 */
package io.facet.models.face;
