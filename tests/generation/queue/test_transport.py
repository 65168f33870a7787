"""The doorbell over every broker, for real: nothing lost between processes, a dead broker holds nobody up."""

import socket
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest
from celery import Celery
from kombu import Connection

from generation.tasks import render
from portal.celery import app
from portal.tasks import ring

ROOT = Path(__file__).resolve().parents[3]
MESSAGES = 2000
BROKERS = ("redis://127.0.0.1:6379/5", "amqp://guest:guest@127.0.0.1:5672//")
PROCESS = """
import queue, sys, time
from kombu import Connection
role, number, count, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
places = {"data_folder_in": folder + "/m", "data_folder_out": folder + "/m", "control_folder": folder + "/c"}
with Connection("filesystem://", transport="portal.broker:Transport", transport_options=places) as connection:
    line = connection.SimpleQueue("bell")
    if role == "send":
        for message in range(count):
            line.put(f"{number}-{message}")
    else:
        quiet_until = time.monotonic() + 8
        while time.monotonic() < quiet_until:
            try:
                message = line.get(timeout=0.5)
            except queue.Empty:
                continue
            message.ack()
            print(message.payload)
            quiet_until = time.monotonic() + 3
"""


def test_transport_two_senders_two_receivers_lose_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PROCESS]
    receivers = [
        subprocess.Popen([*command, "receive", "0", "0", str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    senders = [
        subprocess.Popen([*command, "send", str(number), str(MESSAGES // 2), str(tmp_path)], cwd=ROOT)
        for number in range(2)
    ]
    assert [sender.wait(60) for sender in senders] == [0, 0]
    received = [line for receiver in receivers for line in receiver.communicate(timeout=60)[0].split()]
    sent = [f"{number}-{message}" for number in range(2) for message in range(MESSAGES // 2)]
    assert [receiver.returncode for receiver in receivers] == [0, 0]
    assert sorted(received) == sorted(sent)


@pytest.mark.parametrize("url", BROKERS)
def test_doorbell_is_published_and_received(url: str) -> None:
    name = f"bell-test-{uuid.uuid4().hex}"
    own = Celery("transport", broker=url, set_as_current=False)
    own.conf.task_default_queue = name
    own.send_task(render.name, ignore_result=True)
    with Connection(url) as connection:
        line = own.amqp.queues[name](connection)
        message = next((got for _ in range(50) if (got := line.get(no_ack=True)) or time.sleep(0.1)), None)
        line.delete()
    assert message is not None
    assert message.headers["task"] == "generation.render"


@pytest.mark.parametrize("scheme", ["redis://{}/5", "amqp://guest:guest@{}//"])
def test_ring_dead_broker_returns_false_soon(scheme: str) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound and not listening: whoever connects is turned away
        dead = scheme.format(f"127.0.0.1:{unused.getsockname()[1]}")
        own = Celery("dead", broker=dead, set_as_current=False)
        own.conf.update(
            broker_connection_timeout=app.conf.broker_connection_timeout,
            broker_transport_options={"socket_timeout": 3, "socket_connect_timeout": 1, "max_retries": 1},
        )
        task = own.task(name="generation.render")(lambda: None)
        began = time.monotonic()
        assert ring(task) is False
        assert time.monotonic() - began < 2.5
