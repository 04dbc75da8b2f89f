package io.facet.pipelines.recipe;

import io.facet.models.distill.ChosenMethod;
import io.facet.models.option.BindingFault;
import io.facet.models.option.Spelling;
import io.facet.models.train.teacher.FeatureType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The {@code teachers} section: names, origin, and who teaches whom. */
final class TeacherChecks {
  private final Recipe recipe;
  private final List<BindingFault> faults = new ArrayList<>();

  private TeacherChecks(Recipe recipe) {
    this.recipe = recipe;
  }

  static List<BindingFault> check(Recipe recipe) {
    TeacherChecks checks = new TeacherChecks(recipe);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < recipe.teachers().size(); i++) {
      TeacherRecipe teacher = recipe.teachers().get(i);
      String pointer = "/teachers/" + i;
      RecipeChecks.checkName(pointer + "/name", teacher.name(), checks.faults);
      if (!seen.add(teacher.name())) {
        checks.fault(pointer + "/name", "two teachers have the name '" + teacher.name() + "'");
      }
      checks.origin(pointer, teacher);
    }
    return checks.faults;
  }

  private void origin(String pointer, TeacherRecipe teacher) {
    long origins =
        Stream.of(teacher.weights(), teacher.onnx(), teacher.torchscript(), teacher.training())
            .filter(Optional::isPresent)
            .count();
    if (origins != 1) {
      fault(
          pointer,
          origins == 0
              ? "give weights, onnx, torchscript (import) or training"
              : "give one of weights, onnx, torchscript and training; a warm start is training.initial");
      return;
    }
    if (teacher.cache() == TeacherCache.NEVER && teacher.cacheType() != FeatureType.FLOAT32) {
      fault(pointer + "/cacheType", "nothing is cached (cache: never): remove one of the two");
    }
    teacher.classifier().ifPresent(given -> given(pointer + "/classifier", teacher, given));
    if (teacher.frozen().isPresent()) {
      frozen(pointer, teacher);
      return;
    }
    if (teacher.backbone().isEmpty()) {
      fault(pointer, "missing key 'backbone' (its network)");
      return;
    }
    teacher.weights().ifPresent(w -> RecipeChecks.checkWeights(pointer + "/weights", w, faults));
    teacher.training().ifPresent(training -> training(pointer + "/training", teacher, training));
  }

  private void given(String pointer, TeacherRecipe teacher, TeacherClassifierRecipe classifier) {
    if (teacher.training().isPresent()) {
      fault(
          pointer,
          "a teacher that is trained here has class weights of its own: remove classifier, or import the teacher's weights");
    }
    RecipeChecks.checkWeights(pointer, classifier.file(), faults);
    if (classifier.names().matches("https?://.*")) {
      fault(pointer + "/names", "must be a file, is a URL: fetch it and name its path");
    }
  }

  private void frozen(String pointer, TeacherRecipe teacher) {
    String key = teacher.onnx().isPresent() ? "onnx" : "torchscript";
    RecipeChecks.checkWeights(pointer + "/" + key, teacher.frozen().orElseThrow().file(), faults);
    if (teacher.torchscript().flatMap(FrozenRecipe::output).isPresent()) {
      fault(
          pointer + "/torchscript/output",
          "a TorchScript module has no named outputs: save one that returns the embedding only");
    }
    if (teacher.cache() == TeacherCache.NEVER) {
      fault(
          pointer + "/cache",
          "%s is a finished program, whose embeddings are always cached: remove cache, or import its weights"
              .formatted(key));
    }
    if (teacher.backbone().isPresent()) {
      fault(
          pointer + "/backbone",
          "%s is a finished program: remove backbone, or import its weights".formatted(key));
    }
  }

  private void training(
      String pointer, TeacherRecipe teacher, TeacherRecipe.TeacherTraining training) {
    training.initial().ifPresent(w -> RecipeChecks.checkWeights(pointer + "/initial", w, faults));
    Optional<TeacherRecipe> from = training.from().flatMap(name -> known(pointer + "/from", name));
    Optional<TeacherRecipe> lender =
        training.classifier().flatMap(c -> known(pointer + "/classifier/from", c.from()));
    if (circle(teacher, pointer)) {
      return;
    }
    lender.ifPresent(other -> classifier(pointer, teacher, training, other));
    if (MethodChecks.recomputesInVain(training.options(), teacher.network())) {
      fault(
          pointer + "/recompute",
          "blocks is for transformers, teacher '%s' is %s: remove it, or choose a vit or swin"
              .formatted(teacher.name(), teacher.network().key()));
    }
    faults.addAll(
        new MethodChecks(recipe, training.options(), false)
            .check(pointer + "/method", training.method(), teacher.network(), from, "from"));
  }

  /** Whether the class weights of another network fit the head of this one. */
  private void classifier(
      String pointer,
      TeacherRecipe teacher,
      TeacherRecipe.TeacherTraining training,
      TeacherRecipe lender) {
    if (MethodChecks.identityWeight(training.method()) == 0) {
      fault(
          pointer + "/classifier",
          "%s trains without a head: raise its identityWeight".formatted(training.method().key()));
    }
    boolean bare = lender.frozen().isPresent() && lender.classifier().isEmpty();
    if (bare || MethodChecks.withoutClassifier(lender)) {
      fault(
          pointer + "/classifier/from",
          "teacher '%s' has no head and so no class weights to share: train it here with an identityWeight above 0, or give an imported one classifier: {path: FILE, names: FILE}"
              .formatted(lender.name()));
    }
    Optional<Integer> own = TeacherOffer.of(teacher).map(TeacherOffer::embedding);
    Optional<Integer> given = TeacherOffer.of(lender).map(TeacherOffer::embedding);
    if (own.isPresent() && given.isPresent() && !own.equals(given)) {
      fault(
          pointer + "/classifier/from",
          "class weights of '%s' have %d numbers each, the embeddings of '%s' %d: choose equal widths"
              .formatted(lender.name(), given.get(), teacher.name(), own.get()));
    }
  }

  private Optional<TeacherRecipe> known(String pointer, String name) {
    Optional<TeacherRecipe> found = recipe.teacher(name);
    if (found.isEmpty()) {
      fault(pointer, unknown(recipe, name));
    }
    return found;
  }

  static String unknown(Recipe recipe, String name) {
    List<String> names = recipe.teachers().stream().map(TeacherRecipe::name).toList();
    return "no teacher has the name '%s'%s; teachers: %s"
        .formatted(
            name,
            Spelling.didYouMean(name, names),
            names.isEmpty() ? "none" : String.join(", ", names));
  }

  private boolean circle(TeacherRecipe start, String pointer) {
    Optional<List<String>> path = pathTo(start.name(), start, List.of(start.name()));
    path.ifPresent(
        names -> {
          boolean learns =
              start.training().flatMap(t -> t.from()).filter(names.get(1)::equals).isPresent();
          boolean lends =
              start.training().flatMap(t -> t.classifier()).stream()
                  .anyMatch(c -> c.from().equals(names.get(1)));
          fault(
              pointer + (learns ? "/from" : lends ? "/classifier/from" : "/method"),
              "teachers learn from each other in a circle: " + String.join(", ", names));
        });
    return path.isPresent();
  }

  /** A way from a teacher over those it needs back to the wanted one, if there is one. */
  private Optional<List<String>> pathTo(String wanted, TeacherRecipe at, List<String> path) {
    for (String name : needs(at)) {
      if (path.subList(1, path.size()).contains(name)) {
        continue; // a circle without the wanted one
      }
      List<String> longer = new ArrayList<>(path);
      longer.add(name);
      Optional<List<String>> found =
          name.equals(wanted)
              ? Optional.of(longer)
              : recipe.teacher(name).flatMap(next -> pathTo(wanted, next, longer));
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Names of the teachers whose training must come first. */
  private static List<String> needs(TeacherRecipe teacher) {
    return teacher.training().stream()
        .flatMap(
            t ->
                Stream.of(
                        t.from().stream(),
                        t.classifier().map(ClassifierRecipe::from).stream(),
                        ChosenMethod.of(t.method()).namedTeachers().keySet().stream())
                    .flatMap(names -> names))
        .toList();
  }

  private void fault(String pointer, String message) {
    faults.add(new BindingFault(pointer, message));
  }
}
