// Says with its exit code whether an engine answers in its own protocol: an open port may come long before.
//
//   node probe.mjs kafka|cassandra|redis PORT
import { connect } from 'node:net';

const TIMEOUT_MS = 2_000;

/** ApiVersions, version 0, correlation id 7, client id "probe". */
const kafkaRequest = Buffer.concat([
  Buffer.from([0, 0, 0, 15, 0, 18, 0, 0, 0, 0, 0, 7, 0, 5]),
  Buffer.from('probe'),
]);

/** What is sent, and whether the bytes so far are the engine's answer. */
const PROBES = {
  kafka: {
    request: kafkaRequest,
    // Size, the correlation id, and no error.
    isAnswer: (bytes) => bytes.length >= 10 && bytes.readInt32BE(4) === 7 && bytes.readInt16BE(8) === 0,
  },
  cassandra: {
    // OPTIONS in protocol version 4; the answer is SUPPORTED (opcode 6).
    request: Buffer.from([0x04, 0, 0, 0, 0x05, 0, 0, 0, 0]),
    isAnswer: (bytes) => bytes.length >= 5 && bytes[0] === 0x84 && bytes[4] === 0x06,
  },
  redis: {
    request: Buffer.from('PING\r\n'),
    isAnswer: (bytes) => bytes.toString('latin1').startsWith('+PONG'),
  },
};

const [engine, port] = process.argv.slice(2);
const probe = PROBES[engine];
if (!probe || !port) {
  console.error('usage: probe.mjs kafka|cassandra|redis PORT');
  process.exit(2);
}

const fail = (reason) => {
  console.error(`${engine} on port ${port}: ${reason}`);
  process.exit(1);
};
let bytes = Buffer.alloc(0);
const socket = connect({ host: '127.0.0.1', port: Number(port) }, () => socket.write(probe.request));
socket.on('data', (chunk) => {
  bytes = Buffer.concat([bytes, chunk]);
  if (probe.isAnswer(bytes)) process.exit(0);
});
socket.on('error', (error) => fail(error.message));
socket.on('close', () => fail('closed'));
setTimeout(() => fail('no answer'), TIMEOUT_MS);
