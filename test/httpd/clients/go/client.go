// SPDX-License-Identifier: Apache-2.0

// A client of Go's own TLS: fetches a page several times over new connections and
// prints a line of JSON for each. With -cert it shows a certificate, if one of the
// authorities that the server names issued it.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"
)

// What is known of a connection once its page is there.
type result struct {
	Version string `json:"version"`
	Suite   string `json:"suite"`
	Group   string `json:"group"`
	ALPN    string `json:"alpn"`
	Subject string `json:"subject"`
	Resumed bool   `json:"resumed"`
	Status  int    `json:"status"`
	Proto   string `json:"proto"`
	Body    string `json:"body"`
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	address := flag.String("connect", "", "host:port")
	name := flag.String("name", "", "for SNI, certificate and Host")
	path := flag.String("path", "/", "what to GET")
	ca := flag.String("ca", "", "PEM file")
	h2 := flag.Bool("h2", false, "HTTP/2")
	group := flag.Bool("mlkem", false, "offer X25519MLKEM768 alone")
	old := flag.Bool("tls12", false, "TLS 1.2 alone")
	count := flag.Int("count", 1, "connections")
	cert := flag.String("cert", "", "PEM file with the client's chain")
	key := flag.String("key", "", "PEM file with its key")
	force := flag.Bool("force", false, "show it whatever authorities the server names")
	flag.Parse()

	roots := x509.NewCertPool()
	pem, err := os.ReadFile(*ca)
	check(err)
	roots.AppendCertsFromPEM(pem)
	config := &tls.Config{
		RootCAs: roots, ServerName: *name, MinVersion: tls.VersionTLS13,
		ClientSessionCache: tls.NewLRUClientSessionCache(8),
	}
	if *old {
		config.MinVersion, config.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	}
	if *group {
		config.CurvePreferences = []tls.CurveID{tls.X25519MLKEM768}
	}
	if *cert != "" {
		own, err := tls.LoadX509KeyPair(*cert, *key)
		check(err)
		config.Certificates = []tls.Certificate{own}
		if *force {
			config.GetClientCertificate = func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
				return &own, nil
			}
		}
	}
	_, port, err := net.SplitHostPort(*address)
	check(err)
	dialer := &net.Dialer{Timeout: 10 * time.Second}
	transport := &http.Transport{
		TLSClientConfig: config, ForceAttemptHTTP2: *h2, DisableKeepAlives: true,
		Dial: func(network, _ string) (net.Conn, error) { return dialer.Dial(network, *address) },
	}
	client := &http.Client{Transport: transport, Timeout: 20 * time.Second}
	for range *count {
		answer, err := client.Get("https://" + net.JoinHostPort(*name, port) + *path)
		check(err)
		body, err := io.ReadAll(answer.Body)
		check(err)
		answer.Body.Close()
		state := answer.TLS
		check(json.NewEncoder(os.Stdout).Encode(result{
			tls.VersionName(state.Version), tls.CipherSuiteName(state.CipherSuite),
			state.CurveID.String(), state.NegotiatedProtocol,
			state.PeerCertificates[0].Subject.CommonName, state.DidResume,
			answer.StatusCode, answer.Proto, string(body),
		}))
	}
}
