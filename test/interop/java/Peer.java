// SPDX-License-Identifier: Apache-2.0

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * Java's JSSE as a client or a server, for the interop matrix; its options are those of
 * test/interop/peer.c, but for the key, which is a PKCS #12 file. Each connection prints one line of
 * JSON. Whether a session was resumed is told by its creation time: JSSE has no word for it.
 */
public final class Peer {
    private static final int PATIENCE_MS = 60000;
    private static final char[] PASSWORD = "interop".toCharArray();
    private static final Map<String, String> options = new HashMap<>();

    private Peer() {
    }

    public static void main(String[] args) throws Exception {
        for (int i = 1; i + 1 < args.length; i += 2) {
            options.put(args[i], args[i + 1]);
        }
        if (options.containsKey("--groups")) {
            System.setProperty("jdk.tls.namedGroups", options.get("--groups").replace(':', ','));
        }
        SSLContext context = context();
        int connections = Integer.parseInt(options.getOrDefault("--connections", "1"));
        if (args[0].equals("server")) {
            serve(context, connections);
            return;
        }
        for (int i = 0; i < connections; i++) {
            fetch(context, Integer.parseInt(options.get("--port")));
        }
    }

    private static SSLContext context() throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream in = new FileInputStream(options.get("--ca"))) {
            trusted.setCertificateEntry("ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(trusted);
        KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
        KeyStore own = KeyStore.getInstance("PKCS12");
        if (options.containsKey("--p12")) {
            try (InputStream in = new FileInputStream(options.get("--p12"))) {
                own.load(in, PASSWORD);
            }
        } else {
            own.load(null, null);
        }
        keys.init(own, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }

    private static String[] versions() {
        String version = options.get("--version");
        return version == null ? new String[] {"TLSv1.3", "TLSv1.2"} : new String[] {"TLSv" + version};
    }

    private static void tell(SSLSocket socket, long started, int bytes, String error) {
        SSLSession session = socket.getSession();
        boolean done = session.getProtocol().startsWith("TLSv1");
        System.out.printf("{\"done\": %s, \"version\": \"%s\", \"resumed\": %s, \"bytes\": %d, \"error\": \"%s\"}%n",
            done, session.getProtocol().replace("TLSv", ""), done && session.getCreationTime() < started, bytes,
            error == null ? "" : error.replace('"', '\''));
    }

    private static void fetch(SSLContext context, int port) throws Exception {
        Thread.sleep(20);
        long started = System.currentTimeMillis();
        Thread.sleep(20);
        String error = null;
        int bytes = 0;
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), port);
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, "localhost", port, true)) {
            socket.setSoTimeout(PATIENCE_MS);
            socket.setEnabledProtocols(versions());
            try {
                socket.startHandshake();
                socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                bytes = socket.getInputStream().readAllBytes().length;
            } catch (java.io.IOException e) {
                error = e.toString();
            }
            tell(socket, started, bytes, error);
        }
    }

    private static void serve(SSLContext context, int connections) throws Exception {
        SSLServerSocket listener = (SSLServerSocket) context.getServerSocketFactory()
            .createServerSocket(0, 16, InetAddress.getLoopbackAddress());
        listener.setSoTimeout(2 * PATIENCE_MS);
        listener.setEnabledProtocols(versions());
        listener.setNeedClientAuth(options.containsKey("--client-auth"));
        System.out.println("port " + listener.getLocalPort());
        for (int i = 0; i < connections; i++) {
            String error = null;
            int bytes = 0;
            try (SSLSocket socket = (SSLSocket) listener.accept()) {
                Thread.sleep(20);
                long started = System.currentTimeMillis();
                Thread.sleep(20);
                socket.setSoTimeout(PATIENCE_MS);
                try {
                    socket.startHandshake();
                    bytes = new BufferedReader(new InputStreamReader(socket.getInputStream())).readLine().length();
                    socket.getOutputStream().write(
                        "HTTP/1.0 200 OK\r\nContent-Length: 11\r\n\r\nhello java\n".getBytes(StandardCharsets.US_ASCII));
                } catch (java.io.IOException e) {
                    error = e.toString();
                }
                tell(socket, started, bytes, error);
            }
        }
    }
}
