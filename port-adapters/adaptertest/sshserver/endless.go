package sshserver

import (
	"encoding/binary"
	"io"
	"strings"
)

// Wordy refuses everything, with many words in several lines.
func Wordy(channel io.ReadWriteCloser, _ string) error {
	return answer(channel, func(kind byte, id []byte) []byte {
		status := binary.BigEndian.AppendUint32(append([]byte{101}, id...), 4) // STATUS FAILURE
		return text(text(status, strings.Repeat("no room\r\n", 1000)), "en")
	})
}

// Endless answers requests as no honest server does: its directory has no end.
func Endless(channel io.ReadWriteCloser, _ string) error {
	return answer(channel, func(kind byte, id []byte) []byte {
		if kind == Listing.kind { // OPENDIR: HANDLE "h"
			return text(append([]byte{102}, id...), "h")
		}
		names := binary.BigEndian.AppendUint32(append([]byte{104}, id...), 500) // NAME
		for range 500 {
			names = text(text(names, strings.Repeat("a", 200)), "long")
			names = binary.BigEndian.AppendUint32(names, 1) // SIZE
			names = binary.BigEndian.AppendUint64(names, 1<<63)
		}
		return names
	})
}

// answer speaks version 3 and answers each request by its kind and id.
func answer(channel io.ReadWriteCloser, with func(kind byte, id []byte) []byte) error {
	for {
		var head [5]byte
		if _, err := io.ReadFull(channel, head[:]); err != nil {
			return err
		}
		rest := make([]byte, binary.BigEndian.Uint32(head[:])-1)
		if _, err := io.ReadFull(channel, rest); err != nil {
			return err
		}
		packet := []byte{2, 0, 0, 0, 3} // VERSION, for INIT
		if head[4] != 1 {
			packet = with(head[4], rest[:4])
		}
		if _, err := channel.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(packet))), packet...)); err != nil {
			return err
		}
	}
}

func text(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(s))), s...)
}
