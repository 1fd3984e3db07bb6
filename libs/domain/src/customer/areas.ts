import type { Fact } from '../facts/envelope';

/**
 * Parts of the evidence that judgements of loyalty rest on. `circumstances`: notices, barriers,
 * objections and erasure. What no area names (consents, preferences, enquiries, costs, work items)
 * does not count for loyalty.
 */
export const areas = ['orders', 'deliveries', 'voice', 'complaints', 'service', 'ties', 'circumstances'] as const;
export type Area = (typeof areas)[number];

/** By area the value of `Evidence.changes` when it was last touched; 0 before. */
export type Touched = Readonly<Record<Area, number>>;

export const untouched = (): Record<Area, number> => ({
  orders: 0,
  deliveries: 0,
  voice: 0,
  complaints: 0,
  service: 0,
  ties: 0,
  circumstances: 0,
});

/** The only area that a fact can change; null when loyalty does not depend on it. Broad rather than exact. */
export const areaOf = (fact: Fact): Area | null => {
  switch (fact.type) {
    case 'OrderPlaced':
    case 'OrderReversed':
      return 'orders';
    case 'OrderFulfilled':
      return 'deliveries';
    case 'SurveyAnswered':
    case 'WordOfMouthObserved':
      return 'voice';
    case 'ComplaintReceived':
    case 'ComplaintAcknowledged':
    case 'ComplaintResolved':
    case 'ComplaintFollowedUp':
      return 'complaints';
    case 'ServiceRequestOpened':
    case 'ServiceRequestEscalated':
    case 'ServiceRequestPaused':
    case 'ServiceRequestResumed':
    case 'ServiceRequestResolved':
    case 'ServiceRequestReopened':
    case 'ServiceFailureDetected':
    case 'PromiseMade':
    case 'PromiseSettled':
      return 'service';
    case 'InteractionRecorded':
      // A contact ties only to the agent who is named (social bond, `domain.md §8.1`).
      return fact.data.agentId === undefined ? null : 'ties';
    case 'OfferMade':
    case 'ReferralMade':
    case 'MembershipEnrolled':
    case 'RewardGranted':
    case 'BondEstablished':
    case 'WalletReported':
      return 'ties';
    case 'SwitchingBarrierSet':
    case 'DefectionNoticeReceived':
    case 'DataSubjectRequestReceived':
    case 'DataSubjectRequestFulfilled':
    case 'PersonalDataErased':
      return 'circumstances';
    case 'PartyRegistered':
    case 'PartyIdentified':
    case 'PartyRoleAssigned':
    case 'PreferenceRecorded':
    case 'ConsentGranted':
    case 'ConsentWithdrawn':
    case 'EnquiryReceived':
    case 'EnquiryClosed':
    case 'OfferAnswered':
    case 'CostToServeRecorded':
    case 'CompensationGranted':
    case 'DefectionDiagnosed':
    case 'RetentionMeasureTaken':
    case 'WorkItemClaimed':
    case 'WorkItemReleased':
    case 'WorkItemCompleted':
    case 'PartiesMerged':
    case 'PartiesSeparated':
    case 'CampaignLaunched':
    case 'ConfigurationActivated':
    case 'PortfolioReviewed':
      return null;
    default:
      fact satisfies never;
      return null;
  }
};
