// At the admin door, which only operators should reach: wrong tokens and wrong calls.
import { exchange } from '../harness/raw-connection.js';
import type { Doors, Row } from './row.js';

interface Request {
  readonly method?: string;
  readonly path?: string;
  readonly authorization?: (token: string) => string;
  readonly body?: string;
}

async function answerOf({ adminUrl, operatorToken }: Doors, request: Request): Promise<string> {
  const { method = 'POST', path = '/v1/operator/AppService/ListApps', body } = request;
  const authorization = (request.authorization ?? ((token) => `Bearer ${token}`))(operatorToken);
  const response = await fetch(`${adminUrl}${path}`, {
    method,
    headers: { authorization },
    ...(method === 'GET' ? {} : { body: body ?? '{}' }),
  });
  const code = /"code":(\d+)/.exec(await response.text())?.[1];
  return code === undefined ? `HTTP ${response.status}` : `HTTP ${response.status} ${code}`;
}

const admin = (what: string, answer: string, request: Request): Row => [
  `${what} at the admin door`,
  answer,
  (doors) => answerOf(doors, request),
];
const CREATE = '/v1/operator/AppService/CreateApp';

export const ADMIN_ROWS: readonly Row[] = [
  admin('no token', 'HTTP 401 60004', { authorization: () => '' }),
  admin('half a token', 'HTTP 401 60004', { authorization: (token) => `Bearer ${token.slice(0, 32)}` }),
  admin('another scheme', 'HTTP 401 60004', { authorization: (token) => `Basic ${token}` }),
  admin('a log level without a token', 'HTTP 401 60004', {
    method: 'PUT',
    path: '/log-level',
    authorization: () => '',
  }),
  admin('a log level that does not exist', 'HTTP 400', { method: 'PUT', path: '/log-level', body: 'loud' }),
  admin('a method that does not exist', 'HTTP 404 60009', { path: '/v1/operator/AppService/DropEverything' }),
  admin('a method that is not for operators', 'HTTP 401 60004', { path: '/v1/operator/MessageService/Send' }),
  admin('a body that is no JSON', 'HTTP 400 60003', { path: CREATE, body: '{' }),
  admin('a field that does not exist', 'HTTP 400 60003', { path: CREATE, body: '{"colour":"red"}' }),
  admin('a name on the prototype', 'HTTP 400 60003', { path: CREATE, body: '{"__proto__":{"name":"x"}}' }),
  admin('100 KB', 'HTTP 413 9522', { path: CREATE, body: `{"name":"${'x'.repeat(100_000)}"}` }),
  admin('an unknown path', 'HTTP 404', { method: 'GET', path: '/v2' }),
  [
    'a caller who hangs up in the middle of a call at the admin door',
    'hung up',
    async ({ adminUrl, operatorToken }) => {
      const head = `POST ${CREATE} HTTP/1.1\r\nHost: parley\r\nAuthorization: Bearer ${operatorToken}\r\n`;
      const parts = [`${head}Content-Length: 100\r\nExpect: 100-continue\r\n\r\n`, '{"name":'];
      // The server says that it waits for the rest, and then nobody is there.
      const received = await exchange({ url: adminUrl, parts, until: (bytes) => bytes.length > 0 });
      return received.toString('latin1').startsWith('HTTP/1.1 100') ? 'hung up' : received.toString('latin1');
    },
  ],
];
