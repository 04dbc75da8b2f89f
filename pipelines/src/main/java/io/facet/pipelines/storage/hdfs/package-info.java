/** HDFS. */
package io.facet.pipelines.storage.hdfs;
