import type { Instant } from '@afecto/domain';
import { causesOf } from '../complaints/causes';
import { reasonsOf } from '../defection/figures';
import {
  dayOf,
  DEFAULT_WINDOW_DAYS,
  type Figures,
  type FiguresQuestion,
  isAsked,
  type JsonObject,
} from '../figures/definition';
import { isoOrNull } from '../iso';
import { dateOf } from '../tally/months';
import { verbatimsIn } from '../voice/figures';
import { type PropositionChange, propositionChanges } from './history';

/** At most so many versions are traced, the newest of the window. */
const TRACED = 12;

/** Why customers left and complained in some days, the most frequent first, and how many said something in words. */
const reasonsIn = async ({ readModels }: FiguresQuestion, days: FiguresQuestion['days']): Promise<JsonObject> => {
  const reasons = await reasonsOf({ readModels, days });
  return {
    from: dateOf(days.from),
    to: dateOf(days.to),
    defection: reasons.map(({ reason = null, count = null, share = null }) => ({ reason, count, share })),
    complaints: await causesOf({ readModels, days }),
    verbatims: await verbatimsIn({ readModels, days }),
  };
};

const described = ({ propositionId, change, before, after }: PropositionChange): JsonObject => ({
  propositionId,
  change,
  before: before === null ? null : { segmentId: before.segmentId, statement: before.statement },
  after: after === null ? null : { segmentId: after.segmentId, statement: after.statement },
});

const traced = async (
  question: FiguresQuestion,
  from: Instant,
  changes: ReadonlyArray<PropositionChange>,
): Promise<JsonObject> => {
  const { policy, asOf } = question;
  const day = dayOf(from, policy);
  const last = Math.min(dayOf(asOf, policy), day + DEFAULT_WINDOW_DAYS - 1);
  return {
    version: changes[0]?.version ?? null,
    effectiveFrom: isoOrNull(from),
    propositions: changes.map(described),
    before: await reasonsIn(question, { from: day - DEFAULT_WINDOW_DAYS, to: day - 1 }),
    since: await reasonsIn(question, { from: day, to: last }),
  };
};

/**
 * From reasons to propositions (PR20, `domain.md §18`, 150): each version of the configuration that came
 * into force in the window and changed a proposition, with the reasons to leave and to complain, and the survey
 * answers in words, of the 365 days before it, and of those since, at most as many.
 */
export const propositionFigures: Figures = {
  code: 'PR20',
  name: 'propositions',
  title: 'Versions that changed a proposition, with the reasons to leave and to complain before and since',
  read: async (question) => {
    const { regime, asOf, policy, days } = question;
    const changes = propositionChanges(regime, asOf);
    const versions = [...Map.groupBy(changes, ({ from }) => from)]
      .filter(([from]) => {
        const day = dayOf(from, policy);
        return day >= days.from && day <= days.to;
      })
      .slice(-TRACED);
    const { propositions } = policy.configuration;
    return {
      propositions: propositions.map(({ propositionId, segmentId, statement }) => {
        const own = changes.filter((change) => change.propositionId === propositionId);
        return {
          propositionId,
          segmentId,
          statement,
          version: own.at(-1)?.version ?? null,
          since: isoOrNull(own.at(-1)?.from ?? null),
          versions: own.length,
        };
      }),
      ...(isAsked(question, 'versions')
        ? { versions: await Promise.all(versions.map(([from, of]) => traced(question, from, of))) }
        : {}),
    };
  },
};
