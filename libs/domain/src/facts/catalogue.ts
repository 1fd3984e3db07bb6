import * as E from 'fp-ts/Either';
import type * as t from 'io-ts';
import {
  BondEstablished,
  CostToServeRecorded,
  SwitchingBarrierSet,
  WalletReported,
  WordOfMouthObserved,
} from '../account/events';
import { CampaignLaunched } from '../campaign/events';
import {
  CompensationGranted,
  ComplaintAcknowledged,
  ComplaintFollowedUp,
  ComplaintReceived,
  ComplaintResolved,
} from '../complaint/events';
import { ConsentGranted, ConsentWithdrawn } from '../consent/events';
import { DefectionDiagnosed, DefectionNoticeReceived, RetentionMeasureTaken } from '../defection/events';
import { EnquiryClosed, EnquiryReceived } from '../enquiry/events';
import { ServiceFailureDetected } from '../failure/events';
import { InteractionRecorded } from '../interaction/events';
import { MembershipEnrolled, RewardGranted } from '../membership/events';
import { OfferAnswered, OfferMade } from '../offer/events';
import { OrderFulfilled, OrderPlaced, OrderReversed } from '../order/events';
import {
  PartiesMerged,
  PartiesSeparated,
  PartyIdentified,
  PartyRegistered,
  PartyRoleAssigned,
  PreferenceRecorded,
} from '../party/events';
import { ConfigurationActivated, PortfolioReviewed } from '../policy/events';
import { DataSubjectRequestFulfilled, DataSubjectRequestReceived, PersonalDataErased } from '../privacy/events';
import { PromiseMade, PromiseSettled } from '../promise/events';
import { ReferralMade } from '../referral/events';
import {
  ServiceRequestEscalated,
  ServiceRequestOpened,
  ServiceRequestPaused,
  ServiceRequestReopened,
  ServiceRequestResolved,
  ServiceRequestResumed,
} from '../service-request/events';
import { SurveyAnswered } from '../survey/events';
import { WorkItemClaimed, WorkItemCompleted, WorkItemReleased } from '../work-item/events';
import type { AnyCodec } from './codec';
import type { FieldError } from './decode';
import { isRecord } from './structure';

/** Where facts of a type lie: the prefix and the payload field that completes it. */
export interface StreamRule {
  readonly prefix: string;
  readonly key: string;
}

/** One row of the catalogue (`domain.md §14.1`). */
export interface CatalogueEntry<C extends AnyCodec = AnyCodec> {
  readonly codec: C;
  readonly schemaVersion: number;
  /** The first rule whose key the payload has decides; none means the one stream `policy`. */
  readonly streams: ReadonlyArray<StreamRule>;
  /** The fact opens its stream: a sender that gives no own id gets the fact's (`interfaces.md`, Facts in). */
  readonly opensStream: boolean;
}

const row = <C extends AnyCodec>(
  codec: C,
  streams: ReadonlyArray<StreamRule>,
  { schemaVersion = 1, opensStream = false }: { schemaVersion?: number; opensStream?: boolean } = {},
): CatalogueEntry<C> => ({ codec, schemaVersion, streams, opensStream });

const stream = (prefix: string, key: string): ReadonlyArray<StreamRule> => [{ prefix, key }];

const party = stream('party-', 'partyId');
const mergedParty = stream('party-', 'survivorId');
const campaign = stream('campaign-', 'campaignId');
const enquiry = stream('enquiry-', 'enquiryId');
const offer = stream('offer-', 'offerId');
const interaction = stream('interaction-', 'interactionId');
const order = stream('order-', 'orderId');
const account = stream('account-', 'partyId');
const request = stream('request-', 'requestId');
const failure = stream('failure-', 'failureId');
const promise = stream('promise-', 'promiseId');
const complaint = stream('complaint-', 'complaintId');
const survey = stream('survey-', 'surveyId');
const referral = stream('referral-', 'referralId');
const membership = stream('membership-', 'membershipId');
const workItem = stream('workitem-', 'itemId');
const opens = { opensStream: true };

