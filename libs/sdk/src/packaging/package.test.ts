import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BundleSize, buildPackage } from './build-package.js';

const SRC = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);

/** An app as it is written for the compatible package: only the name of the import differs. */
const APP = `
import TencentCloudChat, { type ChatSDK, type Conversation, type Message } from '@parley/sdk';

const chat: ChatSDK = TencentCloudChat.create({ SDKAppID: 1400000001 });
const type: TencentCloudChat.TYPES = TencentCloudChat.TYPES.CONV_C2C;
let texts: string[] = [];

function onMessageReceived(event: any) {
  event.data.forEach((message: Message) => {
    if (message.type === TencentCloudChat.TYPES.MSG_TEXT) texts.push(message.payload.text);
  });
}

chat.setLogLevel(1);
chat.on(TencentCloudChat.EVENT.SDK_READY, () => texts.push('ready'));
chat.on(TencentCloudChat.EVENT.MESSAGE_RECEIVED, onMessageReceived, chat);
chat.on(TencentCloudChat.EVENT.CONVERSATION_LIST_UPDATED, (event) => {
  const first: Conversation | undefined = event.data[0];
  texts.push(first?.lastMessage.messageForShow ?? '', first?.userProfile.nick ?? '');
});
chat.login({ userID: 'alice', userSig: 'x' }).then((imResponse) => {
  if (imResponse.data.repeatLogin === true) texts.push(imResponse.data.errorInfo);
}).catch((imError: { code: number; message: string }) => texts.push(imError.message));
const message = chat.createTextMessage({
  to: 'bob',
  conversationType: type,
  payload: { text: 'hi' },
  cloudCustomData: 'c',
});
chat.sendMessage(message, { onlineUserOnly: true, offlinePushInfo: { title: 't' } });
chat.getMessageList({ conversationID: 'C2Cbob', nextReqMessageID: '' }).then(({ data }) => {
  texts = data.messageList.map((one) => one.ID);
});
export const count: number = chat.getTotalUnreadMessageCount();
export const done: Promise<void> = chat.logout();
chat.off(TencentCloudChat.EVENT.MESSAGE_RECEIVED, onMessageReceived);
`;

describe('the published package', () => {
  let directory: string;
  let sizes: BundleSize[];

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'parley-sdk-'));
    sizes = await buildPackage(join(directory, 'package'));
  }, 120_000);

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('holds the bundles, the declarations and the texts, and nothing else', () => {
    const output = execFileSync('npm', ['pack', '--dry-run', '--json'], {
      cwd: join(directory, 'package'),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [{ name, files }] = JSON.parse(output) as [{ name: string; files: { path: string }[] }];
    const paths = files.map(({ path }) => path);
    expect(name).toBe('@parley/sdk');
    expect(paths).toEqual(
      expect.arrayContaining([
        'README.md',
        'THIRD-PARTY.md',
        'package.json',
        'parley-sdk.js',
        'parley-sdk.min.js',
        'types/index.d.ts',
      ]),
    );
    const strangers = paths.filter(
      (path) => !/^(README|THIRD-PARTY|LICENSE|package\.json|parley-sdk\.|types\/)/.test(path),
    );
    expect(strangers).toEqual([]);
    expect(paths.filter((path) => /test|testing|packaging/.test(path))).toEqual([]);
    const manifest = JSON.parse(readFileSync(join(directory, 'package/package.json'), 'utf8'));
    expect(manifest.dependencies).toBeUndefined();
  });

  it('is small, and knows nothing of Node', () => {
    const [full, min] = sizes;
    expect(full?.bytes).toBeGreaterThan(10_000);
    expect(min?.bytes).toBeLessThan(390_000);
    expect(min?.gzipBytes).toBeLessThan(120_000);
    const lines = readFileSync(join(directory, 'package/parley-sdk.js'), 'utf8').split('\n');
    // The protobuf runtime asks for a setting of Node behind a guard of its own.
    const suspects = lines.filter(
      (line) =>
        /\bBuffer\b|\bprocess\.|node:|\brequire\(/.test(line) && !line.includes('typeof process != "object"'),
    );
    expect(suspects).toEqual([]);
  });

  it('compiles under an app of the compatible package, with strict checks of the declarations', () => {
    const app = join(directory, 'app');
    mkdirSync(join(app, 'node_modules/@parley'), { recursive: true });
    cpSync(join(directory, 'package'), join(app, 'node_modules/@parley/sdk'), { recursive: true });
    writeFileSync(join(app, 'package.json'), '{"type":"module"}');
    writeFileSync(join(app, 'app.ts'), APP);
    const compilerOptions = {
      ...{ strict: true, skipLibCheck: false, exactOptionalPropertyTypes: true, noEmit: true },
      ...{ target: 'es2020', module: 'nodenext', lib: ['es2020', 'dom'], types: [] },
    };
    writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app.ts'] }));
    const compiler = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
    let output = '';
    try {
      output = execFileSync(process.execPath, [compiler, '-p', app], { encoding: 'utf8' });
    } catch (failure) {
      output = String((failure as { stdout?: string }).stdout);
    }
    expect(output).toBe('');
  }, 60_000);
});

describe('the sources', () => {
  it('import nothing of Node and do not know Buffer', () => {
    const files = globSync('**/*.ts', { cwd: SRC }).filter(
      (file) => !/^(testing|packaging)\/|\.test\.ts$|\.test-d\.ts$/.test(file),
    );
    expect(files.length).toBeGreaterThan(40);
    const bad = files.filter((file) =>
      /from ['"](?:node:|fs|path|http|ws\b)|\bBuffer\b|\bprocess\./.test(
        readFileSync(join(SRC, file), 'utf8'),
      ),
    );
    expect(bad).toEqual([]);
  });
});
