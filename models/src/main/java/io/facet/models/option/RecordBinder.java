package io.facet.models.option;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.facet.models.RecipeException;

/**
 * Binds trees of mappings, lists and scalars to records and writes records back as canonical JSON.
 *
 * <p>Components may be numbers, booleans, text, enums (kebab-case or the constant's name, any
 * case), {@code Optional}, {@code List}, {@code Map<String, T>}, records ({@link Shorthand} ones
 * also as a single value), free {@code JsonNode} trees and {@link Selected} ({@code arcface} or
 * {@code {arcface: {margin: 0.4}}}). Keys are the component names. Defaults and ranges come from
 * {@link Description}; a component without it must be given, unless it is an {@code Optional}.
 */
public final class RecordBinder {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private RecordBinder() {}

  /**
   * Binds JSON text to a record.
   *
   * @throws BindingException with every fault, if the text does not fit
   */
  public static <R extends Record> R bindJson(Class<R> type, String json) {
    try {
      return bind(type, JSON.readTree(json));
    } catch (JsonProcessingException e) {
      throw new RecipeException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * Binds a tree to a record.
   *
   * @throws BindingException with every fault, if the tree does not fit
   */
  public static <R extends Record> R bind(Class<R> type, JsonNode tree) {
    TreeBinding binding = new TreeBinding();
    Object bound = binding.bind(type, tree, "");
    if (!binding.faults().isEmpty()) {
      throw new BindingException(binding.faults());
    }
    return type.cast(bound);
  }

  /** The record with all values as one line of JSON: sorted keys, absent options left out. */
  public static String toJson(Record record) {
    return CanonicalJson.write(record).toString();
  }

  /**
   * As {@link #toJson}, without options that cannot affect results and with the versions of chosen
   * extensions: what belongs into a fingerprint.
   */
  public static String toIdentityJson(Record record) {
    return CanonicalJson.identity(record).toString();
  }

  /** As {@link #toIdentityJson}, as a tree. */
  public static JsonNode toIdentityTree(Record record) {
    return CanonicalJson.identity(record);
  }

  /** The record as a tree with sorted keys; {@link Selected} as {@code {key: {options}}}. */
  public static JsonNode toTree(Record record) {
    return CanonicalJson.write(record);
  }

  /**
   * An extension with its default options, in code rather than in a recipe.
   *
   * @throws BindingException if there is no such extension or an option has no default
   */
  public static <E extends Extension<?>> Selected<E> select(Class<? super E> kind, String key) {
    return select(kind, key, "{}");
  }

  /**
   * An extension with options as JSON; options left out get their defaults.
   *
   * @throws BindingException if there is no such extension or the options do not fit
   */
  @SuppressWarnings("unchecked")
  public static <E extends Extension<?>> Selected<E> select(
      Class<? super E> kind, String key, String json) {
    try {
      TreeBinding binding = new TreeBinding();
      Selected<?> selected = binding.select(kind, key, JSON.readTree(json), "");
      if (!binding.faults().isEmpty()) {
        throw new BindingException(binding.faults());
      }
      return (Selected<E>) selected;
    } catch (JsonProcessingException e) {
      throw new RecipeException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /** An extension with the given options. */
  public static <E extends Extension<?>> Selected<E> select(
      Class<? super E> kind, String key, Record options) {
    return select(kind, key, toJson(options));
  }
}
