import { pointer } from '../facts/decode';
import type { Configuration } from './configuration';
import type { Target } from './plan';
import { businessHoursFaults } from './service-calendar';

/** Ceilings that no configuration may raise (`domain.md §10.1`, §15 ActivateConfiguration). */
const MAX_HOURS = 24;
const MAX_IMMEDIATE_SECONDS = 180;
const SUM_TOLERANCE = 1e-9;

export interface ConfigurationFault {
  /** JSON Pointer inside the configuration document. */
  readonly path: string;
  readonly message: string;
}

type Check = (configuration: Configuration) => ReadonlyArray<ConfigurationFault>;

const unless = (isRight: boolean, path: string, message: string): ReadonlyArray<ConfigurationFault> =>
  isRight ? [] : [{ path, message }];

const within = (value: number, max: number, path: string, unit: string): ReadonlyArray<ConfigurationFault> =>
  unless(value > 0 && value <= max, path, `must be more than 0 and at most ${max} ${unit}; got ${value}`);

const positiveInteger = (value: number, path: string): ReadonlyArray<ConfigurationFault> =>
  unless(Number.isInteger(value) && value >= 1, path, 'must be a whole number of 1 or more');

const sumOf = (values: Readonly<Record<string, number>>): number =>
  Object.values(values).reduce((sum, value) => sum + value, 0);

const sumsToOne = (values: Readonly<Record<string, number>>, path: string): ReadonlyArray<ConfigurationFault> => [
  ...Object.entries(values).flatMap(([key, value]) => unless(value >= 0, `${path}/${key}`, 'must not be negative')),
  ...unless(Math.abs(sumOf(values) - 1) <= SUM_TOLERANCE, path, `must sum to 1; the sum is ${sumOf(values)}`),
];

const isAscending = (values: ReadonlyArray<number>): boolean =>
  values.every((value, index) => index === 0 || value >= (values[index - 1] ?? value));

const roleHolders: Check = ({ roleHolders: holders }) =>
  Object.entries(holders).flatMap(([role, holder]) =>
    unless(holder.trim().length > 0, `/roleHolders/${role}`, 'must name a holder'),
  );

/** 0 < cutDef < cutAff < 100 and the bands must leave an indifference between them (`domain.md §7.4`). */
const zones: Check = ({
  loyalty: {
    zones: { defectionBelow, affectionFrom, band },
  },
}) => [
  ...unless(defectionBelow > 0, '/loyalty/zones/defectionBelow', 'must be more than 0'),
  ...unless(affectionFrom < 100, '/loyalty/zones/affectionFrom', 'must be less than 100'),
  ...unless(defectionBelow < affectionFrom, '/loyalty/zones/defectionBelow', `must be less than ${affectionFrom}`),
  ...unless(
    band >= 0 && band < (affectionFrom - defectionBelow) / 2,
    '/loyalty/zones/band',
    `must be 0 or more and less than half of ${affectionFrom} − ${defectionBelow}`,
  ),
];

const evidence: Check = ({ loyalty: { weights, priorWeight, attitude, experience, behaviour, matrix } }) => [
  ...sumsToOne(weights, '/loyalty/weights'),
  ...sumsToOne(behaviour.shares, '/loyalty/behaviour/shares'),
  ...unless(priorWeight > 0, '/loyalty/priorWeight', 'must be more than 0'),
  ...unless(matrix.priorWeight > 0, '/loyalty/matrix/priorWeight', 'must be more than 0'),
  ...unless(attitude.halfLifeDays > 0, '/loyalty/attitude/halfLifeDays', 'must be more than 0'),
  ...unless(experience.halfLifeDays > 0, '/loyalty/experience/halfLifeDays', 'must be more than 0'),
  ...unless(behaviour.minIpiDays > 0, '/loyalty/behaviour/minIpiDays', 'must be more than 0'),
  ...positiveInteger(behaviour.cadenceGaps, '/loyalty/behaviour/cadenceGaps'),
  ...(['csatValues', 'npsValues', 'cesValues'] as const).flatMap((scale) =>
    unless(
      isAscending(attitude[scale]),
      `/loyalty/attitude/${scale}`,
      'must not fall: a better answer never counts less',
    ),
  ),
  ...unless(
    isAscending(behaviour.recencyKnots.map(([ratio]) => ratio ?? 0)),
    '/loyalty/behaviour/recencyKnots',
    'must ascend by recency ratio',
  ),
];

