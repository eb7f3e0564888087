"""
A bounded forwarder: one worker that spends a fixed time on each query, a bounded queue before it, silence when that
is full. dnsmasq bounds its work at 150 queries, Docker's embedded DNS once stopped at 100; neither is claimed to do
today what this one does.

`NAME.lab.internal` is asked upstream as `NAME`, which Docker's resolver knows as a container; any other name as it is.
Counters are told at once, outside the queue: counters.faultline. CH TXT.
"""

import argparse
import asyncio
import os
import struct
import time

import wire
from bounded import BoundedQueue

ZONE = ".lab.internal"
COUNTERS = "counters.faultline"
UPSTREAM_S = 1.0
# How far behind a worker that got no CPU makes up for it: the service is as slow as it says, not as the machine.
MAKES_UP_S = 0.25
# RFC 7766, section 6.2.3 leaves the idle time of a TCP connection to the server.
TCP_IDLE_S = 10.0


class Forwarder:
    def __init__(self, upstream, service_s, most, switches):
        self.upstream = upstream
        self.switches = switches
        self.service_s = service_s
        self.queue = BoundedQueue(most)
        self.served = 0
        self._wake = asyncio.Event()

    def take(self, data, reply):
        try:
            query = wire.Query(data)
        except wire.Broken:
            return
        if query.klass == wire.CH:
            records = [(wire.TXT, wire.CH, 0, wire.text(self.counters()))] if query.name == COUNTERS else []
            reply(query.answer(wire.NOERROR, records))
            return
        self.queue.push((query, reply))
        self._wake.set()

    def counters(self):
        queue = self.queue
        return f"served={self.served} dropped={queue.dropped} queue={len(queue)} queueMax={queue.most}"

    async def work(self):
        """Each is due one service time after the one before: late timers do not make the service slower."""
        due = time.monotonic()
        while True:
            self.queue.newest_first = newest_first(self.switches)
            item = self.queue.take()
            if item is None:
                self._wake.clear()
                await self._wake.wait()
                # An idle worker owes no time.
                due = time.monotonic()
                continue
            query, reply = item
            now = time.monotonic()
            due = max(due, now - MAKES_UP_S) + self.service_s
            answer = await self.forward(query)
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            self.served += 1
            reply(answer)

    async def forward(self, query):
        ours = query.name.endswith(ZONE) and query.name.count(".") == 2
        name = query.name.removesuffix(ZONE) if ours else query.name
        try:
            data = await ask(self.upstream, name, query.type)
            return query.answer(*wire.read_answer(data, query.type))
        except (OSError, TimeoutError, asyncio.TimeoutError, wire.Broken, UnicodeError):
            return query.answer(wire.SERVFAIL)


async def ask(upstream, name, kind):
    """One question to one server by UDP, from a socket of its own; the answer's bytes."""
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    ident = struct.unpack("!H", os.urandom(2))[0]

    class Answer(asyncio.DatagramProtocol):
        def datagram_received(self, data, _address):
            if not done.done() and data[:2] == struct.pack("!H", ident):
                done.set_result(data)

        def error_received(self, error):
            if not done.done():
                done.set_exception(error)

    transport, _ = await loop.create_datagram_endpoint(Answer, remote_addr=upstream)
    try:
        transport.sendto(wire.make_query(ident, name, kind))
        return await asyncio.wait_for(done, UPSTREAM_S)
    finally:
        transport.close()


def newest_first(switches):
    """Whether the console has switched `lifo` on: it writes one switch a line."""
    try:
        with open(switches, encoding="ascii") as file:
            return "lifo" in file.read().split()
    except OSError:
        return False


class Datagrams(asyncio.DatagramProtocol):
    def __init__(self, forwarder):
        self.forwarder = forwarder

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        self.forwarder.take(data, lambda answer: self.transport.sendto(answer, address))


async def serve_stream(forwarder, reader, writer):
    def reply(answer):
        if not writer.is_closing():
            writer.write(struct.pack("!H", len(answer)) + answer)

    try:
        while True:
            head = await asyncio.wait_for(reader.readexactly(2), TCP_IDLE_S)
            data = await asyncio.wait_for(reader.readexactly(struct.unpack("!H", head)[0]), TCP_IDLE_S)
            forwarder.take(data, reply)
    except (OSError, EOFError, asyncio.TimeoutError):
        writer.close()


def address(value):
    host, port = value.rsplit(":", 1)
    return host, int(port)


async def main():
    options = argparse.ArgumentParser()
    options.add_argument("--listen", type=address, default=("0.0.0.0", 53))
    options.add_argument("--upstream", type=address, default=("127.0.0.11", 53))
    options.add_argument("--service-ms", type=float, default=20)
    options.add_argument("--queue", type=int, default=256)
    options.add_argument("--switches", default="/var/lib/faultline/hardening")
    given = options.parse_args()
    forwarder = Forwarder(given.upstream, given.service_ms / 1000, given.queue, given.switches)
    loop = asyncio.get_running_loop()
    await loop.create_datagram_endpoint(lambda: Datagrams(forwarder), local_addr=given.listen)
    await asyncio.start_server(lambda r, w: serve_stream(forwarder, r, w), *given.listen)
    print(f"forwarding to {given.upstream[0]}, {given.service_ms:g} ms each, {given.queue} at most", flush=True)
    await forwarder.work()


if __name__ == "__main__":
    try:
        asyncio.run(main())
    except KeyboardInterrupt:
        pass
