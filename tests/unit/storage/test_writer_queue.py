"""Who writes takes turns: in the order in which they came, and not for ever."""

import threading

import pytest

from careline.storage.errors import WriterBusyError
from careline.storage.writer_queue import WriterQueue


def wait_for(queue, length):
    while len(queue._waiting) < length:
        pass


def test_who_has_waited_longest_writes_next_however_often_others_ask():
    queue, order = WriterQueue(5), []

    def write(name):
        with queue.turn():
            order.append(name)

    with queue.turn():
        threads = []
        for name in range(5):
            threads.append(threading.Thread(target=write, args=(name,)))
            threads[-1].start()
            wait_for(queue, name + 1)
    with queue.turn():  # who has just written stands at the end again
        order.append("again")
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3, 4, "again"]


def test_who_waits_too_long_is_told_and_holds_nobody_up():
    queue, told = WriterQueue(0.01), []

    def write():
        with pytest.raises(WriterBusyError), queue.turn():
            pass
        told.append(True)

    with queue.turn():
        thread = threading.Thread(target=write)
        thread.start()
        thread.join()
    assert told
    with queue.turn():
        pass


def test_a_turn_ends_with_an_error_too():
    queue = WriterQueue(0.01)

    def fail():
        with queue.turn():
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        fail()
    with queue.turn():
        pass
