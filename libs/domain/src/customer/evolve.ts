import type { Fact } from '../facts/envelope';
import type { Configuration } from '../policy/configuration';
import { areaOf } from './areas';
import {
  evolveComplaintAcknowledged,
  evolveComplaintFollowedUp,
  evolveComplaintReceived,
  evolveComplaintResolved,
} from './evolve-complaints';
import {
  evolveEnquiryClosed,
  evolveEnquiryReceived,
  evolveInteractionRecorded,
  evolveOfferAnswered,
  evolveOfferMade,
  evolveSurveyAnswered,
  evolveWordOfMouthObserved,
} from './evolve-contacts';
import { evolveKeeping } from './evolve-keeping';
import { evolveOrderFulfilled, evolveOrderPlaced, evolveOrderReversed } from './evolve-orders';
import {
  evolveConsent,
  evolveDataSubjectRequestFulfilled,
  evolveDataSubjectRequestReceived,
  evolvePartyIdentified,
  evolvePartyRegistered,
  evolvePartyRoleAssigned,
  evolvePersonalDataErased,
  evolvePreferenceRecorded,
} from './evolve-person';
import {
  evolveCompensationGranted,
  evolveCostToServeRecorded,
  evolveDefectionDiagnosed,
  evolveDefectionNoticeReceived,
  evolveRetentionMeasureTaken,
} from './evolve-retention';
import {
  evolvePromiseMade,
  evolvePromiseSettled,
  evolveServiceFailureDetected,
  evolveServiceRequestEscalated,
  evolveServiceRequestOpened,
  evolveServiceRequestPaused,
  evolveServiceRequestReopened,
  evolveServiceRequestResolved,
  evolveServiceRequestResumed,
} from './evolve-service';
import {
  evolveBondEstablished,
  evolveMembershipEnrolled,
  evolveReferralMade,
  evolveRewardGranted,
  evolveSwitchingBarrierSet,
  evolveWalletReported,
} from './evolve-ties';
import { evolveWorkItemClaimed, evolveWorkItemCompleted, evolveWorkItemReleased } from './evolve-work-items';
import type { MutableEvidence } from './mutable-evidence';

/**
 * Whether a fact says something about a customer. Facts of the policy and of campaigns do not; merges
 * and separations decide whose facts are folded and are not folded themselves, so that a merge that
 * was undone leaves no trace (`domain.md §3`).
 */
export const isCustomerFact = ({ type }: Pick<Fact, 'type'>): boolean => {
  switch (type) {
    case 'PartiesMerged':
    case 'PartiesSeparated':
    case 'CampaignLaunched':
    case 'ConfigurationActivated':
    case 'PortfolioReviewed':
      return false;
    default:
      return true;
  }
};

/**
 * Folds one fact into the evidence, in place. Total: any facts in any order fold without throwing; a
 * follow-up may come before the fact it follows. The caller folds in the order of `compareFacts`.
 * `configuration` is the one in force when the fact happened: it gives the tenant's day and currency
 * and the verdict that reopens a complaint.
 */
export const evolve = (
  evidence: MutableEvidence,
  fact: Fact,
  configuration: Configuration = evidence.configuration,
): void => {
  if (!isCustomerFact(fact)) return;
  evidence.factCount += 1;
  evidence.changes += 1;
  const area = areaOf(fact);
  if (area !== null) evidence.touched[area] = evidence.changes;
  if (fact.occurredAt > evidence.lastFactAt) evidence.lastFactAt = fact.occurredAt;
  evolveKeeping(evidence, fact);
  dispatch(evidence, fact, configuration);
};