const serviceLevels: Check = ({ service, complaints, queues }) => [
  ...within(service.immediateSeconds, MAX_IMMEDIATE_SECONDS, '/service/immediateSeconds', 's'),
  ...within(service.deferredHours, MAX_HOURS, '/service/deferredHours', 'h'),
  ...within(service.keepInformedHours, MAX_HOURS, '/service/keepInformedHours', 'h'),
  ...within(complaints.acknowledgeHours, MAX_HOURS, '/complaints/acknowledgeHours', 'h'),
  ...within(complaints.resolveHours, MAX_HOURS, '/complaints/resolveHours', 'h'),
  ...within(complaints.resolveHoursCritical, complaints.resolveHours, '/complaints/resolveHoursCritical', 'h'),
  ...within(queues.Q4.syncAnswerSeconds, MAX_IMMEDIATE_SECONDS, '/queues/Q4/syncAnswerSeconds', 's'),
  ...within(queues.Q4.answerHours, MAX_HOURS, '/queues/Q4/answerHours', 'h'),
  ...unless(
    isAscending([
      0,
      service.escalationShares.reminder,
      service.escalationShares.supervisor,
      service.escalationShares.manager,
      1,
    ]),
    '/service/escalationShares',
    'must ascend from reminder to manager within 0..1',
  ),
  ...unless(service.maxPauseHours >= 0, '/service/maxPauseHours', 'must not be negative'),
  ...(service.calendar === undefined ? [] : businessHoursFaults(service.calendar, '/service/calendar')),
];

const recovery: Check = ({ complaints: { notRecoveredUpTo, recoveredFrom, followUpAttempts } }) => [
  ...unless(notRecoveredUpTo < recoveredFrom, '/complaints/notRecoveredUpTo', `must be less than ${recoveredFrom}`),
  ...within(followUpAttempts, 5, '/complaints/followUpAttempts', 'attempts'),
];

const queueLimits: Check = ({ queues: { wipLimit, leaseMinutes, fifoEvery, quietHours, proactiveCaps } }) => [
  ...positiveInteger(wipLimit, '/queues/wipLimit'),
  ...positiveInteger(fifoEvery, '/queues/fifoEvery'),
  ...unless(leaseMinutes > 0, '/queues/leaseMinutes', 'must be more than 0'),
  ...(['from', 'to'] as const).flatMap((end) =>
    unless(quietHours[end] >= 0 && quietHours[end] <= 24, `/queues/quietHours/${end}`, 'must be an hour 0..24'),
  ),
  ...proactiveCaps.flatMap(({ contacts, windowDays }, index) => [
    ...positiveInteger(contacts, `/queues/proactiveCaps/${index}/contacts`),
    ...positiveInteger(windowDays, `/queues/proactiveCaps/${index}/windowDays`),
  ]),
];

const tiers: Check = ({
  value: {
    tiers: { platinumShare, goldShare },
  },
}) => [
  ...unless(platinumShare > 0, '/value/tiers/platinumShare', 'must be more than 0'),
  ...unless(goldShare >= platinumShare && goldShare <= 1, '/value/tiers/goldShare', `must be ${platinumShare}..1`),
];

const identity: Check = ({ identity: { matchWeights, reviewFrom, duplicateFrom } }) => [
  ...Object.entries(matchWeights).flatMap(([scheme, weight]) =>
    unless(weight >= 0 && weight <= 1, `/identity/matchWeights/${scheme}`, 'must be 0..1'),
  ),
  ...unless(isAscending([0, reviewFrom, duplicateFrom, 1]), '/identity/duplicateFrom', `must be ${reviewFrom}..1`),
];

/** Segments have ids of their own, and propositions are made to segments that exist (`domain.md §11.7`). */
const registries: Check = ({ segments, propositions }) => {
  const ids = segments.map(({ segmentId }) => segmentId);
  return [
    ...ids.flatMap((id, index) => unless(ids.indexOf(id) === index, `/segments/${index}/segmentId`, 'is there twice')),
    ...propositions.flatMap(({ segmentId }, index) =>
      unless(ids.includes(segmentId), `/propositions/${index}/segmentId`, `must be one of the segments`),
    ),
  ];
};

const targetFaults = (target: Target, path: string): ReadonlyArray<ConfigurationFault> => [
  ...unless(target.atLeast !== undefined || target.atMost !== undefined, path, 'must have atLeast or atMost'),
  ...unless(
    (target.atLeast ?? -Infinity) <= (target.atMost ?? Infinity),
    `${path}/atMost`,
    'must not be below atLeast',
  ),
];

/** Places of entries that say again what an earlier one says. */
const repeats = (names: ReadonlyArray<string>, path: string): ReadonlyArray<ConfigurationFault> => {
  const firstAt = new Map(names.map((name, index) => [name, index] as const).toReversed());
  return names.flatMap((name, index) => unless(firstAt.get(name) === index, `${path}/${index}`, 'is there twice'));
};

