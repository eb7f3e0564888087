class Stopped(Exception):
    """Work that was given up on purpose: a deadline, an open breaker, a client that has gone."""
