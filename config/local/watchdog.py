"""Waits beside the supervisor, and tidies up if it is killed in a way that it cannot answer.

The supervisor writes the number of each process group it starts, one a line. The kernel closes the pipe when
the supervisor ends, however it ends; whatever then still runs is ended here.
"""

import signal
import sys

from .cluster import leave_nothing_running
from .parts import end_groups


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    end_groups([int(line) for line in sys.stdin])
    leave_nothing_running()


if __name__ == "__main__":
    main()
