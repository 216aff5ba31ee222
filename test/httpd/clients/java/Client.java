// SPDX-License-Identifier: Apache-2.0

// A client of Java's own TLS: fetches a page several times over new connections of one
// SSLContext, which resumes where the server lets it, and prints a line for each:
//
//     version suite status resumed child
//
// where resumed is what the client thinks (yes, no), child the page's first word.
//
//     java Client.java PORT NAME CA-FILE VERSION COUNT PATH [PKCS12-FILE PASSWORD]
//
// With a file, the client shows its certificate where the server asks for one.

import java.io.FileInputStream;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.HashSet;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

public final class Client {
    private static final int TIMEOUT_MS = 20000;

    private static KeyManager[] keys(String file, String password) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = new FileInputStream(file)) {
            store.load(in, password.toCharArray());
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance("PKIX");
        factory.init(store, password.toCharArray());
        return factory.getKeyManagers();
    }

    private static SSLContext trusting(String file, KeyManager[] own) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream in = new FileInputStream(file)) {
            store.setCertificateEntry("ca", CertificateFactory.getInstance("X.509")
                    .generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(
                TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own, trust.getTrustManagers(), null);
        return context;
    }

    // The name goes into SNI, and the certificate must be for it.
    private static SSLSocket connect(SSLContext context, int port, String name, String version)
            throws Exception {
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        plain.setSoTimeout(TIMEOUT_MS);
        SSLSocket tls = (SSLSocket) context.getSocketFactory().createSocket(plain, name, port, true);
        SSLParameters parameters = tls.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        parameters.setProtocols(new String[] {version});
        tls.setSSLParameters(parameters);
        tls.startHandshake();
        return tls;
    }

    private static String get(SSLSocket tls, String name, String path) throws Exception {
        String request = "GET " + path + " HTTP/1.0\r\nHost: " + name + "\r\n\r\n";
        tls.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return new String(tls.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    public static void main(String[] args) throws Exception {
        int port = Integer.parseInt(args[0]);
        String name = args[1];
        KeyManager[] own = args.length > 6 ? keys(args[6], args[7]) : null;
        SSLContext context = trusting(args[2], own);
        // a resumed session has the time of its first handshake
        Set<Long> seen = new HashSet<>();

        for (int i = 0; i < Integer.parseInt(args[4]); i++) {
            try (SSLSocket tls = connect(context, port, name, args[3])) {
                SSLSession session = tls.getSession();
                boolean resumed = !seen.add(session.getCreationTime());
                String answer = get(tls, name, args[5]);
                String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
                System.out.println(session.getProtocol() + " " + session.getCipherSuite() + " "
                        + answer.split(" ")[1] + " " + (resumed ? "yes" : "no") + " "
                        + body.trim().split("\\s+")[0]);
            }
            Thread.sleep(2); // times are in milliseconds
        }
    }
}
