import * as fc from 'fast-check';
import type { Zone } from '../customer/standing';
import { arbitraryEvidence, arbitraryGiven } from './arbitrary-evidence';
import { day, evidenceOf, type Given, ORIGIN, plainPolicy as policy } from './evidence-builder';
import { assess, evaluateLoyalty, explain, initialLoyalty } from './index';

const rank: Readonly<Record<Zone, number>> = { unclassified: -1, defection: 0, indifference: 1, affection: 2 };
const ahead = fc.integer({ min: 0, max: 800 }).map(day);

describe('properties of the zones (domain.md §7.7)', () => {
  it('the score lies strictly inside 0..100', () => {
    fc.assert(
      fc.property(arbitraryEvidence, ahead, (evidence, asOf) => {
        const { score, coverage } = assess(evidence, policy, asOf);
        if (score === null) return coverage === 0;
        return score > 0 && score < 100 && coverage > 0 && coverage <= 1 + 1e-12;
      }),
      { numRuns: 500 },
    );
  });

  it('raising any single survey answer never lowers the score', () => {
    const withSurvey = arbitraryGiven.filter(({ surveys }) => (surveys ?? []).length > 0);
    fc.assert(
      fc.property(withSurvey, fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), ahead, (given, pick, by, asOf) => {
        const surveys = given.surveys ?? [];
        const raised = surveys.map((survey, index) => {
          if (index !== pick % surveys.length) return survey;
          const most = survey.instrument === 'nps' ? 10 : survey.instrument === 'ces' ? 7 : 5;
          return { ...survey, score: survey.score + by * (most - survey.score) };
        });
        const before = assess(evidenceOf(given), policy, asOf).score;
        const after = assess(evidenceOf({ ...given, surveys: raised }), policy, asOf).score;
        return before === null || after === null ? before === after : after >= before - 1e-9;
      }),
      { numRuns: 500 },
    );
  });

  it('a zone never rises by two steps in one evaluation', () => {
    fc.assert(
      fc.property(arbitraryEvidence, arbitraryEvidence, ahead, (before, after, asOf) => {
        const from = evaluateLoyalty(before, initialLoyalty, policy, ORIGIN, []);
        const to = evaluateLoyalty(after, from, policy, asOf, []);
        return from.zone === 'unclassified' || rank[to.zone] - rank[from.zone] <= 1;
      }),
      { numRuns: 500 },
    );
  });

  // coverage: 86
  it('behaviour and ties alone never give affection', () => {
    const silent = arbitraryGiven.map((given): Given => {
      const { orders = [], referrals = [], memberships = [], bonds = [], wallets = [], rewards = [] } = given;
      const plain = orders.map(({ placedAt }) => ({ placedAt }));
      return { orders: plain, referrals, memberships, bonds, wallets, rewards };
    });
    fc.assert(
      fc.property(silent, ahead, (given, asOf) => {
        const standing = evaluateLoyalty(evidenceOf(given), initialLoyalty, policy, asOf, []);
        return standing.zone !== 'affection';
      }),
      { numRuns: 300 },
    );
  });

  it('the points explain the score: of all families, and of the evidence of each family', () => {
    fc.assert(
      fc.property(arbitraryEvidence, ahead, (evidence, asOf) => {
        const standing = evaluateLoyalty(evidence, initialLoyalty, policy, asOf, []);
        const explanation = explain(evidence, standing, policy, asOf);
        const inAll = explanation.families.reduce((sum, { points }) => sum + points, 0);
        expect(Math.abs(inAll - ((explanation.score ?? 50) - 50))).toBeLessThan(1e-9);
        for (const { family, points } of explanation.families) {
          const lines = explanation.evidence.filter((line) => line.family === family);
          const sum = lines.reduce((total, line) => total + line.points, 0);
          expect(Math.abs(sum - points)).toBeLessThan(1e-9);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('an evaluation repeated at the same instant changes nothing', () => {
    fc.assert(
      fc.property(arbitraryEvidence, ahead, (evidence, asOf) => {
        const once = evaluateLoyalty(evidence, initialLoyalty, policy, asOf, []);
        return evaluateLoyalty(evidence, once, policy, asOf, []) === once;
      }),
      { numRuns: 300 },
    );
  });
});
