"""As much of DNS messages (RFC 1035) as a forwarder needs."""

import struct

A, TXT, AAAA = 1, 16, 28
IN, CH = 1, 3
NOERROR, SERVFAIL = 0, 2
RESPONSE, RECURSION_DESIRED, RECURSION_AVAILABLE = 0x8000, 0x0100, 0x0080
# A name that stands in the question already.
POINTER = b"\xc0\x0c"


class Broken(Exception):
    """No message, or none that a forwarder can answer."""


class Query:
    def __init__(self, data):
        if len(data) < 17:
            raise Broken("too short")
        self.id, flags, questions = struct.unpack("!HHH", data[:6])
        if flags & RESPONSE or questions != 1:
            raise Broken("not one question")
        self.recursion = flags & RECURSION_DESIRED
        self.labels, end = read_name(data, 12)
        if len(data) < end + 4:
            raise Broken("cut off")
        self.type, self.klass = struct.unpack("!HH", data[end : end + 4])
        self.question = data[12 : end + 4]
        self.name = ".".join(self.labels).lower()

    def answer(self, rcode, records=()):
        """A response to it; `records` are (type, class, ttl, data), all of the name that was asked for."""
        flags = RESPONSE | RECURSION_AVAILABLE | self.recursion | rcode
        out = struct.pack("!HHHHHH", self.id, flags, 1, len(records), 0, 0) + self.question
        for kind, klass, ttl, data in records:
            out += POINTER + struct.pack("!HHIH", kind, klass, ttl, len(data)) + data
        return out


def read_name(data, at):
    """Labels of a name and where it ends; without compression, which a question has not."""
    labels = []
    while True:
        if at >= len(data):
            raise Broken("a name without an end")
        length = data[at]
        if length == 0:
            return labels, at + 1
        if length > 63 or at + 1 + length > len(data):
            raise Broken("a label too long")
        labels.append(data[at + 1 : at + 1 + length].decode("latin-1"))
        at += 1 + length


def skip_name(data, at):
    while True:
        length = data[at]
        if length == 0:
            return at + 1
        if length >= 0xC0:
            return at + 2
        at += 1 + length


def make_query(ident, name, kind):
    labels = b"".join(bytes([len(label)]) + label.encode("latin-1") for label in name.split("."))
    return struct.pack("!HHHHHH", ident, RECURSION_DESIRED, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", kind, IN)


def read_answer(data, kind):
    """Code and records (type, class, ttl, data) of one type. Raises Broken for what is none."""
    try:
        _, flags, questions, answers = struct.unpack("!HHHH", data[:8])
        at = 12
        for _ in range(questions):
            at = skip_name(data, at) + 4
        records = []
        for _ in range(answers):
            at = skip_name(data, at)
            found, klass, ttl, length = struct.unpack("!HHIH", data[at : at + 10])
            if found == kind and klass == IN:
                records.append((found, klass, ttl, data[at + 10 : at + 10 + length]))
            at += 10 + length
        return flags & 0xF, records
    except (IndexError, struct.error) as error:
        raise Broken(str(error)) from error


def text(value):
    """Data of a TXT record."""
    data = value.encode("ascii")
    return bytes([len(data)]) + data
