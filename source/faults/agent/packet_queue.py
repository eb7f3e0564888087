"""
A verdict loop on an NFQUEUE: packets wait, or are lost, and then go on (linux/netfilter/nfnetlink_queue.h).

The queue belongs on a packet's way in: one that waits on its way out counts against its socket all the while.
"""

import errno
import heapq
import os
import random
import select
import socket
import struct
import threading
import time

NETLINK_NETFILTER = 12
SOL_NETLINK = 270
NETLINK_NO_ENOBUFS = 5
NLM_F_REQUEST, NLM_F_ACK = 1, 4
NLMSG_ERROR = 2
# Types are (subsystem << 8) | message; the subsystem of queues is 3.
PACKET, VERDICT, CONFIG = 0x300, 0x301, 0x302
NFQA_PACKET_HDR, NFQA_VERDICT_HDR = 1, 2
NFQA_CFG_CMD, NFQA_CFG_PARAMS, NFQA_CFG_QUEUE_MAXLEN, NFQA_CFG_MASK, NFQA_CFG_FLAGS = 1, 2, 3, 4, 5
CMD_BIND = 1
COPY_META = 1
# A full queue lets packets pass; a packet made of segments comes as one, as it goes to the device.
FAIL_OPEN, GSO = 1, 4
DROP, ACCEPT = 0, 1
MOST_WAITING = 8192
RECEIVE_BUFFER = 8 << 20
# Verdicts sent in one write.
BATCH = 64


def attribute(kind, value):
    padding = -len(value) % 4
    return struct.pack('=HH', 4 + len(value), kind) + value + b'\0' * padding


def message(kind, number, body, flags=NLM_F_REQUEST):
    payload = struct.pack('>BBH', socket.AF_UNSPEC, 0, number) + body
    return struct.pack('=IHHII', 16 + len(payload), kind, flags, 0, 0) + payload


def packet_id(payload):
    """Id of a packet message's header attribute, or None."""
    at = 20
    while at + 4 <= len(payload):
        length, kind = struct.unpack_from('=HH', payload, at)
        if kind & 0x7FFF == NFQA_PACKET_HDR:
            return struct.unpack_from('>I', payload, at + 4)[0]
        if length < 4:
            return None
        at += length + (-length % 4)
    return None


class PacketQueue:
    """Holds every packet of one queue for delay ± jitter (never before the one in front of it) and drops a share."""

    def __init__(self, number, delay_ms, jitter_ms, loss_percent):
        self.number = number
        self.delay = delay_ms / 1000
        self.jitter = jitter_ms / 1000
        self.loss = loss_percent / 100
        self.waiting = []
        self.last_due = 0.0
        self.wake_read, self.wake_write = os.pipe()
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
        try:
            self._bind()
        except BaseException:
            self.socket.close()
            raise
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def close(self):
        """Lets everything that waits pass, then leaves the queue: its rule lets packets pass from there on."""
        os.write(self.wake_write, b'x')
        self.thread.join(5)
        self.socket.close()

    def _bind(self):
        self.socket.bind((0, 0))
        self.socket.setsockopt(SOL_NETLINK, NETLINK_NO_ENOBUFS, 1)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        self._ask(attribute(NFQA_CFG_CMD, struct.pack('>BBH', CMD_BIND, 0, socket.AF_UNSPEC)))
        flags = FAIL_OPEN | GSO
        self._ask(
            attribute(NFQA_CFG_PARAMS, struct.pack('>IB', 0, COPY_META))
            + attribute(NFQA_CFG_QUEUE_MAXLEN, struct.pack('>I', MOST_WAITING))
            + attribute(NFQA_CFG_MASK, struct.pack('>I', flags))
            + attribute(NFQA_CFG_FLAGS, struct.pack('>I', flags))
        )
        self.socket.setblocking(False)

    def _ask(self, body):
        self.socket.settimeout(2)
        self.socket.send(message(CONFIG, self.number, body, NLM_F_REQUEST | NLM_F_ACK))
        while True:
            data = self.socket.recv(65536)
            if struct.unpack_from('=H', data, 4)[0] == NLMSG_ERROR:
                code = -struct.unpack_from('=i', data, 16)[0]
                if code:
                    taken = ' (another program reads that queue)' if code == errno.EBUSY else ''
                    raise OSError(code, f'queue {self.number}: {os.strerror(code)}{taken}')
                return

    def _run(self):
        while True:
            now = time.monotonic()
            self._release(now)
            wait = max(0.0, self.waiting[0][0] - now) if self.waiting else None
            readable, _, _ = select.select([self.socket, self.wake_read], [], [], wait)
            if self.wake_read in readable:
                self._take()
                self._release(float('inf'))
                return
            if readable:
                self._take()

    def _take(self):
        """Reads what has come; at most a thousand packets, so that none that is due waits for a flood."""
        for _ in range(1000):
            try:
                data = self.socket.recv(65536)
            except (BlockingIOError, InterruptedError):
                return
            now = time.monotonic()
            at = 0
            while at + 16 <= len(data):
                length, kind = struct.unpack_from('=IH', data, at)
                if kind == PACKET:
                    self._hold(packet_id(data[at : at + length]), now)
                at += max(16, length + (-length % 4))

    def _hold(self, number, now):
        if number is None:
            return
        if self.loss and random.random() < self.loss:
            heapq.heappush(self.waiting, (0.0, number, DROP))
            return
        due = now + self.delay + (random.uniform(-self.jitter, self.jitter) if self.jitter else 0.0)
        self.last_due = max(due, self.last_due)
        heapq.heappush(self.waiting, (self.last_due, number, ACCEPT))

    def _release(self, until):
        verdicts = []
        while self.waiting and self.waiting[0][0] <= until:
            _, number, verdict = heapq.heappop(self.waiting)
            body = attribute(NFQA_VERDICT_HDR, struct.pack('>II', verdict, number))
            verdicts.append(message(VERDICT, self.number, body))
        for start in range(0, len(verdicts), BATCH):
            try:
                self.socket.send(b''.join(verdicts[start : start + BATCH]))
            except OSError:
                # A packet that has gone with its connection or its device.
                pass
