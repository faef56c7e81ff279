import TencentCloudChat, { ChatFailure } from './index.js';
import { World } from './testing/world.js';

const webSocket = () => {
  throw new Error('not in this test');
};

describe('create', () => {
  it('gives one object per SDKAppID and instance, until it is destroyed', async () => {
    const one = TencentCloudChat.create({ SDKAppID: 1, webSocket });
    expect(TencentCloudChat.create({ SDKAppID: 1, webSocket })).toBe(one);
    const others = [
      TencentCloudChat.create({ SDKAppID: 2, webSocket }),
      TencentCloudChat.create({ SDKAppID: 1, instanceID: 'b', webSocket }),
    ];
    expect(others).not.toContain(one);
    await one.destroy();
    const next = TencentCloudChat.create({ SDKAppID: 1, webSocket });
    expect(next).not.toBe(one);
    for (const chat of [next, ...others]) await chat.destroy();
  });

  it.each([
    [{ SDKAppID: 0 }, 2000],
    [{ SDKAppID: 1.5 }, 2000],
    [{ SDKAppID: '1' }, 2000],
    [{ SDKAppID: 1, gatewayUrl: 'http://x' }, 6017],
    [{ SDKAppID: 1, platform: 'fridge' }, 6017],
    [{ SDKAppID: 1, instanceID: 'a b' }, 6017],
    [{ SDKAppID: 1, sendGiveUpMs: 0 }, 6017],
  ])('refuses %j', (options, code) => {
    expect(() => TencentCloudChat.create({ webSocket, ...options } as never)).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('exports what the compatible default export has', () => {
    expect(Object.keys(TencentCloudChat)).toEqual(['create', 'EVENT', 'TYPES', 'VERSION']);
    expect(new ChatFailure(1, 'x')).toBeInstanceOf(Error);
  });
});

describe('small methods', () => {
  it('take and refuse log levels [parity: sdk setLogLevel]', () => {
    const { chat } = new World().device('alice');
    for (const level of [0, 1, 2, 3, 4]) chat.setLogLevel(level);
    expect(() => chat.setLogLevel(5)).toThrow(expect.objectContaining({ code: 6017 }));
  });

  it('accept plug-ins [parity: sdk registerPlugin]', () => {
    const { chat } = new World().device('alice');
    chat.registerPlugin({ 'tim-upload-plugin': class {} });
  });

  it('end listening [parity: sdk off]', async () => {
    const world = new World();
    const alice = world.device('alice');
    let calls = 0;
    const handler = () => {
      calls += 1;
    };
    alice.chat.on(TencentCloudChat.EVENT.SDK_READY, handler);
    alice.chat.off(TencentCloudChat.EVENT.SDK_READY, handler);
    const login = alice.login();
    await world.clock.pass(1_000);
    await login;
    expect([calls, alice.chat.isReady()]).toEqual([0, true]);
  });
});

describe('every call that needs a login', () => {
  it('rejects with 2024 without one', async () => {
    const { chat } = new World().device('alice');
    const message = chat.createTextMessage({ to: 'b', conversationType: 'C2C', payload: { text: 'x' } });
    const calls = [
      chat.sendMessage(message),
      chat.resendMessage(message),
      chat.getMessageList({ conversationID: 'C2Cb' }),
      chat.getConversationList(),
      chat.getConversationProfile('C2Cb'),
      chat.setMessageRead({ conversationID: 'C2Cb' }),
    ];
    for (const call of calls) await expect(call).rejects.toMatchObject({ code: 2024 });
    expect([chat.getTotalUnreadMessageCount(), chat.findMessage(message.ID)]).toEqual([0, null]);
  });
});
