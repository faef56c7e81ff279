// Every bad signature at both doors. Too many failures of one user end in 70050, so each round has its own.
import { RawSocket } from '../harness/raw-socket.js';
import { APP_ID, APP_KEY } from '../harness/world-on-server.js';
import { BAD_SIGNATURES } from './bad-signatures.js';
import { codeOf } from './rest-rows.js';
import type { Row } from './row.js';

const makerOf = (userId: string) => ({ sdkAppId: APP_ID, userId, key: APP_KEY });

export const SIGNATURE_ROWS: readonly Row[] = BAD_SIGNATURES.flatMap(([what, code, make]): Row[] => [
  [
    `${what} at REST`,
    String(code),
    (doors, round) => {
      const identifier = `oscar${round}`;
      return codeOf(doors, { query: { identifier, usersig: make(makerOf(identifier)) } });
    },
  ],
  [
    `${what} at the gateway`,
    `refused ${code}`,
    async ({ gatewayUrl }, round) => {
      const userId = `trudy${round}`;
      const socket = await RawSocket.open(gatewayUrl);
      socket.hello({ userId, userSig: make(makerOf(userId)) });
      const answer = await socket.answer();
      socket.close();
      return answer;
    },
  ],
]);
