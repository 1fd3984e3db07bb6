import type * as t from 'io-ts';
import { channel, type Channel } from '../facts/channels';
import { id, minorUnits, oneOf, real, reference } from '../facts/codec';
import { list, record } from '../facts/structure';
import { queueIds } from '../work-item/events';

const MAX_TARGETS = 1_000;

/** Indicators of the whole that a plan may set targets for (`domain.md §11.7`, §13.4). Shares are 0..1, money is in minor units. */
export const plannedIndicators = [
  'revenueMinor',
  'contributionMinor',
  'costPerContactMinor',
  'newCustomers',
  'retentionRate',
  'churnRate',
  'revenueChurnRate',
  'repeatRate',
  'crossSellRate',
  'enquiryConversion',
  'salesCycleDaysMedian',
  'referrals',
  'acquisitionCostRatio',
  'personalisedOrderShare',
  'identifiedOrderShare',
  'proactiveShare',
  'needsMetShare',
  'verifiedShare',
  'affectionShare',
  'defectionShare',
  'netPromoterScore',
  'satisfiedShare',
  'topBoxShare',
  'effortMean',
  'serviceBreachRate',
  'firstContactResolution',
  'promisesKeptRate',
  'complaintsPerThousandCustomers',
  'complaintsResolvedInTargetRate',
  'recoveryRate',
  'savedShare',
  'winBackRate',
] as const;
export type PlannedIndicator = (typeof plannedIndicators)[number];

/** What a plan may set targets for of each queue: items entered and closed in the window, successes of those worked, closed by their due. */
export const plannedQueueMeasures = ['entered', 'closed', 'successRate', 'inTimeShare', 'open'] as const;
export type PlannedQueueMeasure = (typeof plannedQueueMeasures)[number];

/** And of each segment, as in the evaluation table (`domain.md §6.4`). */
export const plannedSegmentMeasures = [
  'size',
  'reachable',
  'reachableShare',
  'totalCm365Minor',
  'meanCm365Minor',
  'responseRate',
] as const;

/** What an agent may be measured by: contacts and finished items of a day, and the share of these that were a success. */
export const agentMeasures = ['contactsPerDay', 'completedPerDay', 'successRate'] as const;
export type AgentMeasure = (typeof agentMeasures)[number];

/** A bound to be kept, both ends inclusive; one of the two, or both as a range. */
const bounds = { atLeast: real, atMost: real };

/** Plan targets of the tenant (`domain.md §11.7`, analysis and planning). A document without them has no plan. */
export const plan = record(
  {},
  {
    indicators: list(record({ indicator: oneOf(plannedIndicators) }, bounds), 0, MAX_TARGETS),
    queues: list(record({ queue: oneOf(queueIds), measure: oneOf(plannedQueueMeasures) }, bounds), 0, MAX_TARGETS),
    segments: list(record({ segmentId: id, measure: oneOf(plannedSegmentMeasures) }, bounds), 0, MAX_TARGETS),
  },
);
export type Plan = t.TypeOf<typeof plan>;

/** Goals of agents (`domain.md §12.2`, leaders of change); a goal without an agent is everybody's. */
export const agentGoals = list(
  record({ measure: oneOf(agentMeasures) }, { ...bounds, agentId: reference }),
  0,
  MAX_TARGETS,
);
export type AgentGoals = t.TypeOf<typeof agentGoals>;

/** What a contact costs by its channel, minor units of the reporting currency (`domain.md §4.4`). */
export const contactCosts = list(record({ channel, costMinor: minorUnits }), 0, 20);
export type ContactCosts = ReadonlyArray<{ readonly channel: Channel; readonly costMinor: number }>;

export interface Target {
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** A value against its target. */
export interface TargetProgress extends Target {
  readonly value: number | null;
  /** How far the value lies inside its bounds, in its own unit: negative by what is missing; null without a value. */
  readonly distance: number | null;
  readonly isMet: boolean | null;
}

/** Values are quotients: one that is exactly on its bound must not miss it by rounding. */
const ROUNDING = 1e-9;

/** Where a value stands against a target; of a range the nearer bound counts. */
export const progressOf = ({ atLeast, atMost }: Target, value: number | null): TargetProgress => {
  const bound = { ...(atLeast === undefined ? {} : { atLeast }), ...(atMost === undefined ? {} : { atMost }) };
  if (value === null) return { ...bound, value, distance: null, isMet: null };
  const inside = Math.min(
    atLeast === undefined ? Number.POSITIVE_INFINITY : value - atLeast,
    atMost === undefined ? Number.POSITIVE_INFINITY : atMost - value,
  );
  const distance = Math.abs(inside) <= ROUNDING ? 0 : inside;
  return { ...bound, value, distance, isMet: distance >= 0 };
};