const dispatch = (evidence: MutableEvidence, fact: Fact, configuration: Configuration): void => {
  switch (fact.type) {
    case 'PartyRegistered':
      return evolvePartyRegistered(evidence, fact);
    case 'PartyIdentified':
      return evolvePartyIdentified(evidence, fact);
    case 'PartyRoleAssigned':
      return evolvePartyRoleAssigned(evidence, fact);
    case 'PreferenceRecorded':
      return evolvePreferenceRecorded(evidence, fact);
    case 'ConsentGranted':
    case 'ConsentWithdrawn':
      return evolveConsent(evidence, fact);
    case 'DataSubjectRequestReceived':
      return evolveDataSubjectRequestReceived(evidence, fact);
    case 'DataSubjectRequestFulfilled':
      return evolveDataSubjectRequestFulfilled(evidence, fact);
    case 'PersonalDataErased':
      return evolvePersonalDataErased(evidence, fact);
    case 'EnquiryReceived':
      return evolveEnquiryReceived(evidence, fact);
    case 'EnquiryClosed':
      return evolveEnquiryClosed(evidence, fact);
    case 'OfferMade':
      return evolveOfferMade(evidence, fact);
    case 'OfferAnswered':
      return evolveOfferAnswered(evidence, fact);
    case 'InteractionRecorded':
      return evolveInteractionRecorded(evidence, fact, configuration);
    case 'OrderPlaced':
      return evolveOrderPlaced(evidence, fact, configuration);
    case 'OrderFulfilled':
      return evolveOrderFulfilled(evidence, fact, configuration);
    case 'OrderReversed':
      return evolveOrderReversed(evidence, fact, configuration);
    case 'CostToServeRecorded':
      return evolveCostToServeRecorded(evidence, fact);
    case 'WalletReported':
      return evolveWalletReported(evidence, fact);
    case 'ServiceRequestOpened':
      return evolveServiceRequestOpened(evidence, fact);
    case 'ServiceRequestEscalated':
      return evolveServiceRequestEscalated(evidence, fact);
    case 'ServiceRequestPaused':
      return evolveServiceRequestPaused(evidence, fact);
    case 'ServiceRequestResumed':
      return evolveServiceRequestResumed(evidence, fact);
    case 'ServiceRequestResolved':
      return evolveServiceRequestResolved(evidence, fact);
    case 'ServiceRequestReopened':
      return evolveServiceRequestReopened(evidence, fact);
    case 'ServiceFailureDetected':
      return evolveServiceFailureDetected(evidence, fact);
    case 'PromiseMade':
      return evolvePromiseMade(evidence, fact);
    case 'PromiseSettled':
      return evolvePromiseSettled(evidence, fact);
    case 'ComplaintReceived':
      return evolveComplaintReceived(evidence, fact);
    case 'ComplaintAcknowledged':
      return evolveComplaintAcknowledged(evidence, fact);
    case 'CompensationGranted':
      return evolveCompensationGranted(evidence, fact);
    case 'ComplaintResolved':
      return evolveComplaintResolved(evidence, fact);
    case 'ComplaintFollowedUp':
      return evolveComplaintFollowedUp(evidence, fact, configuration);
    case 'SurveyAnswered':
      return evolveSurveyAnswered(evidence, fact);
    case 'ReferralMade':
      return evolveReferralMade(evidence, fact);
    case 'WordOfMouthObserved':
      return evolveWordOfMouthObserved(evidence, fact);
    case 'MembershipEnrolled':
      return evolveMembershipEnrolled(evidence, fact);
    case 'RewardGranted':
      return evolveRewardGranted(evidence, fact);
    case 'BondEstablished':
      return evolveBondEstablished(evidence, fact);
    case 'SwitchingBarrierSet':
      return evolveSwitchingBarrierSet(evidence, fact);
    case 'DefectionNoticeReceived':
      return evolveDefectionNoticeReceived(evidence, fact);
    case 'DefectionDiagnosed':
      return evolveDefectionDiagnosed(evidence, fact);
    case 'RetentionMeasureTaken':
      return evolveRetentionMeasureTaken(evidence, fact);
    case 'WorkItemClaimed':
      return evolveWorkItemClaimed(evidence, fact);
    case 'WorkItemReleased':
      return evolveWorkItemReleased(evidence, fact);
    case 'WorkItemCompleted':
      return evolveWorkItemCompleted(evidence, fact);
    case 'PartiesMerged':
    case 'PartiesSeparated':
    case 'CampaignLaunched':
    case 'ConfigurationActivated':
    case 'PortfolioReviewed':
      return;
    default:
      fact satisfies never;
  }
};
