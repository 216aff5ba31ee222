// SPDX-License-Identifier: Apache-2.0

//! rustls as a client or a server, for the interop matrix; its options are those of
//! test/interop/peer.c. Each connection prints one line of JSON.
use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use rustls::crypto::{ring, CryptoProvider, SupportedKxGroup};
use rustls::pki_types::{pem::PemObject, CertificateDer, PrivateKeyDer, ServerName};
use rustls::server::WebPkiClientVerifier;
use rustls::{
    ClientConfig, ClientConnection, HandshakeKind, ProtocolVersion, RootCertStore, ServerConfig,
    ServerConnection, SupportedProtocolVersion,
};

const REQUEST: &[u8] = b"GET / HTTP/1.0\r\n\r\n";
const REPLY: &[u8] = b"HTTP/1.0 200 OK\r\nContent-Length: 13\r\n\r\nhello rustls\n";

type Options = HashMap<String, String>;

fn parse(args: &[String]) -> Options {
    let mut options = Options::new();
    let mut i = 0;
    while i < args.len() {
        if args[i] == "--early" {
            options.insert(args[i].clone(), String::new());
            i += 1;
        } else {
            options.insert(args[i].clone(), args[i + 1].clone());
            i += 2;
        }
    }
    options
}

fn provider(options: &Options) -> Arc<CryptoProvider> {
    let mut provider = ring::default_provider();
    if let Some(list) = options.get("--groups") {
        provider.kx_groups = list
            .split(':')
            .map(|name| match name {
                "x25519" => ring::kx_group::X25519,
                "secp256r1" => ring::kx_group::SECP256R1,
                "secp384r1" => ring::kx_group::SECP384R1,
                _ => panic!("unknown group {name}"),
            })
            .collect::<Vec<&'static dyn SupportedKxGroup>>();
    }
    Arc::new(provider)
}

fn versions(options: &Options) -> Vec<&'static SupportedProtocolVersion> {
    match options.get("--version").map(String::as_str) {
        Some("1.2") => vec![&rustls::version::TLS12],
        Some("1.3") => vec![&rustls::version::TLS13],
        _ => vec![&rustls::version::TLS13, &rustls::version::TLS12],
    }
}

fn roots(options: &Options) -> Arc<RootCertStore> {
    let mut store = RootCertStore::empty();
    for cert in CertificateDer::pem_file_iter(&options["--ca"]).unwrap() {
        store.add(cert.unwrap()).unwrap();
    }
    Arc::new(store)
}

fn identity(options: &Options) -> Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)> {
    let key = PrivateKeyDer::from_pem_file(options.get("--key")?).unwrap();
    let chain = CertificateDer::pem_file_iter(&options["--cert"]).unwrap();
    Some((chain.map(Result::unwrap).collect(), key))
}

fn tell(
    version: Option<ProtocolVersion>,
    kind: Option<HandshakeKind>,
    early: &str,
    bytes: usize,
    result: io::Result<()>,
) {
    let version = match version {
        Some(ProtocolVersion::TLSv1_2) => "1.2",
        Some(ProtocolVersion::TLSv1_3) => "1.3",
        _ => "",
    };
    let resumed = matches!(kind, Some(HandshakeKind::Resumed));
    let retry = matches!(kind, Some(HandshakeKind::FullWithHelloRetryRequest));
    let error = result.err().map(|e| e.to_string().replace('"', "'")).unwrap_or_default();
    println!(
        "{{\"done\": {}, \"version\": \"{version}\", \"resumed\": {resumed}, \"hello_retry\": {retry}, \
         \"early\": \"{early}\", \"bytes\": {bytes}, \"error\": \"{error}\"}}",
        kind.is_some()
    );
    io::stdout().flush().unwrap();
}

fn patient(socket: &TcpStream) {
    socket.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    socket.set_write_timeout(Some(Duration::from_secs(60))).unwrap();
}

