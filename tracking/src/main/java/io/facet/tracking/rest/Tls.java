package io.facet.tracking.rest;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Whom we believe to be the server, in MLflow's own variables: {@code
 * MLFLOW_TRACKING_SERVER_CERT_PATH} names a PEM file whose authorities count in place of Java's,
 * {@code MLFLOW_TRACKING_INSECURE_TLS=true} believes anybody.
 */
final class Tls {
  private static final String AUTHORITIES = "MLFLOW_TRACKING_SERVER_CERT_PATH";
  private static final String INSECURE = "MLFLOW_TRACKING_INSECURE_TLS";

  private Tls() {}

  /** What the variables ask for, or empty for Java's own authorities. */
  static Optional<SSLContext> context(Map<String, String> environment) {
    String file = environment.getOrDefault(AUTHORITIES, "");
    boolean anybody = Boolean.parseBoolean(environment.getOrDefault(INSECURE, "false"));
    if (file.isEmpty() && !anybody) {
      return Optional.empty();
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          null,
          anybody ? new TrustManager[] {new Anybody()} : authorities(Path.of(file)),
          new SecureRandom());
      return Optional.of(context);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          AUTHORITIES + ": " + file + " holds no certificates in PEM: " + e.getMessage(), e);
    }
  }

  private static TrustManager[] authorities(Path file)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (InputStream pem = Files.newInputStream(file)) {
      int number = 0;
      for (Certificate authority :
          CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("authority-" + number++, authority);
      }
    }
    if (store.size() == 0) {
      throw new IOException("the file is empty");
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  /** Only on the user's explicit word; an extended one, so that names are not looked at either. */
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
