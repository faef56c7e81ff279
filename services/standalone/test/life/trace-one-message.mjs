// Run as a process of its own: sends one message through a whole server and prints, as JSON,
// the files that it passed, in the order in which each was first entered.
//
// Every function of the built code reports its file when it is entered. The loader puts that report in
// behind each line that opens a function, which is how the compiler lays them out.
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const ROOT = new URL('../../../../', import.meta.url).href;
const OPENS_FUNCTION = /^(\s*)(?!.*\b(?:if|for|while|switch|catch|constructor)\b)(?:.*\) \{|.*=> \{)$/;

const passed = new Set();
let isTracing = false;
globalThis.enterFile = (file) => {
  if (isTracing) passed.add(file);
};

const sourceOf = (url) => url.slice(ROOT.length).replace('/dist/', '/src/').replace(/\.js$/, '.ts');

registerHooks({
  load(url, context, nextLoad) {
    if (!/^(libs|services)\/[^/]+\/dist\//.test(url.slice(ROOT.length))) return nextLoad(url, context);
    const report = `globalThis.enterFile(${JSON.stringify(sourceOf(url))});`;
    const source = readFileSync(fileURLToPath(url), 'utf8')
      .split('\n')
      .map((line) => (OPENS_FUNCTION.test(line) ? line + report : line))
      .join('\n');
    return { format: 'module', source, shortCircuit: true };
  },
});

const { ParleyNode } = await import('../../dist/node/parley-node.js');
const { loadConfig } = await import('../../dist/node/settings.js');
const { default: TencentCloudChat } = await import('@parley/sdk');
const { createUserSig } = await import('@parley/usersig');

const SDK_APP_ID = 1_400_000_001;
const key = process.env.PARLEY_BOOTSTRAP_APP_KEY;
const node = new ParleyNode({ config: loadConfig(), target: 'all' });
await node.start();

async function login(userID) {
  const gatewayUrl = `ws://127.0.0.1:${process.env.PARLEY_GATEWAY_PORT}/v1/ws`;
  const chat = TencentCloudChat.create({ SDKAppID: SDK_APP_ID, gatewayUrl, instanceID: userID });
  chat.setLogLevel(4);
  const ready = new Promise((resolve) => chat.on(TencentCloudChat.EVENT.SDK_READY, resolve));
  const userSig = createUserSig({ sdkAppId: SDK_APP_ID, userId: userID, key, expireSeconds: 600 });
  await chat.login({ userID, userSig });
  await ready;
  return chat;
}

const [alice, bob] = [await login('alice'), await login('bob')];
const received = new Promise((resolve) => bob.on(TencentCloudChat.EVENT.MESSAGE_RECEIVED, resolve));
const message = alice.createTextMessage({ to: 'bob', conversationType: 'C2C', payload: { text: 'hello' } });
isTracing = true;
await alice.sendMessage(message);
await received;
// Reading makes sure that the writer has passed it.
await bob.getMessageList({ conversationID: 'C2Calice' });
await bob.setMessageRead({ conversationID: 'C2Calice' });
isTracing = false;
console.log(JSON.stringify([...passed]));
await alice.destroy();
await bob.destroy();
await node.stop();
process.exit(0);
