package sshserver

import (
	"encoding/binary"
	"io"
	"strings"
)

// Endless answers requests as no honest server does: its directory has no end.
func Endless(channel io.ReadWriteCloser, _ string) error {
	for {
		var head [5]byte
		if _, err := io.ReadFull(channel, head[:]); err != nil {
			return err
		}
		rest := make([]byte, binary.BigEndian.Uint32(head[:])-1)
		if _, err := io.ReadFull(channel, rest); err != nil {
			return err
		}
		var answer []byte
		switch head[4] {
		case 1: // INIT: VERSION 3
			answer = []byte{2, 0, 0, 0, 3}
		case Listing.kind: // OPENDIR: HANDLE "h"
			answer = append([]byte{102}, rest[:4]...)
			answer = text(answer, "h")
		default: // NAME with 500 entries
			answer = append([]byte{104}, rest[:4]...)
			answer = binary.BigEndian.AppendUint32(answer, 500)
			for range 500 {
				answer = text(text(answer, strings.Repeat("a", 200)), "long")
				answer = binary.BigEndian.AppendUint32(answer, 1) // SIZE
				answer = binary.BigEndian.AppendUint64(answer, 1<<63)
			}
		}
		if _, err := channel.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(answer))), answer...)); err != nil {
			return err
		}
	}
}

func text(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
}
