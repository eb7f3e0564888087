"""nfq.py QUEUE DELAY_MS [LOSS]: holds each packet of a netfilter queue for a time, or drops a share of them. READY when bound."""
import heapq
import random
import select
import socket
import struct
import sys
import time

queue, delay = int(sys.argv[1]), float(sys.argv[2]) / 1000
loss = float(sys.argv[3]) if len(sys.argv) > 3 else 0
SUBSYSTEM, PACKET, VERDICT, CONFIG = 3 << 8, 0, 1, 2
link = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
link.bind((0, 0))
link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
sequence = 0


def attribute(kind, data):
    return struct.pack('HH', 4 + len(data), kind) + data + b'\0' * (-len(data) % 4)


def send(kind, family, attributes, flags=1):
    global sequence
    sequence += 1
    body = struct.pack('>BBH', family, 0, queue) + attributes
    link.send(struct.pack('IHHII', 16 + len(body), SUBSYSTEM | kind, flags, sequence, 0) + body)


def configure(kind, data):
    send(CONFIG, 0, attribute(kind, data), 5)
    error = struct.unpack_from('i', link.recv(65536), 16)[0]
    if error:
        sys.exit('the queue could not be bound: errno %d' % -error)


def decide(packet, accept):
    send(VERDICT, 0, attribute(2, struct.pack('>II', 1 if accept else 0, packet)))


def packets(data):
    """Ids of the packets in what the kernel sent; the header attribute is the first of each message as a rule."""
    at = 0
    while at + 16 <= len(data):
        length, kind = struct.unpack_from('IH', data, at)
        inner = at + 20
        while kind == (SUBSYSTEM | PACKET) and inner + 4 <= at + length:
            size, name = struct.unpack_from('HH', data, inner)
            if name & 0x7FFF == 1:
                yield struct.unpack_from('>I', data, inner + 4)[0]
                break
            inner += size + 3 & ~3
        at += length + 3 & ~3


configure(1, struct.pack('>BBH', 1, 0, socket.AF_INET))
configure(2, struct.pack('>IB', 64, 1))
configure(3, struct.pack('>I', 65535))
print('READY', flush=True)
held = []
while True:
    wait = max(0, held[0][0] - time.monotonic()) if held else None
    if select.select([link], [], [], wait)[0]:
        for packet in packets(link.recv(1 << 20)):
            if random.random() < loss:
                decide(packet, False)
            else:
                heapq.heappush(held, (time.monotonic() + delay, packet))
    while held and held[0][0] <= time.monotonic():
        decide(heapq.heappop(held)[1], True)
