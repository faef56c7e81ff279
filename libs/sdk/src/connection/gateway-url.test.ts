import { defaultGatewayUrl, toGatewayUrl } from './gateway-url.js';

describe('toGatewayUrl', () => {
  it.each([
    ['ws://chat.example.com', 'ws://chat.example.com/v1/ws'],
    ['wss://chat.example.com/', 'wss://chat.example.com/v1/ws'],
    ['wss://chat.example.com/im/v1/ws', 'wss://chat.example.com/im/v1/ws'],
    ['ws://[::1]:8081', 'ws://[::1]:8081/v1/ws'],
    ['10.0.0.1:8081', 'ws://10.0.0.1:8081/v1/ws'],
  ])('%s is %s', (address, url) => {
    expect(toGatewayUrl(address)).toBe(url);
  });

  it('takes the scheme that is missing from the known address', () => {
    expect(toGatewayUrl('g2.example.com', 'wss://g1.example.com/v1/ws')).toBe('wss://g2.example.com/v1/ws');
  });

  it.each(['', 'http://chat.example.com', 'a b', 'ws://'])('%p is none', (address) => {
    expect(toGatewayUrl(address)).toBeUndefined();
  });

  it('is the local gateway outside a page', () => {
    expect(defaultGatewayUrl()).toBe('ws://127.0.0.1:8081/v1/ws');
  });
});
