import threading


class Pool:
    """A few connections, kept: a request needs no lookup once they are made. Who finds none free waits."""

    def __init__(self, size, connect):
        self._free = threading.Semaphore(size)
        self._idle = []
        self._connect = connect

    def take(self):
        self._free.acquire()
        try:
            while self._idle:
                connection = self._idle.pop()
                if not connection.closed:
                    return connection
            return self._connect()
        except BaseException:
            self._free.release()
            raise

    def give(self, connection):
        """Takes one back. One that broke is dropped, and the idle ones with it: what broke it broke them, too."""
        if connection.closed:
            self._idle.clear()
        else:
            self._idle.append(connection)
        self._free.release()

    def drop(self):
        """Closes those that nobody uses: the pool is switched off."""
        while self._idle:
            try:
                self._idle.pop().close()
            except IndexError:
                return
