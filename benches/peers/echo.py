"""An echo server on asyncio, by a protocol, which is its fast way."""

import asyncio
import os
import sys


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.transport.write(data)


async def serve(port):
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Echo, "127.0.0.1", port, backlog=4096)
    # It ends with the program that started it.
    loop.add_reader(sys.stdin, lambda: os.read(0, 1) or os._exit(0))
    print("ready", flush=True)
    await server.serve_forever()


asyncio.run(serve(int(sys.argv[1])))