/** Every fact that the system knows, in the order of `domain.md §14.1`. */
export const catalogue = {
  PartyRegistered: row(PartyRegistered, party),
  PartyIdentified: row(PartyIdentified, party),
  PartiesMerged: row(PartiesMerged, mergedParty),
  PartiesSeparated: row(PartiesSeparated, mergedParty),
  PartyRoleAssigned: row(PartyRoleAssigned, party),
  PreferenceRecorded: row(PreferenceRecorded, party),
  ConsentGranted: row(ConsentGranted, party),
  ConsentWithdrawn: row(ConsentWithdrawn, party),
  DataSubjectRequestReceived: row(DataSubjectRequestReceived, party),
  DataSubjectRequestFulfilled: row(DataSubjectRequestFulfilled, party),
  PersonalDataErased: row(PersonalDataErased, party),
  CampaignLaunched: row(CampaignLaunched, campaign, opens),
  EnquiryReceived: row(EnquiryReceived, enquiry, opens),
  EnquiryClosed: row(EnquiryClosed, enquiry),
  OfferMade: row(OfferMade, offer, opens),
  OfferAnswered: row(OfferAnswered, offer),
  InteractionRecorded: row(InteractionRecorded, interaction, opens),
  OrderPlaced: row(OrderPlaced, order, { schemaVersion: 2, opensStream: true }),
  OrderFulfilled: row(OrderFulfilled, order),
  OrderReversed: row(OrderReversed, order),
  CostToServeRecorded: row(CostToServeRecorded, account),
  WalletReported: row(WalletReported, account),
  ServiceRequestOpened: row(ServiceRequestOpened, request, opens),
  ServiceRequestEscalated: row(ServiceRequestEscalated, request),
  ServiceRequestPaused: row(ServiceRequestPaused, request),
  ServiceRequestResumed: row(ServiceRequestResumed, request),
  ServiceRequestResolved: row(ServiceRequestResolved, request),
  ServiceRequestReopened: row(ServiceRequestReopened, request),
  ServiceFailureDetected: row(ServiceFailureDetected, failure, opens),
  PromiseMade: row(PromiseMade, promise, opens),
  PromiseSettled: row(PromiseSettled, promise),
  ComplaintReceived: row(ComplaintReceived, complaint, opens),
  ComplaintAcknowledged: row(ComplaintAcknowledged, complaint),
  CompensationGranted: row(CompensationGranted, [...complaint, ...account]),
  ComplaintResolved: row(ComplaintResolved, complaint),
  ComplaintFollowedUp: row(ComplaintFollowedUp, complaint),
  SurveyAnswered: row(SurveyAnswered, survey, opens),
  ReferralMade: row(ReferralMade, referral, opens),
  WordOfMouthObserved: row(WordOfMouthObserved, account),
  MembershipEnrolled: row(MembershipEnrolled, membership, opens),
  RewardGranted: row(RewardGranted, [...membership, ...account]),
  BondEstablished: row(BondEstablished, account),
  SwitchingBarrierSet: row(SwitchingBarrierSet, account),
  DefectionNoticeReceived: row(DefectionNoticeReceived, account),
  DefectionDiagnosed: row(DefectionDiagnosed, account),
  RetentionMeasureTaken: row(RetentionMeasureTaken, account),
  WorkItemClaimed: row(WorkItemClaimed, workItem),
  WorkItemReleased: row(WorkItemReleased, workItem),
  WorkItemCompleted: row(WorkItemCompleted, workItem),
  ConfigurationActivated: row(ConfigurationActivated, []),
  PortfolioReviewed: row(PortfolioReviewed, []),
};

export type FactType = keyof typeof catalogue;
/** Payload of each fact type. */
export type FactData = { readonly [T in FactType]: t.TypeOf<(typeof catalogue)[T]['codec']> };