fn fetch(options: &Options, config: &Arc<ClientConfig>) {
    let name = ServerName::try_from("localhost").unwrap();
    let mut conn = ClientConnection::new(config.clone(), name).unwrap();
    let mut socket = TcpStream::connect(format!("127.0.0.1:{}", options["--port"])).unwrap();
    patient(&socket);
    let mut offered = false;
    if let Some(mut early) = conn.early_data() {
        offered = early.write(REQUEST).unwrap_or(0) == REQUEST.len();
    }
    let mut bytes = 0;
    let result = (|| {
        conn.complete_io(&mut socket)?;
        if !conn.is_early_data_accepted() {
            conn.writer().write_all(REQUEST)?;
        }
        let mut all = Vec::new();
        let read = rustls::Stream::new(&mut conn, &mut socket).read_to_end(&mut all);
        bytes = all.len();
        read.map(|_| ())
    })();
    let early = match (offered, conn.is_early_data_accepted()) {
        (false, _) => "none",
        (true, true) => "accepted",
        (true, false) => "refused",
    };
    tell(conn.protocol_version(), conn.handshake_kind(), early, bytes, result);
}

fn talk(conn: &mut ServerConnection, socket: &mut TcpStream, early: &mut usize) -> io::Result<usize> {
    let mut line = Vec::new();
    while !line.contains(&b'\n') {
        if conn.read_tls(socket)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let state = conn.process_new_packets().map_err(io::Error::other);
        while conn.wants_write() {
            conn.write_tls(socket)?;
        }
        if let Some(mut data) = conn.early_data() {
            *early += data.read_to_end(&mut line).unwrap_or(0);
        }
        let mut more = vec![0; state?.plaintext_bytes_to_read()];
        conn.reader().read_exact(&mut more)?;
        line.extend(more);
    }
    while conn.is_handshaking() {
        conn.complete_io(socket)?;
    }
    conn.writer().write_all(REPLY)?;
    conn.send_close_notify();
    while conn.wants_write() {
        conn.write_tls(socket)?;
    }
    Ok(line.len())
}

fn serve(options: &Options, config: Arc<ServerConfig>, connections: usize) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    println!("port {}", listener.local_addr().unwrap().port());
    io::stdout().flush().unwrap();
    let _ = options;
    for _ in 0..connections {
        let (mut socket, _) = listener.accept().unwrap();
        patient(&socket);
        let mut conn = ServerConnection::new(config.clone()).unwrap();
        let mut early = 0;
        let (bytes, result) = match talk(&mut conn, &mut socket, &mut early) {
            Ok(n) => (n, Ok(())),
            Err(e) => (0, Err(e)),
        };
        let early = if early > 0 { "accepted" } else { "none" };
        tell(conn.protocol_version(), conn.handshake_kind(), early, bytes, result);
        let _ = socket.shutdown(std::net::Shutdown::Write);
        let _ = socket.read_to_end(&mut Vec::new());
    }
}

fn main() {
    let args: Vec<String> = std::env::args().collect();
    let options = parse(&args[2..]);
    let connections = options.get("--connections").map_or(1, |n| n.parse().unwrap());
    let provider = provider(&options);
    if args[1] == "server" {
        let builder = ServerConfig::builder_with_provider(provider.clone())
            .with_protocol_versions(&versions(&options))
            .unwrap();
        let builder = if options.contains_key("--client-auth") {
            builder.with_client_cert_verifier(
                WebPkiClientVerifier::builder_with_provider(roots(&options), provider).build().unwrap(),
            )
        } else {
            builder.with_no_client_auth()
        };
        let (chain, key) = identity(&options).unwrap();
        let mut config = builder.with_single_cert(chain, key).unwrap();
        if options.contains_key("--early") {
            config.max_early_data_size = 16384;
        }
        serve(&options, Arc::new(config), connections);
        return;
    }
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&versions(&options))
        .unwrap()
        .with_root_certificates(roots(&options));
    let mut config = match identity(&options) {
        Some((chain, key)) => builder.with_client_auth_cert(chain, key).unwrap(),
        None => builder.with_no_client_auth(),
    };
    config.enable_early_data = options.contains_key("--early");
    let config = Arc::new(config);
    for _ in 0..connections {
        fetch(&options, &config);
    }
}
