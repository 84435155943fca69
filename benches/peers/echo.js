// An echo server on Node's net.
const net = require("net");

const server = net.createServer({ noDelay: true }, (socket) => {
  socket.on("data", (bytes) => socket.write(bytes));
  socket.on("error", () => socket.destroy());
});
server.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 }, () => console.log("ready"));
// It ends with the program that started it.
process.stdin.on("end", () => process.exit(0)).resume();
