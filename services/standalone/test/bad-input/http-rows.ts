// At REST: requests that are no proper HTTP, or no POST.
import { exchange } from '../harness/raw-connection.js';
import { queryOf } from './rest-rows.js';
import type { Row } from './row.js';

const target = `/v4/openim/sendmsg?${queryOf({})}`;

/** Status and code of the first answer; the code is absent when the HTTP server itself answers. */
function answerOf(received: Buffer): string {
  const text = received.toString('utf8');
  const status = /^HTTP\/1\.1 (\d{3})/.exec(text)?.[1];
  if (status === undefined) return `no HTTP: ${text}`;
  const code = /"ErrorCode":(\d+)/.exec(text)?.[1];
  return code === undefined ? `HTTP ${status}` : `HTTP ${status} ${code}`;
}

const isWhole = (received: Buffer): boolean => {
  const text = received.toString('latin1');
  const head = text.indexOf('\r\n\r\n');
  const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? Number.NaN);
  return head >= 0 && text.length >= head + 4 + length;
};

const http = (what: string, answer: string, ...parts: (string | Uint8Array)[]): Row => [
  what,
  answer,
  async ({ restUrl }) => answerOf(await exchange({ url: restUrl, parts, until: isWhole })),
];
const post = (headers: string, body = '{}', path = target): string =>
  `POST ${path} HTTP/1.1\r\nHost: parley\r\n${headers}\r\n${body}`;
const lone = (method: string): string =>
  `${method} ${target} HTTP/1.1\r\nHost: parley\r\nContent-Length: 0\r\n\r\n`;

export const HTTP_ROWS: readonly Row[] = [
  http('no HTTP', 'HTTP 400 60002', 'hello\r\n\r\n'),
  http('a TLS greeting', 'HTTP 400 60002', Buffer.from('16030100a5010000a10303', 'hex')),
  http('an unknown HTTP version', 'HTTP 400 60002', `POST ${target} HTTP/9.9\r\n\r\n`),
  http('a negative length', 'HTTP 400 60002', post('Content-Length: -2\r\n')),
  http('two lengths', 'HTTP 400 60002', post('Content-Length: 2\r\nContent-Length: 3\r\n')),
  http(
    'a length and chunks',
    'HTTP 400 60002',
    post('Content-Length: 2\r\nTransfer-Encoding: chunked\r\n', '2\r\n{}\r\n0\r\n\r\n'),
  ),
  http('chunks that are none', 'HTTP 400 60002', post('Transfer-Encoding: chunked\r\n', 'zz\r\n{}\r\n')),
  http('a length of 99 GB', 'HTTP 413 93000', post('Content-Length: 99999999999\r\n')),
  http(
    'a header of 100 KB',
    'HTTP 400 60002',
    post(`X-Long: ${'x'.repeat(100_000)}\r\nContent-Length: 2\r\n`),
  ),
  http(
    '5,000 headers',
    'HTTP 400 60002',
    post(`${Array.from({ length: 5_000 }, (_, index) => `X-${index}: 1\r\n`).join('')}Content-Length: 2\r\n`),
  ),
  http(
    'a URL of 60 KB',
    'HTTP 400 60002',
    post('Content-Length: 2\r\n', '{}', `${target}&z=${'z'.repeat(60_000)}`),
  ),
  http(
    'the URL of another host',
    'HTTP 404 60009',
    post('Content-Length: 2\r\n', '{}', `http://elsewhere${target}`),
  ),
  http('GET', 'HTTP 405 60002', lone('GET')),
  http('PUT', 'HTTP 405 60002', lone('PUT')),
  http('DELETE', 'HTTP 405 60002', lone('DELETE')),
  http('a verb that nobody knows', 'HTTP 400 60002', lone('DESTROY')),
  http('GET of the root', 'HTTP 404 60009', 'GET / HTTP/1.1\r\nHost: parley\r\n\r\n'),
];

/** Their answers are timeouts, so they are tried once. */
export const SLOW_HTTP_ROWS: readonly Row[] = [
  http('half a head', 'HTTP 400 60002', 'POST /v4/openim'),
  http('half a body', 'HTTP 400 60002', post('Content-Length: 20\r\n', '{')),
];
