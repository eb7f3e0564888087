// A Go service as teams write them: one shared client with kept connections, no timeout unless WAIT says so.
//
//	/       ok                        /up     asks UP, and hands its status on
//	/lock   ok, under one mutex       /leak   asks UP and never closes the answer
//	/big    300 kB                    /name   a lookup of NAME by Go's own resolver
//	/take   keeps 4 MB more           /burn   computes
//	/stream events without end        /poll   answers after 25 s
//	/cache  PING to CACHE             /fail   500
//
// The file "held" in the working folder: whoever has the mutex next keeps it. Environment: PORT, UP, WAIT, NAME, CACHE,
// MOST: connections towards one server.
package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

var (
	mutex  sync.Mutex
	kept   [][]byte
	leaked []*http.Response
)

func failed(w http.ResponseWriter, err error) {
	log.Printf("ERROR %v", err)
	http.Error(w, err.Error(), http.StatusInternalServerError)
}

func held() {
	mutex.Lock()
	defer mutex.Unlock()
	if _, err := os.Stat("held"); err == nil {
		select {}
	}
}

func main() {
	wait, _ := time.ParseDuration(os.Getenv("WAIT"))
	client := &http.Client{Timeout: wait}
	if most, err := strconv.Atoi(os.Getenv("MOST")); err == nil {
		client.Transport = &http.Transport{MaxConnsPerHost: most}
	}
	resolver := &net.Resolver{PreferGo: true}
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") })
	http.HandleFunc("/fail", func(w http.ResponseWriter, _ *http.Request) { failed(w, fmt.Errorf("template: no such block")) })
	http.HandleFunc("/lock", func(w http.ResponseWriter, _ *http.Request) { held(); io.WriteString(w, "ok") })
	http.HandleFunc("/big", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, strings.Repeat("x", 300_000)) })
	http.HandleFunc("/up", func(w http.ResponseWriter, _ *http.Request) {
		answer, err := client.Get(os.Getenv("UP"))
		if err != nil {
			failed(w, err)
			return
		}
		defer answer.Body.Close()
		w.WriteHeader(answer.StatusCode)
		io.Copy(w, answer.Body)
	})
	http.HandleFunc("/leak", func(w http.ResponseWriter, _ *http.Request) {
		answer, err := client.Get(os.Getenv("UP"))
		if err != nil {
			failed(w, err)
			return
		}
		mutex.Lock()
		leaked = append(leaked, answer)
		mutex.Unlock()
		io.WriteString(w, "ok")
	})
	http.HandleFunc("/name", func(w http.ResponseWriter, _ *http.Request) {
		ctx, cancel := context.WithTimeout(context.Background(), 8*time.Second)
		defer cancel()
		found, err := resolver.LookupHost(ctx, os.Getenv("NAME"))
		if err != nil {
			failed(w, err)
			return
		}
		fmt.Fprint(w, found)
	})
	http.HandleFunc("/take", func(w http.ResponseWriter, _ *http.Request) {
		block := make([]byte, 4<<20)
		for i := 0; i < len(block); i += 4096 {
			block[i] = 1
		}
		mutex.Lock()
		kept = append(kept, block)
		mutex.Unlock()
		io.WriteString(w, "ok")
	})
	http.HandleFunc("/burn", func(w http.ResponseWriter, _ *http.Request) {
		sum := sha256.Sum256(nil)
		for i := 0; i < 300_000; i++ {
			sum = sha256.Sum256(sum[:])
		}
		fmt.Fprintf(w, "%x", sum)
	})
	http.HandleFunc("/stream", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for r.Context().Err() == nil {
			fmt.Fprint(w, "data: tick\n\n")
			w.(http.Flusher).Flush()
			time.Sleep(time.Second)
		}
	})
	http.HandleFunc("/poll", func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-time.After(25 * time.Second):
			w.WriteHeader(http.StatusNoContent)
		}
	})
	http.HandleFunc("/cache", func(w http.ResponseWriter, _ *http.Request) {
		link, err := net.DialTimeout("tcp", os.Getenv("CACHE"), 3*time.Second)
		if err != nil {
			failed(w, err)
			return
		}
		defer link.Close()
		link.SetDeadline(time.Now().Add(3 * time.Second))
		fmt.Fprint(link, "PING\r\n")
		if _, err = link.Read(make([]byte, 64)); err != nil {
			failed(w, err)
			return
		}
		io.WriteString(w, "ok")
	})
	log.Fatal(http.ListenAndServe(":"+os.Getenv("PORT"), nil))
}