/** All fact types, in the order of the catalogue. */
export const factTypes = Object.keys(catalogue) as ReadonlyArray<FactType>;

export const isFactType = (type: string): type is FactType => Object.hasOwn(catalogue, type);

/** The row of a type, without its static payload type. */
export const catalogueEntry = (type: FactType): CatalogueEntry => catalogue[type];

/** Facts about no party: of the policy and of campaigns. Their `subjects` are empty. */
export const globalFactTypes: ReadonlySet<FactType> = new Set<FactType>([
  'ConfigurationActivated',
  'PortfolioReviewed',
  'CampaignLaunched',
]);

const member = (data: unknown, key: string): unknown => (isRecord(data) ? data[key] : undefined);

/** The stream of configuration and reviews. */
export const POLICY_STREAM = 'policy';

/**
 * The stream of a fact (`domain.md §14.1`, column Stream): by the payload's own id, else by
 * `fallbackId` (`interfaces.md`, Facts in).
 */
export const streamOf = (type: FactType, data: unknown, fallbackId: string): string => {
  const { streams } = catalogueEntry(type);
  for (const { prefix, key } of streams) {
    const value = member(data, key);
    if (typeof value === 'string') return prefix + value;
  }
  const [first] = streams;
  return first ? first.prefix + fallbackId : POLICY_STREAM;
};

/** Payload fields that name parties, in the order in which they become subjects. */
export const partyFields = [
  'partyId',
  'partyIds',
  'survivorId',
  'absorbedId',
  'separatedId',
  'referrerId',
  'referredId',
  'beneficiaryId',
  'actingPartyId',
  'counterpartyId',
] as const;

const MAX_SUBJECTS = 8;

/** The parties that a payload names, each once. */
const partiesNamedIn = (data: unknown): Set<string> => {
  const named = new Set<string>();
  for (const field of partyFields) {
    const value = member(data, field);
    if (typeof value === 'string') named.add(value);
    else if (Array.isArray(value)) for (const one of value) if (typeof one === 'string') named.add(one);
  }
  return named;
};

/**
 * What is wrong with the parties that a sender lists by himself (`subjects`); null: nothing. Further ones may
 * be listed, but of whomever the payload names the fact is one: left out, it would reach another's profile.
 */
export const listedSubjectsFault = (
  type: FactType,
  data: unknown,
  subjects: ReadonlyArray<string>,
): FieldError | null => {
  const path = '/subjects';
  if (globalFactTypes.has(type))
    return subjects.length === 0 ? null : { path, message: `must be left out; ${type} is about no party` };
  const [missing] = [...partiesNamedIn(data)].filter((partyId) => !subjects.includes(partyId));
  if (missing !== undefined) return { path, message: `must list ${missing}, whom the payload names` };
  return subjects.length > 0 ? null : { path, message: `must list 1..${MAX_SUBJECTS} parties; ${type} is about some` };
};

/**
 * The parties that a fact is about (`domain.md §1`, subjects: 1..8): the `subject` attribute first,
 * then the party fields of the payload, each once. Global facts have none. A payload of a follow-up
 * fact names no party, so there the attribute is needed.
 */
export const subjectsOf = (
  type: FactType,
  data: unknown,
  subject?: string,
): E.Either<FieldError, ReadonlyArray<string>> => {
  if (globalFactTypes.has(type)) return E.right([]);
  const subjects = new Set<string>([...(subject === undefined ? [] : [subject]), ...partiesNamedIn(data)]);
  if (subjects.size === 0) {
    return E.left({ path: '/subject', message: `is missing; the payload of ${type} names no party, so it is needed` });
  }
  if (subjects.size > MAX_SUBJECTS) {
    const message = `makes ${subjects.size} parties with those of the payload; at most ${MAX_SUBJECTS} are allowed`;
    return E.left({ path: '/subject', message });
  }
  return E.right([...subjects]);
};
