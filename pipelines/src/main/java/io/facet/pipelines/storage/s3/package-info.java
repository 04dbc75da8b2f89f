/** S3 and servers that speak its protocol. */
package io.facet.pipelines.storage.s3;
