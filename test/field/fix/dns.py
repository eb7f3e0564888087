"""dns.py ADDRESS PORT ANSWER [MODE [MS]]: a small name server.

MODE: ok | nx (every name is denied) | servfail | refused | noaaaa (AAAA is never answered) | drop. MS: delay of a denial.
Names in $ONLY (with commas) are the only ones that exist.
"""
import os
import socket
import struct
import sys
import threading

address, port, answer = sys.argv[1], int(sys.argv[2]), sys.argv[3]
mode = sys.argv[4] if len(sys.argv) > 4 else 'ok'
delay = float(sys.argv[5]) / 1000 if len(sys.argv) > 5 else 0
only = os.environ['ONLY'].split(',') if os.environ.get('ONLY') else None
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind((address, port))


def question(message):
    at, labels = 12, []
    while message[at]:
        labels.append(message[at + 1:at + 1 + message[at]].decode('latin1'))
        at += message[at] + 1
    return '.'.join(labels).lower(), struct.unpack('>H', message[at + 1:at + 3])[0], message[12:at + 5]


while True:
    message, client = server.recvfrom(4096)
    name, kind, asked = question(message)
    if mode == 'drop' or (mode == 'noaaaa' and kind == 28):
        continue
    missing = mode == 'nx' or (only is not None and name not in only)
    code = {'servfail': 2, 'refused': 5}.get(mode, 3 if missing else 0)
    record = b''
    if code == 0 and kind == 1:
        record = b'\xc0\x0c' + struct.pack('>HHIH', 1, 1, 5, 4) + socket.inet_aton(answer)
    reply = message[:2] + struct.pack('>BBHHHH', 0x81, 0x80 | code, 1, 1 if record else 0, 0, 0) + asked + record
    if delay and code == 3:
        threading.Timer(delay, server.sendto, (reply, client)).start()
    else:
        server.sendto(reply, client)
