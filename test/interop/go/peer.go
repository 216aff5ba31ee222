// SPDX-License-Identifier: Apache-2.0

// Go's crypto/tls as a client or a server, for the interop matrix; its options are those of
// test/interop/peer.c. Each connection prints one line of JSON.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"time"
)

var groups = map[string]tls.CurveID{
	"x25519": tls.X25519, "secp256r1": tls.CurveP256, "secp384r1": tls.CurveP384, "secp521r1": tls.CurveP521,
	"SecP256r1MLKEM768": tls.SecP256r1MLKEM768, "SecP384r1MLKEM1024": tls.SecP384r1MLKEM1024,
}

type report struct {
	Done    bool   `json:"done"`
	Version string `json:"version"`
	Resumed bool   `json:"resumed"`
	Group   string `json:"group"`
	Bytes   int    `json:"bytes"`
	Error   string `json:"error"`
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "go peer:", err)
		os.Exit(2)
	}
}

func tell(state tls.ConnectionState, n int, err error) {
	versions := map[uint16]string{tls.VersionTLS12: "1.2", tls.VersionTLS13: "1.3"}
	r := report{Done: state.HandshakeComplete, Version: versions[state.Version], Resumed: state.DidResume,
		Group: state.CurveID.String(), Bytes: n}
	if err != nil && err != io.EOF {
		r.Error = err.Error()
	}
	line, err := json.Marshal(r)
	check(err)
	fmt.Println(string(line))
}

func main() {
	role := os.Args[1]
	f := flag.NewFlagSet(role, flag.ExitOnError)
	port := f.Int("port", 0, "")
	connections := f.Int("connections", 1, "")
	version := f.String("version", "", "")
	list := f.String("groups", "", "")
	cert := f.String("cert", "", "")
	key := f.String("key", "", "")
	ca := f.String("ca", "", "")
	auth := f.String("client-auth", "", "")
	check(f.Parse(os.Args[2:]))

	roots := x509.NewCertPool()
	pem, err := os.ReadFile(*ca)
	check(err)
	roots.AppendCertsFromPEM(pem)
	c := &tls.Config{RootCAs: roots, ClientCAs: roots, ServerName: "localhost", MinVersion: tls.VersionTLS12,
		ClientSessionCache: tls.NewLRUClientSessionCache(8)}
	if *version == "1.2" {
		c.MaxVersion = tls.VersionTLS12
	} else if *version == "1.3" {
		c.MinVersion = tls.VersionTLS13
	}
	for _, name := range strings.Split(*list, ":") {
		if name != "" {
			c.CurvePreferences = append(c.CurvePreferences, groups[name])
		}
	}
	if *key != "" {
		pair, err := tls.LoadX509KeyPair(*cert, *key)
		check(err)
		c.Certificates = []tls.Certificate{pair}
	}
	if *auth != "" {
		c.ClientAuth = tls.RequireAndVerifyClientCert
	}
	if role == "server" {
		serve(c, *port, *connections)
		return
	}
	for i := 0; i < *connections; i++ {
		fetch(c, *port)
	}
}

func fetch(c *tls.Config, port int) {
	raw, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	check(err)
	check(raw.SetDeadline(time.Now().Add(60 * time.Second)))
	conn := tls.Client(raw, c)
	n := 0
	if err = conn.Handshake(); err == nil {
		_, err = conn.Write([]byte("GET / HTTP/1.0\r\n\r\n"))
	}
	if err == nil {
		var all []byte
		all, err = io.ReadAll(conn)
		n = len(all)
	}
	tell(conn.ConnectionState(), n, err)
	conn.Close()
}

func serve(c *tls.Config, port, connections int) {
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	check(err)
	fmt.Printf("port %d\n", l.Addr().(*net.TCPAddr).Port)
	for i := 0; i < connections; i++ {
		check(l.(*net.TCPListener).SetDeadline(time.Now().Add(60 * time.Second)))
		raw, err := l.Accept()
		check(err)
		check(raw.SetDeadline(time.Now().Add(60 * time.Second)))
		conn := tls.Server(raw, c)
		line := ""
		if err = conn.Handshake(); err == nil {
			line, err = bufio.NewReader(conn).ReadString('\n')
		}
		if err == nil {
			_, err = conn.Write([]byte("HTTP/1.0 200 OK\r\nContent-Length: 9\r\n\r\nhello go\n"))
		}
		tell(conn.ConnectionState(), len(line), err)
		conn.Close()
	}
}
