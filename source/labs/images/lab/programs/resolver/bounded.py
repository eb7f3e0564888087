"""Queries that wait for the one worker."""

from collections import deque


class BoundedQueue:
    """First come, first served; who comes when it is full is dropped in silence, as a full socket buffer drops."""

    def __init__(self, most):
        self.most = most
        self.dropped = 0
        self.newest_first = False
        self._items = deque()

    def __len__(self):
        return len(self._items)

    def push(self, item):
        """Newest first, the oldest is dropped: its client has most likely given up."""
        if len(self._items) >= self.most:
            self.dropped += 1
            if not self.newest_first:
                return
            self._items.popleft()
        self._items.append(item)

    def take(self):
        """The next one to serve, or None."""
        if not self._items:
            return None
        return self._items.pop() if self.newest_first else self._items.popleft()
