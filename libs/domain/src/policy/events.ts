import type * as t from 'io-ts';
import {
  code,
  type Codec,
  currency,
  fraction,
  id,
  instant,
  integer,
  minorUnits,
  number,
  oneOf,
  real,
  reference,
  signedMinorUnits,
  string,
  timeZone,
} from '../facts/codec';
import { documentLike } from '../facts/likeness';
import { dictionary, list, nullable, record } from '../facts/structure';
import { partyKinds } from '../party/events';
import { agentTraining } from './agent-training';
import { type Configuration, defaultConfiguration } from './configuration';
import { retentionPeriods } from '../privacy/retention-periods';
import { agentGoals, contactCosts, plan } from './plan';
import { pointsRules } from './points-rules';
import { businessHours } from './service-calendar';

const MAX_SEGMENTS = 1_000;
const MAX_NEEDS = 200;
const MAX_ROLES = 100;
const MAX_NAMED_AGENT_MINUTES = 1_440;
const count = integer(0, Number.MAX_SAFE_INTEGER);
const days = number(0, 1_000_000);

/** A list that is absent means "any" (`domain.md §6.4`). */
const segmentDefinition = record(
  { segmentId: id, name: string(1, 200) },
  {
    phases: list(code, 0, 20),
    kinds: list(oneOf(partyKinds), 0, partyKinds.length),
    tiers: list(code, 0, 20),
    zones: list(code, 0, 20),
    needs: list(code, 0, MAX_NEEDS),
    wallet: record({}, { atLeast: fraction, below: fraction }),
  },
);

const proposition = record({ propositionId: id, segmentId: id, statement: code });

const serviceShape = documentLike(defaultConfiguration.service).shape;
/** The service levels, with a calendar or without: documents from before there was one stay as they are. */
const service = record(serviceShape.kind === 'record' ? serviceShape.required : {}, { calendar: businessHours });

const queuesShape = documentLike(defaultConfiguration.queues).shape;
/** The queues, with the time that work waits for a known agent or without. */
const queues = record(queuesShape.kind === 'record' ? queuesShape.required : {}, {
  namedAgentMinutes: number(0, MAX_NAMED_AGENT_MINUTES),
});

const privacyShape = documentLike(defaultConfiguration.privacy).shape;
/** Legal holds, with periods after which personal data go or without. */
const privacy = record(privacyShape.kind === 'record' ? privacyShape.required : {}, { retention: retentionPeriods });

const permissionsShape = documentLike(defaultConfiguration.commands.permissions).shape;
const { ErasePersonalData: mayErase = list(code, 0, MAX_ROLES), ...mayDoTheRest } =
  permissionsShape.kind === 'record' ? permissionsShape.required : {};
/** Who may do what; documents from before there was a command stay as they are. */
const permissions = record(mayDoTheRest, { ErasePersonalData: mayErase });

const sections = documentLike(defaultConfiguration, {
  '/version': integer(0, Number.MAX_SAFE_INTEGER),
  '/tenant/timeZone': timeZone,
  '/tenant/reportingCurrency': currency,
  '/service': service,
  '/commands/permissions': permissions,
  '/queues': queues,
  '/privacy': privacy,
  '/segments': list(segmentDefinition, 0, MAX_SEGMENTS),
  '/propositions': list(proposition, 0, MAX_SEGMENTS),
}).shape;

/** What a document may have beside the sections of the default one: those from before there was any stay as they are. */
const optionalSections = { plan, agentGoals, agentTraining, contactCosts, pointsRules, valueStatement: code };

/** A complete configuration document, of the structure of the default one. */
export const configurationCodec: Codec<Configuration> = documentLike<Configuration>(defaultConfiguration, {
  '': record(sections.kind === 'record' ? sections.required : {}, optionalSections),
});

/** A change programme with the fields that `domain.md §12.2` (transformation steps) makes mandatory. */
export const initiative = record({
  initiativeId: id,
  vision: code,
  /** KPI → its value when the initiative started. */
  baseline: dictionary(real, 200),
  concept: record({
    what: code,
    why: code,
    how: code,
    when: code,
    who: code,
    priority: integer(1, 5),
    costMinor: minorUnits,
  }),
  development: record({
    startsAt: instant,
    endsAt: instant,
    owners: list(reference, 1, 50),
    /** `metAt`: a later activation states the initiative anew, with what has been met since. */
    controlPoints: list(record({ controlPoint: code, dueAt: instant, owner: reference }, { metAt: instant }), 1, 100),
    criticalSuccessFactors: list(code, 1, 50),
  }),
  implementation: record({ followUp: code }),
});
export type Initiative = t.TypeOf<typeof initiative>;

export const ConfigurationActivated = record(
  { version: integer(1, Number.MAX_SAFE_INTEGER), effectiveFrom: instant, config: configurationCodec },
  { initiative },
);
export type ConfigurationActivated = t.TypeOf<typeof ConfigurationActivated>;

/** q20, q40, q60, q80; null when the base was empty. */
const cutPoints = nullable(list(real, 4, 4));
/** The last party that was inside the tier, in the order of the ranking (`domain.md §6.5`). */
const tierCut = nullable(record({ cm365Minor: signedMinorUnits, longevityDays: days, partyId: id }));
const positive = number(Number.MIN_VALUE, Number.MAX_VALUE);

/**
 * Numbers over all customers, frozen so that one party's projection stays a function of its own
 * facts (`domain.md §1`). Amounts in the reporting currency; `meanCm365Minor` is a mean and may be
 * fractional. `LL` is the log-likelihood at the fit (`§13.1`, `§13.2`).
 */
export const PortfolioReviewed = record(
  {
    asOf: instant,
    baseSize: count,
    rfmCuts: record({ r: cutPoints, f: cutPoints, m: cutPoints }),
    tierCuts: record({ platinum: tierCut, gold: tierCut }),
    heavyCut: nullable(record({ m365Minor: signedMinorUnits, partyId: id })),
    medianIpiDays: nullable(days),
    segmentStats: list(record({ segmentId: id, size: count, reachable: count, meanCm365Minor: real }), 0, MAX_SEGMENTS),
  },
  {
    bgnbd: record({ r: positive, alpha: positive, a: positive, b: positive, n: count, LL: real }),
    gammaGamma: record({ p: positive, q: positive, v: positive, n: count, LL: real }),
  },
);
export type PortfolioReviewed = t.TypeOf<typeof PortfolioReviewed>;
