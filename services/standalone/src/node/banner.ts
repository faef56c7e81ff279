// What a person sees when the server is ready: where it is and what to try first.
import { gatewayConfig } from '@parley/access-gateway';
import type { Config } from '@parley/config';
import { restApiConfig } from '@parley/rest-api';
import { engineConfig } from '@parley/runtime';
import { type AuthSettings, authSettings } from './auth-settings.js';
import { bootstrapKeyPath } from './secret-files.js';
import { processConfig } from './settings.js';

/** The text of the ready banner; the commands in it can be pasted as they stand. */
export function readyBanner(config: Config, program: string): string {
  const command = withSettings(config, program);
  const auth: AuthSettings = authSettings(config);
  const rest = config.of(restApiConfig);
  const gateway = config.of(gatewayConfig);
  const { adminBind, adminPort } = config.of(processConfig);
  const { dataDir } = config.of(engineConfig);
  const restUrl = `http://${rest.bind}:${rest.port}`;
  const key = auth.isKeyConfigured ? 'PARLEY_BOOTSTRAP_APP_KEY' : bootstrapKeyPath(dataDir);
  const query = `sdkappid=${auth.appId}&identifier=${auth.admin}&usersig=$(${command} usersig --user ${auth.admin})&random=1&contenttype=json`;
  const post = (path: string, body: unknown) =>
    `curl -s "${restUrl}/v4/${path}?${query}" -d '${JSON.stringify(body)}'`;
  const send = {
    From_Account: auth.admin,
    To_Account: 'alice',
    MsgRandom: 1,
    MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'Hello, Alice' } }],
  };
  const history = {
    Operator_Account: 'alice',
    Peer_Account: auth.admin,
    MaxCnt: 20,
    MinTime: 0,
    MaxTime: 4_000_000_000,
  };
  return `
Parley is ready.

  REST      ${restUrl}/v4/…
  Gateway   ws://${gateway.bind}:${gateway.port}/v1/ws
  Admin     http://${adminBind}:${adminPort}  (/ready /live /metrics)
  SDKAppID  ${auth.appId}
  Key       in ${key}

Try it, in another terminal and in this directory:

  1. Chat as Alice (creates her account):
     ${command} chat --user alice --to ${auth.admin}

  2. Send her a message through REST:
     ${post('openim/sendmsg', send)}

  3. See the history:
     ${post('openim/admin_getroammsg', history)}
`;
}

/** A pasted command must find the server's data and ports, whatever set them. */
function withSettings(config: Config, program: string): string {
  const settings: [string, string | number, string | number][] = [
    [engineConfig.fields.dataDir.env, config.of(engineConfig).dataDir, engineConfig.fields.dataDir.default],
    [gatewayConfig.fields.port.env, config.of(gatewayConfig).port, gatewayConfig.fields.port.default],
  ];
  const changed = settings
    .filter(([, value, usual]) => value !== usual)
    .map(([name, value]) => `${name}=${value} `);
  return changed.join('') + program;
}
