import * as E from 'fp-ts/Either';
import * as fc from 'fast-check';
import { decodeStrict } from '../facts/decode';
import { type Configuration, defaultConfiguration } from './configuration';
import { configurationFaults } from './configuration-validity';
import { configurationCodec } from './events';
import { progressOf } from './plan';

const planned: Configuration = {
  ...defaultConfiguration,
  segments: [{ segmentId: 'firms', name: 'Firms', needs: ['delivery'], wallet: { atLeast: 0.2, below: 0.6 } }],
  plan: {
    indicators: [
      { indicator: 'retentionRate', atLeast: 0.8 },
      { indicator: 'churnRate', atMost: 0.2 },
    ],
    queues: [{ queue: 'Q1', measure: 'successRate', atLeast: 0.7 }],
    segments: [{ segmentId: 'firms', measure: 'size', atLeast: 10, atMost: 20 }],
  },
  agentGoals: [
    { measure: 'successRate', atLeast: 0.5 },
    { measure: 'successRate', agentId: 'ada', atLeast: 0.6 },
  ],
  agentTraining: [
    { agentId: 'ada', topic: 'staff_conduct', completedOn: '2026-02-03' },
    { agentId: 'ada', topic: 'staff_conduct', completedOn: '2026-05-03' },
  ],
  contactCosts: [{ channel: 'phone', costMinor: 450 }],
};

describe('the plan in the configuration (domain.md §11.7)', () => {
  it('may be left out: documents from before there was one stay as they are', () => {
    expect(decodeStrict(configurationCodec, defaultConfiguration)).toEqual(E.right(defaultConfiguration));
  });

  it('is part of the document when it is there', () => {
    expect(decodeStrict(configurationCodec, planned)).toEqual(E.right(planned));
    expect(configurationFaults(planned)).toEqual([]);
  });

  it.each<[string, Partial<Configuration>, string]>([
    ['a target without a bound', { plan: { indicators: [{ indicator: 'churnRate' }] } }, '/plan/indicators/0'],
    [
      'bounds that cross',
      { plan: { indicators: [{ indicator: 'churnRate', atLeast: 2, atMost: 1 }] } },
      '/plan/indicators/0/atMost',
    ],
    [
      'two targets for one indicator',
      {
        plan: {
          indicators: [
            { indicator: 'churnRate', atMost: 0.2 },
            { indicator: 'churnRate', atMost: 0.3 },
          ],
        },
      },
      '/plan/indicators/1',
    ],
    [
      'a target for a segment that is not there',
      { plan: { segments: [{ segmentId: 'others', measure: 'size', atLeast: 1 }] } },
      '/plan/segments/0/segmentId',
    ],
    [
      'a training that is there twice',
      {
        agentTraining: [
          { agentId: 'ada', topic: 'billing', completedOn: '2026-02-03' },
          { agentId: 'bob', topic: 'billing', completedOn: '2026-02-03' },
          { agentId: 'ada', topic: 'billing', completedOn: '2026-02-03' },
        ],
      },
      '/agentTraining/2',
    ],
    ['a goal without a bound', { agentGoals: [{ measure: 'successRate' }] }, '/agentGoals/0'],
    [
      'two costs of one channel',
      {
        contactCosts: [
          { channel: 'phone', costMinor: 1 },
          { channel: 'phone', costMinor: 2 },
        ],
      },
      '/contactCosts/1',
    ],
    [
      'a segment of no share of wallet',
      { segments: [{ segmentId: 'firms', name: 'Firms', wallet: { atLeast: 0.5, below: 0.5 } }] },
      '/segments/0/wallet',
    ],
  ])('refuses %s', (_, change, path) => {
    expect(configurationFaults({ ...planned, plan: {}, ...change }).map((fault) => fault.path)).toEqual([path]);
  });

  it.each([
    [
      'an unknown indicator',
      { plan: { indicators: [{ indicator: 'luck', atLeast: 1 }] } },
      '/plan/indicators/0/indicator',
    ],
    [
      'a training on a day that there is not',
      { agentTraining: [{ agentId: 'ada', topic: 'billing', completedOn: '2026-02-30' }] },
      '/agentTraining/0/completedOn',
    ],
    ['an unknown queue', { plan: { queues: [{ queue: 'Q9', measure: 'open', atMost: 1 }] } }, '/plan/queues/0/queue'],
  ])('refuses %s', (_, change, path) => {
    const decoded = decodeStrict(configurationCodec, { ...defaultConfiguration, ...change });
    expect(E.isLeft(decoded) && decoded.left.map((fault) => fault.path)).toEqual([path]);
  });
});

describe('a value against its target', () => {
  it.each([
    [{ atLeast: 0.75 }, 0.75, 0, true],
    [{ atLeast: 0.75 }, 0.5, -0.25, false],
    [{ atLeast: 57 }, 56.99999999999999, 0, true],
    [{ atMost: 0.3 }, 1 - 0.7, 0, true],
    [{ atMost: 3 }, 3.000001, 3 - 3.000001, false],
    [{ atMost: 10 }, 12, -2, false],
    [{ atMost: 10 }, 4, 6, true],
    [{ atLeast: 2, atMost: 10 }, 9, 1, true],
    [{ atLeast: 2 }, null, null, null],
  ])('%j and %p: distance %p, met %p', (target, value, distance, isMet) => {
    expect(progressOf(target, value)).toEqual({ ...target, value, distance, isMet });
  });

  it('is met exactly where it lies within the bounds, whatever they are', () => {
    const bound = fc.integer({ min: -100, max: 100 });
    fc.assert(
      fc.property(bound, bound, bound, (atLeast, atMost, value) => {
        expect(progressOf({ atLeast, atMost }, value).isMet).toBe(value >= atLeast && value <= atMost);
      }),
      { numRuns: 100 },
    );
  });
});
