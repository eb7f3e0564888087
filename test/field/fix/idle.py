"""HOST PORT REQUEST: a pool whose connections are idle for 9 s each, beside one that is busy; a request that is lost is sent again at once on a new one."""
import socket, sys, threading, time
HOST, PORT, REQUEST = sys.argv[1], int(sys.argv[2]), sys.argv[3].encode().decode('unicode_escape').encode()
def keep(pause):
    link = None
    while True:
        try:
            if link is None: link = socket.create_connection((HOST, PORT), timeout=9)
            link.sendall(REQUEST)
            if not link.recv(65536): raise ConnectionError('closed')
        except OSError as error:
            print(time.strftime('%T'), repr(error), flush=True)
            if link: link.close()
            link = None
            continue
        time.sleep(pause)
for pause in [1] + [9] * 6:
    threading.Thread(target=keep, args=(pause,)).start(); time.sleep(0.4)
