// The yardstick: a bare `ws` relay. It knows nobody, checks nothing, stores
// nothing; it takes a frame whose first four bytes name a client and writes the
// rest to that client's socket, or to all others when they name everybody, and
// answers the sender with the same four bytes. Over HTTP it takes a request and answers as many bytes as the path says.
// What a chat server costs beyond it is what the promises cost.
// Run as a child process: tells its port over IPC.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

/** Instead of a client: see RelayClient. */
const EVERYBODY = 0xffff_ffff;
const sockets = new Map<number, import('ws').WebSocket>();
const http = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.setHeader('content-type', 'application/json');
    response.end('x'.repeat(Number(request.url?.slice(1))));
  });
});
const server = new WebSocketServer({ server: http, perMessageDeflate: false, clientTracking: false });

server.on('connection', (socket, request) => {
  const id = Number(request.url?.slice(1));
  sockets.set(id, socket);
  socket.on('close', () => sockets.delete(id));
  socket.on('error', () => socket.terminate());
  socket.on('message', (data: Buffer) => {
    const ack = data.subarray(0, 8);
    const target = data.readUInt32BE(0);
    if (target !== EVERYBODY) sockets.get(target)?.send(data);
    else for (const other of sockets.values()) if (other !== socket) other.send(data);
    socket.send(ack);
  });
});

http.listen(0, '127.0.0.1', () => {
  const address = http.address();
  if (typeof address === 'object' && address) process.send?.({ port: address.port });
});
process.on('disconnect', () => process.exit(0));
