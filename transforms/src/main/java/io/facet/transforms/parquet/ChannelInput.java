package io.facet.transforms.parquet;

import io.facet.transforms.file.StoredFiles;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import org.apache.parquet.io.DelegatingSeekableInputStream;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/** A file of one of Beam's file systems as Parquet reads it. */
final class ChannelInput implements InputFile {
  private final String uri;
  private final long length;

  ChannelInput(String uri) throws IOException {
    this.uri = uri;
    this.length = StoredFiles.stat(uri).size();
  }

  @Override
  public long getLength() {
    return length;
  }

  @Override
  public SeekableInputStream newStream() throws IOException {
    SeekableByteChannel seekable = StoredFiles.seekable(uri);
    return new DelegatingSeekableInputStream(Channels.newInputStream(seekable)) {
      @Override
      public long getPos() throws IOException {
        return seekable.position();
      }

      @Override
      public void seek(long position) throws IOException {
        seekable.position(position);
      }
    };
  }

  @Override
  public String toString() {
    return uri;
  }
}
