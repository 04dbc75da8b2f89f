/** Tables in Parquet files: by Beam transforms, and streaming without a pipeline. */
package io.facet.transforms.parquet;
