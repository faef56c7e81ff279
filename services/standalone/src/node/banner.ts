// What a person sees when the server is ready: where it is and what to try first.
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gatewayConfig } from '@parley/access-gateway';
import { authConfig } from '@parley/auth';
import type { Config, ConfigSection } from '@parley/config';
import { engineConfig } from '@parley/runtime';
import { authSettings } from './auth-settings.js';
import { adminUrl, gatewayUrl, restUrl } from './doors.js';
import { bootstrapKeyPath } from './secret-files.js';

/** The script of a checkout, seen from the built file. */
const CHECKOUT_SCRIPT = fileURLToPath(new URL('../../../../parley', import.meta.url));

/** The text of the ready banner; its commands can be pasted as they stand, in any order. */
export function readyBanner(config: Config, configFile?: string): string {
  const auth = authSettings(config);
  const { dataDir } = config.of(engineConfig);
  const key = auth.isKeyConfigured
    ? `the one in ${authConfig.fields.bootstrapAppKey.env}; the commands below need it too`
    : bootstrapKeyPath(dataDir);
  const [send, chat, history] = firstCommands(config, configFile);
  return `
Parley is ready.

  REST      ${restUrl(config)}/v4/…
  Gateway   ${gatewayUrl(config)}
  Admin     ${adminUrl(config)}  (/ready /live /metrics)
  SDKAppID  ${auth.appId}
  Key       ${key}

Try it, in another terminal and in this directory:

  1. Send a message to Alice through REST (her account and Bob's are imported first):
     ${send}

  2. Chat as Alice in the terminal:
     ${chat}

  3. See their history through REST:
     ${history}

`;
}

function firstCommands(config: Config, configFile: string | undefined): [string, string, string] {
  const { appId, admin } = authSettings(config);
  const program = withSettings(config, programName());
  const file = configFile ? ` --config ${configFile}` : '';
  const sig = `$(${program} usersig --user ${admin}${file})`;
  const query = `sdkappid=${appId}&identifier=${admin}&usersig=${sig}&random=1&contenttype=json`;
  const post = (path: string, body: string) =>
    `curl -sS "${restUrl(config)}/v4/${path}?${query}" -d '${body}'`;
  const accounts = { AccountList: [{ UserID: 'alice' }, { UserID: 'bob' }] };
  const text = [{ MsgType: 'TIMTextElem', MsgContent: { Text: 'Hello, Alice' } }];
  // The shell puts in the time: the same MsgRandom again would be a retry of the same message.
  const message = JSON.stringify({
    From_Account: 'bob',
    To_Account: 'alice',
    MsgRandom: 0,
    MsgBody: text,
  }).replace('"MsgRandom":0', `"MsgRandom":'$(date +%s)'`);
  const page = {
    Operator_Account: 'alice',
    Peer_Account: 'bob',
    MaxCnt: 20,
    MinTime: 0,
    MaxTime: 4_000_000_000,
  };
  return [
    `${post('im_open_login_svc/multiaccount_import', JSON.stringify(accounts))} && ${post('openim/sendmsg', message)}`,
    `${program} chat --user alice --to bob${file}`,
    post('openim/admin_getroammsg', JSON.stringify(page)),
  ];
}

/** How the command is called from here: the checkout's script, or what was installed. */
function programName(): string {
  if (!existsSync(CHECKOUT_SCRIPT)) return 'parley';
  const path = relative(process.cwd(), CHECKOUT_SCRIPT);
  return path.startsWith('..') ? CHECKOUT_SCRIPT : `./${path}`;
}

/** A pasted command must find the server's data and ports, whatever set them in the environment. */
function withSettings(config: Config, program: string): string {
  const changed = [
    setting(config, engineConfig, 'dataDir'),
    setting(config, gatewayConfig, 'bind'),
    setting(config, gatewayConfig, 'port'),
    setting(config, authConfig, 'bootstrapAppId'),
  ];
  return changed.join('') + program;
}

/** `NAME=value ` when the environment changed the setting, else nothing. */
function setting<C>(config: Config, section: ConfigSection<C>, key: keyof C): string {
  const { env, default: usual } = section.fields[key];
  const value = config.of(section)[key];
  return value === usual || process.env[env] === undefined ? '' : `${env}=${value} `;
}