/** Targets have a bound, one target each, and segments that exist (`domain.md §11.7`). */
const plans: Check = ({ plan = {}, agentGoals = [], contactCosts = [], segments }) => {
  const { indicators = [], queues = [], segments: planned = [] } = plan;
  const ids = segments.map(({ segmentId }) => segmentId);
  return [
    ...indicators.flatMap((target, index) => targetFaults(target, `/plan/indicators/${index}`)),
    ...repeats(
      indicators.map(({ indicator }) => indicator),
      '/plan/indicators',
    ),
    ...queues.flatMap((target, index) => targetFaults(target, `/plan/queues/${index}`)),
    ...repeats(
      queues.map(({ queue, measure }) => `${queue} ${measure}`),
      '/plan/queues',
    ),
    ...planned.flatMap((target, index) => [
      ...targetFaults(target, `/plan/segments/${index}`),
      ...unless(ids.includes(target.segmentId), `/plan/segments/${index}/segmentId`, 'must be one of the segments'),
    ]),
    ...repeats(
      planned.map(({ segmentId, measure }) => `${segmentId} ${measure}`),
      '/plan/segments',
    ),
    ...agentGoals.flatMap((goal, index) => targetFaults(goal, `/agentGoals/${index}`)),
    ...repeats(
      agentGoals.map(({ agentId = '', measure }) => `${measure} ${agentId}`),
      '/agentGoals',
    ),
    ...repeats(
      contactCosts.map(({ channel }) => channel),
      '/contactCosts',
    ),
  ];
};

/** A wallet has a bound, and the bounds leave something between them. */
const wallets: Check = ({ segments }) =>
  segments.flatMap(({ wallet }, index) =>
    wallet === undefined
      ? []
      : unless(
          (wallet.atLeast ?? 0) < (wallet.below ?? 2) && (wallet.atLeast ?? wallet.below) !== undefined,
          `/segments/${index}/wallet`,
          'must have atLeast or below, atLeast less than below',
        ),
  );

/** A training is said once (`domain.md §9.1`). */
const trainings: Check = ({ agentTraining = [] }) =>
  repeats(
    agentTraining.map(({ agentId, topic, completedOn }) => JSON.stringify([agentId, topic, completedOn])),
    '/agentTraining',
  );

/** One rule a programme, and each gives something (`domain.md §8.2`). */
const points: Check = ({ pointsRules = [] }) => [
  ...repeats(
    pointsRules.map(({ programId }) => programId),
    '/pointsRules',
  ),
  ...pointsRules.flatMap(({ pointsPerOrder, minorPerPoint }, index) =>
    unless(
      pointsPerOrder > 0 || minorPerPoint !== undefined,
      `/pointsRules/${index}`,
      'must have minorPerPoint, or pointsPerOrder of 1 or more',
    ),
  ),
];

/** Names are not forgotten before what was said under them (`domain.md §17.9`). */
const retention: Check = ({ privacy: { retention: { contentDays, identityDays } = {} } }) =>
  contentDays === undefined || identityDays === undefined
    ? []
    : unless(
        contentDays <= identityDays,
        '/privacy/retention/contentDays',
        `must be at most identityDays, which is ${identityDays}; got ${contentDays}`,
      );

/** Longer than any business is old, and short enough that no instant leaves the calendar: 2 738 years. */
const MAX_DAYS = 1_000_000;
/** What counts as now is at most a day ahead of the clock, and never behind it. */
const MAX_TOLERANCE_MINUTES = 1_440;

/** What a number may be, by the unit that the end of its key names. */
const boundsOf = (key: string): { readonly min: number; readonly max: number } => {
  if (key === 'futureToleranceMinutes') return { min: 0, max: MAX_TOLERANCE_MINUTES };
  if (/days/i.test(key)) return { min: 0, max: MAX_DAYS };
  if (/hours/i.test(key)) return { min: 0, max: MAX_DAYS * 24 };
  if (/minutes/i.test(key)) return { min: 0, max: MAX_DAYS * 1_440 };
  if (/seconds/i.test(key)) return { min: 0, max: MAX_DAYS * 86_400 };
  return { min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER };
};

const numberFaults = (value: unknown, key: string, path: string): ReadonlyArray<ConfigurationFault> => {
  if (typeof value === 'number') {
    const { min, max } = boundsOf(key);
    return unless(value >= min && value <= max, path, `must be ${min}..${max}; got ${value}`);
  }
  if (typeof value !== 'object' || value === null) return [];
  const isList = Array.isArray(value);
  return Object.entries(value).flatMap(([name, member]) =>
    numberFaults(member, isList ? key : name, `${path}${pointer([name])}`),
  );
};

/** No number is so large that an instant, an age or a sum that is made with it is none any more. */
const numbers: Check = (configuration) => numberFaults(configuration, '', '');

const checks: ReadonlyArray<Check> = [
  numbers,
  roleHolders,
  evidence,
  zones,
  serviceLevels,
  recovery,
  queueLimits,
  tiers,
  identity,
  registries,
  wallets,
  plans,
  trainings,
  points,
  retention,
];

/** Everything that is wrong with a document of the right structure (`domain.md §15`, ActivateConfiguration). */
export const configurationFaults = (configuration: Configuration): ReadonlyArray<ConfigurationFault> =>
  checks.flatMap((check) => check(configuration));
