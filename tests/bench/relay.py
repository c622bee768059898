"""A relay on loopback that holds everything back for a while, as a long way does: `python -m tests.bench.relay`.

    with relay.running(port, seconds=0.02) as distant: ...

It runs as a process of its own, so that its work is not the measured one's. Of the round trip that a TCP connection
takes, both halves are waited for before anything is passed on.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_LAST = None


@contextmanager
def running(port: int, *, seconds: float) -> Iterator[int]:
    """Relay to a port on loopback, `seconds` late each way, until the block ends; yields the relay's own port."""
    command = [sys.executable, "-m", "tests.bench.relay", str(port), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


async def _pass_on(source: asyncio.StreamReader, sink: asyncio.StreamWriter, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    due: asyncio.Queue[tuple[float, bytes | None]] = asyncio.Queue()

    async def deliver() -> None:
        with suppress(ConnectionError):
            while True:
                at, block = await due.get()
                await asyncio.sleep(max(0.0, at - loop.time()))
                if block is None:
                    break
                sink.write(block)
                await sink.drain()
        sink.close()

    task = asyncio.create_task(deliver())
    with suppress(ConnectionError):
        while block := await source.read(65_536):
            due.put_nowait((loop.time() + seconds, block))
    due.put_nowait((loop.time() + seconds, _LAST))
    await task


async def _serve(port: int, seconds: float) -> None:
    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(2 * seconds)
        there, back = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(_pass_on(reader, back, seconds), _pass_on(there, writer, seconds))

    server = await asyncio.start_server(relay, "127.0.0.1", 0, backlog=128)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), float(sys.argv[2])))
