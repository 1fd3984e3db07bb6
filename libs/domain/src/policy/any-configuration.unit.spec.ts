/**
 * What the command lets in must fold whatever happens: the checks once looked at some numbers only, and with
 * others (1e300 days, half a gap) the fold of every customer threw.
 */
import * as E from 'fp-ts/Either';
import * as fc from 'fast-check';
import { arbitraryHistory, arbitraryUntil } from '../customer/arbitrary-history';
import { fact } from '../customer/fact-builder';
import { foldCustomer } from '../customer/fold';
import { arbitraryFactOf, EPOCH } from '../facts/arbitrary';
import { decodeStrict } from '../facts/decode';
import { isRecord } from '../facts/structure';
import { toIso } from '../time/calendar';
import { type Configuration, defaultConfiguration } from './configuration';
import { configurationFaults } from './configuration-validity';
import { configurationCodec } from './events';
import { regimeOf } from './fold-regime';

type Path = ReadonlyArray<string>;

const numbersIn = (value: unknown, path: Path): ReadonlyArray<Path> => {
  if (typeof value === 'number') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => numbersIn(member, [...path, key]));
};

const withNumber = (value: unknown, [key, ...rest]: Path, number: number): unknown => {
  if (key === undefined) return number;
  if (Array.isArray(value)) {
    const list: ReadonlyArray<unknown> = value;
    return list.map((member, index) => (String(index) === key ? withNumber(member, rest, number) : member));
  }
  return isRecord(value) ? { ...value, [key]: withNumber(value[key], rest, number) } : value;
};

const edges = [0, 1, -1, 0.5, Number.MIN_VALUE, 1e6, 2.4e7, 1.44e9, Number.MAX_SAFE_INTEGER, 1e300, -1e300];

const change = fc.record({
  path: fc.constantFrom(...numbersIn(defaultConfiguration, [])),
  number: fc.constantFrom(...edges),
});

const soundAfter = (configuration: Configuration, { path, number }: { path: Path; number: number }): Configuration => {
  const made = decodeStrict(configurationCodec, withNumber(configuration, path, number));
  return E.isRight(made) && configurationFaults(made.right).length === 0 ? made.right : configuration;
};

describe('any configuration that the command lets in', () => {
  it('folds any history', () => {
    // A customer without a fact by then has no fold.
    const histories = arbitraryHistory.filter(({ facts }) => facts.some(({ occurredAt }) => occurredAt === EPOCH));
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 4, maxLength: 16 }),
        histories,
        arbitraryUntil,
        (changes, history, until) => {
          const config = changes.reduce(soundAfter, { ...defaultConfiguration, version: 1 });
          const activated = fact('ConfigurationActivated', 0, { version: 1, effectiveFrom: toIso(EPOCH), config });
          expect(() => foldCustomer(history, regimeOf([activated]), until)).not.toThrow();
        },
      ),
      { numRuns: 150 },
    );
  });

  it('is judged whatever it says', () => {
    fc.assert(
      fc.property(arbitraryFactOf(['ConfigurationActivated']), change, ({ data }, { path, number }) => {
        const config = 'config' in data ? withNumber(data.config, path, number) : null;
        const made = decodeStrict(configurationCodec, config);
        if (E.isRight(made)) expect(Array.isArray(configurationFaults(made.right))).toBe(true);
      }),
      { numRuns: 50 },
    );
  });
});
