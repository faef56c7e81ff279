// `parley chat`: a chat in the terminal, on the SDK, as any app would use it.
import { createInterface } from 'node:readline/promises';
import TencentCloudChat, { type ChatSDK, type Conversation, type Message } from '@parley/sdk';
import type { Command } from 'commander';
import { CommandError, ExitCode } from '../exit-code.js';
import { authSettings } from '../node/auth-settings.js';
import { gatewayUrl } from '../node/doors.js';
import { loadConfig } from '../node/settings.js';
import { toPositiveInteger } from './numbers.js';
import { EXPIRE_SECONDS_DEFAULT, makeUserSig } from './usersig.js';

interface ChatOptions {
  readonly user: string;
  readonly to?: string;
  readonly app?: number;
  readonly keyFile?: string;
  readonly gateway?: string;
  readonly config?: string;
}

const HELP = 'type a line to send it; /to <user>  /history  /list  /quit\n';

export function addChat(program: Command): void {
  program
    .command('chat')
    .description('chat in the terminal')
    .requiredOption('--user <id>', 'who you are')
    .option('--to <id>', 'whom you write to; can be changed with /to')
    .option('--app <id>', 'SDKAppID (default: the bootstrap app)', toPositiveInteger)
    .option('--key-file <file>', 'file with the app’s key (default: the bootstrap app’s)')
    .option('--gateway <url>', 'gateway address (default: from the settings)')
    .option('--config <file>', 'YAML file with settings')
    .action(async (options: ChatOptions) => {
      await new TerminalChat(options).run();
    });
}

class TerminalChat {
  private readonly chat: ChatSDK;
  private peer: string | undefined;
  private readonly quit = new AbortController();

  constructor(private readonly options: ChatOptions) {
    const config = loadConfig(options.config);
    this.peer = options.to;
    this.chat = TencentCloudChat.create({
      SDKAppID: options.app ?? authSettings(config).appId,
      gatewayUrl: options.gateway ?? gatewayUrl(config),
      platform: 'linux',
    });
    this.chat.setLogLevel(4);
  }

  /** Ends with /quit, the end of input or a kick. @throws CommandError when the login is refused. */
  async run(): Promise<void> {
    const { EVENT } = TencentCloudChat;
    this.chat.on(EVENT.MESSAGE_RECEIVED, ({ data }) => data.forEach(show));
    this.chat.on(EVENT.KICKED_OUT, ({ data }) => this.end(`you were logged out: ${data.type}`));
    this.chat.on(EVENT.NET_STATE_CHANGE, ({ data }) => print(`(${data.state})`));
    await this.login();
    print(`you are ${this.options.user}${this.peer ? `, writing to ${this.peer}` : ''}; ${HELP}`.trimEnd());
    const input = createInterface({ input: process.stdin });
    this.quit.signal.addEventListener('abort', () => input.close());
    for await (const line of input) {
      await this.obey(line.trim());
      if (this.quit.signal.aborted) break;
    }
    await this.chat.destroy();
  }

  private async login(): Promise<void> {
    const userSig = makeUserSig({ ...this.options, expire: EXPIRE_SECONDS_DEFAULT });
    const ready = new Promise((resolve) => this.chat.on(TencentCloudChat.EVENT.SDK_READY, resolve));
    try {
      await this.chat.login({ userID: this.options.user, userSig });
    } catch (cause) {
      const { code, message } = cause as { code?: number; message?: string };
      throw new CommandError(`login failed: ${code ?? ''} ${message ?? ''}`.trim(), ExitCode.FAILURE, {
        cause,
      });
    }
    await ready;
  }

  private async obey(line: string): Promise<void> {
    const [word = '', argument = ''] = line.split(' ', 2);
    if (line === '') return;
    if (word === '/quit') return this.end('bye');
    if (word === '/to' && argument) {
      this.peer = argument;
      return print(`writing to ${argument}`);
    }
    try {
      if (word === '/list') await this.list();
      else if (word === '/history') await this.history();
      else if (word.startsWith('/')) print(HELP.trimEnd());
      else await this.send(line);
    } catch (thrown) {
      const { code, message } = thrown as { code?: number; message?: string };
      print(`! ${code ?? ''} ${message ?? thrown}`);
    }
  }

  private async send(text: string): Promise<void> {
    if (!this.peer) return print('whom to? /to <user>');
    const message = this.chat.createTextMessage({
      to: this.peer,
      conversationType: 'C2C',
      payload: { text },
    });
    const { data } = await this.chat.sendMessage(message);
    show(data.message);
  }

  private async history(): Promise<void> {
    if (!this.peer) return print('whose? /to <user>');
    const { data } = await this.chat.getMessageList({ conversationID: `C2C${this.peer}` });
    data.messageList.forEach(show);
  }

  private async list(): Promise<void> {
    const { data } = await this.chat.getConversationList();
    for (const { conversationID, unreadCount } of data.conversationList as Conversation[]) {
      print(`${conversationID.slice(3)}${unreadCount > 0 ? ` (${unreadCount} unread)` : ''}`);
    }
  }

  private end(why: string): void {
    print(why);
    this.quit.abort();
  }
}

function show(message: Message): void {
  const time = new Date(message.time * 1000).toLocaleTimeString();
  const payload = message.payload as { text?: string };
  print(`${time} ${message.from}: ${payload.text ?? JSON.stringify(payload)}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
