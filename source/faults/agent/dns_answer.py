"""A DNS server that answers every question with one code, on the loopback addresses of its namespace (RFC 1035)."""

import socket
import struct
import threading

RCODE = {'NXDOMAIN': 3, 'SERVFAIL': 2}
# QR and RA set; opcode and RD are the client's.
ANSWER, KEEP = 0x8080, 0x7900
TCP_PATIENCE_S = 5


def answer(query, rcode):
    """The answer to a query: its header with the code, and its question; None for what is no query."""
    if len(query) < 12:
        return None
    number, flags, questions = struct.unpack_from('>HHH', query)
    if flags & 0x8000:
        return None
    end = 12
    for _ in range(questions):
        while end < len(query) and query[end]:
            end += query[end] + 1
        end += 5
    if end > len(query):
        return None
    header = struct.pack('>HHHHHH', number, ANSWER | (flags & KEEP) | rcode, questions, 0, 0, 0)
    return header + query[12:end]


class DnsAnswer:
    """Serves UDP and TCP on 127.0.0.1 and, where there is one, ::1."""

    def __init__(self, port, rcode):
        self.rcode = RCODE[rcode]
        self.sockets = []
        try:
            self._open(socket.AF_INET, '127.0.0.1', port)
        except BaseException:
            self.close()
            raise
        try:
            self._open(socket.AF_INET6, '::1', port)
        except OSError:
            # A namespace without IPv6 asks nobody there.
            pass

    def close(self):
        for one in self.sockets:
            one.close()

    def _open(self, family, host, port):
        udp = socket.socket(family, socket.SOCK_DGRAM)
        self.sockets.append(udp)
        udp.bind((host, port))
        tcp = socket.socket(family, socket.SOCK_STREAM)
        self.sockets.append(tcp)
        tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        tcp.bind((host, port))
        tcp.listen(64)
        threading.Thread(target=self._serve_udp, args=(udp,), daemon=True).start()
        threading.Thread(target=self._serve_tcp, args=(tcp,), daemon=True).start()

    def _serve_udp(self, udp):
        while True:
            try:
                query, asker = udp.recvfrom(65535)
                said = answer(query, self.rcode)
                if said is not None:
                    udp.sendto(said, asker)
            except OSError:
                if udp.fileno() < 0:
                    return

    def _serve_tcp(self, tcp):
        while True:
            try:
                asker, _ = tcp.accept()
            except OSError:
                if tcp.fileno() < 0:
                    return
                continue
            with asker:
                try:
                    asker.settimeout(TCP_PATIENCE_S)
                    self._converse(asker.makefile('rwb'))
                except (OSError, struct.error):
                    pass

    def _converse(self, stream):
        """Queries with their length before them, until the client has no more (RFC 1035 section 4.2.2)."""
        while True:
            prefix = stream.read(2)
            if len(prefix) < 2:
                return
            said = answer(stream.read(struct.unpack('>H', prefix)[0]), self.rcode)
            if said is None:
                return
            stream.write(struct.pack('>H', len(said)) + said)
            stream.flush()
