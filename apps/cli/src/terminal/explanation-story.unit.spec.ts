/**
 * What would change a zone was told from score and rules alone. Gates are looked at only when the score is reached, so
 * an indifferent customer who had never said anything was told to be a point away from affection; a gate that failed
 * "must cease", also where the time since the last change held the zone; and of a customer who objected to profiling
 * not enough was known.
 */
import type { LoyaltyView } from '@afecto/projections';
import { changeText, explanationStory } from './explanation-story';

const view = (parts: Partial<LoyaltyView>): LoyaltyView => ({
  partyId: 'p1',
  asOf: '2026-01-01T00:00:00.000Z',
  zone: 'indifference',
  previousZone: null,
  since: '2025-01-01T00:00:00.000Z',
  score: 73.9,
  S: null,
  L: null,
  quadrant: null,
  subtype: null,
  extreme: null,
  coverage: 0.35,
  confidence: 'low',
  heldBy: null,
  rules: [],
  configVersion: 0,
  families: [],
  evidence: [],
  toNext: { up: { threshold: 75, distance: 1.1 }, down: null },
  ...parts,
});
const told = (parts: Partial<LoyaltyView>): string => changeText(view(parts)).slice(2).join('\n');
const passed = (threshold: number): Pick<LoyaltyView, 'toNext'> => ({
  toNext: { up: { threshold, distance: -5 }, down: null },
});

describe('what would change a zone', () => {
  it('is more than points on the way to affection', () => {
    expect(told({})).toMatch(/^ {2}up: 1\.1 points more reach 75; affection also needs .*\(G1\).*\(G2\).*\(G3\)$/);
  });

  it('is points on the way out of defection, and a rule that ceases', () => {
    const toNext = { up: { threshold: 45, distance: 1.1 }, down: null };
    expect(told({ zone: 'defection', toNext })).toBe('  up: 1.1 points more reach 45');
    expect(told({ zone: 'defection', rules: ['H3', 'H5'], toNext })).toBe(
      '  up: 1.1 points more reach 45, and H3 and H5 must cease',
    );
  });

  it.each<[string, Partial<LoyaltyView>]>([
    ['G1 and G3 must hold', { rules: ['G1', 'G3'], ...passed(75) }],
    ['H4 must cease', { zone: 'defection', rules: ['H4'], ...passed(45) }],
    ['it waits for what holds it back', { heldBy: 'dwell', ...passed(75) }],
    ['it waits for what holds it back', { zone: 'defection', heldBy: 'dwell', rules: ['G1'], ...passed(45) }],
  ])('when the score is reached: %s', (expected, parts) => {
    expect(told(parts).split('; ')[1]).toBe(expected);
  });
});

describe('why there is no zone', () => {
  const none = { zone: 'unclassified', score: null, toNext: { up: null, down: null } } as const;

  it('is told of who objected, and what is missing of everybody else', () => {
    expect(explanationStory(view({ ...none, rules: ['objection'] }))).toMatch(
      /unclassified\?\n.*objected to profiling/,
    );
    expect(explanationStory(view(none))).toMatch(/Not enough is known/);
  });
});
