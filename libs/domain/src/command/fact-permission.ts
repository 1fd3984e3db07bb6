import type { FactType } from '../facts/catalogue';
import type { Configuration } from '../policy/configuration';
import type { CommandHeader } from './definition';
import { type DomainError, domainError } from './errors';
import { hasRole, rolesFor } from './guards';
import { type CommandName, commandNames } from './registry';

/** What each command decides (`domain.md §15`, Command → event(s)). */
export const factsDecidedBy: Readonly<Record<CommandName, ReadonlyArray<FactType>>> = {
  RegisterParty: ['PartyRegistered', 'PartyIdentified'],
  IdentifyParty: ['PartyIdentified'],
  MergeParties: ['PartiesMerged'],
  SeparateParties: ['PartiesSeparated'],
  AssignRole: ['PartyRoleAssigned'],
  RecordPreference: ['PreferenceRecorded'],
  GrantConsent: ['ConsentGranted'],
  WithdrawConsent: ['ConsentWithdrawn'],
  ReceiveDataSubjectRequest: ['DataSubjectRequestReceived'],
  FulfilDataSubjectRequest: ['DataSubjectRequestFulfilled'],
  ErasePersonalData: ['DataSubjectRequestFulfilled', 'PersonalDataErased'],
  LaunchCampaign: ['CampaignLaunched'],
  ReceiveEnquiry: ['EnquiryReceived'],
  CloseEnquiry: ['EnquiryClosed'],
  MakeOffer: ['OfferMade'],
  AnswerOffer: ['OfferAnswered'],
  RecordInteraction: ['InteractionRecorded'],
  PlaceOrder: ['OrderPlaced'],
  FulfilOrder: ['OrderFulfilled'],
  ReverseOrder: ['OrderReversed'],
  RecordCostToServe: ['CostToServeRecorded'],
  ReportWallet: ['WalletReported'],
  OpenServiceRequest: ['ServiceRequestOpened', 'PromiseMade'],
  EscalateServiceRequest: ['ServiceRequestEscalated'],
  PauseServiceRequest: ['ServiceRequestPaused'],
  ResumeServiceRequest: ['ServiceRequestResumed'],
  ResolveServiceRequest: ['ServiceRequestResolved', 'ServiceRequestResumed'],
  ReopenServiceRequest: ['ServiceRequestReopened'],
  DetectServiceFailure: ['ServiceFailureDetected'],
  MakePromise: ['PromiseMade'],
  SettlePromise: ['PromiseSettled'],
  ReceiveComplaint: ['ComplaintReceived'],
  AcknowledgeComplaint: ['ComplaintAcknowledged'],
  GrantCompensation: ['CompensationGranted'],
  ResolveComplaint: ['ComplaintResolved', 'ComplaintAcknowledged'],
  FollowUpComplaint: ['ComplaintFollowedUp'],
  AnswerSurvey: ['SurveyAnswered'],
  RecordReferral: ['ReferralMade'],
  ObserveWordOfMouth: ['WordOfMouthObserved'],
  EnrolMembership: ['MembershipEnrolled'],
  GrantReward: ['RewardGranted'],
  EstablishBond: ['BondEstablished'],
  SetSwitchingBarrier: ['SwitchingBarrierSet'],
  ReceiveDefectionNotice: ['DefectionNoticeReceived'],
  DiagnoseDefection: ['DefectionDiagnosed'],
  TakeRetentionMeasure: ['RetentionMeasureTaken'],
  ClaimWorkItem: ['WorkItemClaimed'],
  ReleaseWorkItem: ['WorkItemReleased'],
  CompleteWorkItem: ['WorkItemCompleted'],
  ActivateConfiguration: ['ConfigurationActivated'],
  ReviewPortfolio: ['PortfolioReviewed'],
};

const deciding = new Map<FactType, ReadonlyArray<CommandName>>();
for (const name of commandNames)
  for (const type of factsDecidedBy[name]) deciding.set(type, [...(deciding.get(type) ?? []), name]);

/**
 * The roles of which a teller of such facts needs one: telling that something was done has the same effect as
 * doing it, so it takes the same permission (`domain.md §15`, Forbidden). Null: one of the commands that decide
 * such facts is open to everybody.
 */
export const rolesToTell = (
  type: FactType,
  configuration: Pick<Configuration, 'commands'>,
): ReadonlyArray<string> | null => {
  const needed = (deciding.get(type) ?? []).map((name) => rolesFor(configuration, name));
  return needed.includes(null) ? null : [...new Set(needed.flatMap((roles) => roles ?? []))];
};

/** Forbidden for a sender without the roles to tell a fact of this type; null: it may. The system may tell all. */
export const factForbidden = (
  type: FactType,
  { actor, configuration }: Pick<CommandHeader, 'actor' | 'configuration'>,
): DomainError | null => {
  const roles = rolesToTell(type, configuration);
  if (roles === null || actor.kind === 'system' || hasRole(actor, ...roles)) return null;
  const as = (deciding.get(type) ?? []).join(' or ');
  return domainError('Forbidden', `${type} needs one of the roles ${roles.join(', ')}, as ${as} does`, {
    path: '/type',
    details: { type, roles },
  });
};
