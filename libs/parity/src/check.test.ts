import { unknownRows, unprovenClaims } from './check.js';
import type { Claim } from './claims.js';
import { renderReport } from './report.js';
import { parseRows, type Row } from './rows.js';

const rows: Row[] = [
  { kind: 'sdk', name: 'login' },
  { kind: 'sdk', name: 'logout' },
];
const claim: Claim = { row: 'sdk login', file: 'libs/sdk/src/login.test.ts', title: 'logs in' };

const run = (...tests: [fullName: string, status: string][]) => ({
  testResults: [
    {
      name: '/somewhere/libs/sdk/src/login.test.ts',
      assertionResults: tests.map(([fullName, status]) => ({ fullName, status })),
    },
  ],
});

describe('the rows', () => {
  it('are read from lists and tables', () => {
    const file = {
      rest: ['v4/a/b'],
      rest_aliases: { 'v4/a/c': 'v4/a/b' },
      webhooks: [],
      sdk_methods: ['login'],
      sdk_events: { SDK_READY: 'sdkStateReady' },
      sdk_types: {},
      sdk_signaling: {},
    };
    expect(parseRows(JSON.stringify(file)).map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'rest v4/a/b',
      'alias v4/a/c',
      'sdk login',
      'event SDK_READY',
    ]);
  });

  it('are refused when a border is missing', () => {
    expect(() => parseRows('{"rest":[]}')).toThrow('rest_aliases');
  });
});

describe('the report', () => {
  it('names the proof of a row, or says open', () => {
    const report = renderReport(rows, [claim, { ...claim, title: 'another' }]);
    expect(report).toContain('| `login` | libs/sdk/src/login.test.ts: logs in |');
    expect(report).toContain('| `logout` | open |');
    expect(report).toContain('| SDK methods | 1 | 1 |');
  });
});

describe('a claim', () => {
  it('about a row that does not exist is a problem', () => {
    expect(unknownRows(rows, [claim])).toEqual([]);
    expect(unknownRows(rows, [{ ...claim, row: 'sdk lógin' }])).toHaveLength(1);
  });

  it('holds when every test with its tag passed', () => {
    const results = run(['login logs in [parity: sdk login]', 'passed'], ['another', 'failed']);
    expect(unprovenClaims([claim], results)).toEqual([]);
  });

  it.each(['failed', 'pending', 'todo', 'disabled'])('fails when a test with its tag is %s', (status) => {
    const results = run(['a [parity: sdk login]', 'passed'], ['b [parity: sdk login]', status]);
    expect(unprovenClaims([claim], results)).toHaveLength(1);
  });

  it('fails when no test with its tag ran, or only one in another file', () => {
    expect(unprovenClaims([claim], run(['logs in', 'passed']))).toHaveLength(1);
    const elsewhere = { ...claim, file: 'libs/sdk/src/logout.test.ts' };
    expect(unprovenClaims([elsewhere], run(['logs in [parity: sdk login]', 'passed']))).toHaveLength(1);
  });
});
