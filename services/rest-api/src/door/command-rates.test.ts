import { restApiConfig } from '../config.js';
import { parseFactors } from './command-rates.js';

describe('rate factors', () => {
  const { schema } = restApiConfig.fields.rateFactorByApp;

  it.each(['', '1400000001=5', '1400000001=5,1400000002=0', '1=0.5'])('take "%s"', (text) => {
    expect(schema.safeParse(text).success).toBe(true);
  });

  it.each(['5', 'app=5', '1=', '=5', '1=5,', ',1=5', '1=-1', '1=5 2=3', '01=5'])('refuse "%s"', (text) => {
    expect(schema.safeParse(text).success).toBe(false);
  });

  it('are read by app', () => {
    expect(parseFactors(2, '')).toEqual({ general: 2, byApp: new Map() });
    expect(parseFactors(1, '1400000001=5,1400000002=0')).toEqual({
      general: 1,
      byApp: new Map([
        [1_400_000_001, 5],
        [1_400_000_002, 0],
      ]),
    });
  });
});
