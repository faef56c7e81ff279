import { claimsIn } from './claims.js';

const claimsOf = (source: string) =>
  claimsIn(source, 'libs/x/src/x.test.ts').map(({ row, title }) => `${row} | ${title}`);

describe('claims of a test file', () => {
  it('come from the titles of tests, also of tables and templates', () => {
    expect(
      claimsOf(`
        it('logs in [parity: sdk login]', () => {});
        test.each([1, 2])('sends %d [parity: rest v4/openim/sendmsg, event:SDK_READY]', () => {});
        it(\`says \${word} [parity: type MSG_TEXT]\`, () => {});
      `),
    ).toEqual([
      'sdk login | logs in',
      'rest v4/openim/sendmsg | sends %d',
      'event SDK_READY | sends %d',
      'type MSG_TEXT | says …',
    ]);
  });

  it('come from a describe that holds a test', () => {
    expect(claimsOf(`describe('login [parity: sdk login]', () => { it('works', () => {}); });`)).toEqual([
      'sdk login | login',
    ]);
  });

  it('do not come from comments, other strings or empty describes', () => {
    expect(
      claimsOf(`
        // it('logs in [parity: sdk login]', () => {});
        const title = '[parity: sdk login]';
        describe('login [parity: sdk login]', () => {});
        expect('[parity: sdk login]').toBe(title);
      `),
    ).toEqual([]);
  });

  it.each([
    `it.skip('a [parity: sdk login]', () => {});`,
    `it.todo('a [parity: sdk login]');`,
    `xit('a [parity: sdk login]', () => {});`,
    `describe.skip('a', () => { it('b [parity: sdk login]', () => {}); });`,
    `xdescribe('a [parity: sdk login]', () => { it('b', () => {}); });`,
    `describe('a [parity: sdk login]', () => { it.skip('b', () => {}); });`,
    `describe.skip('a [parity: sdk login]', () => { describe('c', () => { it('b', () => {}); }); });`,
  ])('do not come from what is skipped (%#)', (source) => {
    expect(claimsOf(source)).toEqual([]);
  });

  it.each(['[parity: login]', '[parity: nothing login]', '[parity: ]'])(
    'reject a malformed tag (%#)',
    (tag) => {
      expect(() => claimsOf(`it('a ${tag}', () => {});`)).toThrow('malformed parity tag');
    },
  );
});
