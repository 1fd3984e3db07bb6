import * as E from 'fp-ts/Either';
import * as fc from 'fast-check';
import { arbitraryData, arbitraryFactOf } from '../facts/arbitrary';
import { catalogueEntry, type FactType, globalFactTypes } from '../facts/catalogue';
import { decodeStrict } from '../facts/decode';
import { isRecord } from '../facts/structure';
import { defaultConfiguration } from '../policy/configuration';
import { item } from '../work-item/work-item-fixtures';
import { live, NOW } from './given-when-then';
import { noKnowledge } from './knowledge';
import { type CommandName, commandNames, commandOf } from './registry';

/** The event whose payload is nearest to the command's body. */
const nearest: Readonly<Record<CommandName, FactType>> = {
  RegisterParty: 'PartyRegistered',
  IdentifyParty: 'PartyIdentified',
  MergeParties: 'PartiesMerged',
  SeparateParties: 'PartiesSeparated',
  AssignRole: 'PartyRoleAssigned',
  RecordPreference: 'PreferenceRecorded',
  GrantConsent: 'ConsentGranted',
  WithdrawConsent: 'ConsentWithdrawn',
  ReceiveDataSubjectRequest: 'DataSubjectRequestReceived',
  FulfilDataSubjectRequest: 'DataSubjectRequestFulfilled',
  ErasePersonalData: 'PersonalDataErased',
  LaunchCampaign: 'CampaignLaunched',
  ReceiveEnquiry: 'EnquiryReceived',
  CloseEnquiry: 'EnquiryClosed',
  MakeOffer: 'OfferMade',
  AnswerOffer: 'OfferAnswered',
  RecordInteraction: 'InteractionRecorded',
  PlaceOrder: 'OrderPlaced',
  FulfilOrder: 'OrderFulfilled',
  ReverseOrder: 'OrderReversed',
  RecordCostToServe: 'CostToServeRecorded',
  ReportWallet: 'WalletReported',
  OpenServiceRequest: 'ServiceRequestOpened',
  EscalateServiceRequest: 'ServiceRequestEscalated',
  PauseServiceRequest: 'ServiceRequestPaused',
  ResumeServiceRequest: 'ServiceRequestResumed',
  ResolveServiceRequest: 'ServiceRequestResolved',
  ReopenServiceRequest: 'ServiceRequestReopened',
  DetectServiceFailure: 'ServiceFailureDetected',
  MakePromise: 'PromiseMade',
  SettlePromise: 'PromiseSettled',
  ReceiveComplaint: 'ComplaintReceived',
  AcknowledgeComplaint: 'ComplaintAcknowledged',
  GrantCompensation: 'CompensationGranted',
  ResolveComplaint: 'ComplaintResolved',
  FollowUpComplaint: 'ComplaintFollowedUp',
  AnswerSurvey: 'SurveyAnswered',
  RecordReferral: 'ReferralMade',
  ObserveWordOfMouth: 'WordOfMouthObserved',
  EnrolMembership: 'MembershipEnrolled',
  GrantReward: 'RewardGranted',
  EstablishBond: 'BondEstablished',
  SetSwitchingBarrier: 'SwitchingBarrierSet',
  ReceiveDefectionNotice: 'DefectionNoticeReceived',
  DiagnoseDefection: 'DefectionDiagnosed',
  TakeRetentionMeasure: 'RetentionMeasureTaken',
  ClaimWorkItem: 'WorkItemClaimed',
  ReleaseWorkItem: 'WorkItemReleased',
  CompleteWorkItem: 'WorkItemCompleted',
  ActivateConfiguration: 'ConfigurationActivated',
  ReviewPortfolio: 'PortfolioReviewed',
};

const headerOf = (commandId: string) => ({
  commandId,
  now: NOW,
  occurredAt: NOW,
  actor: { kind: 'system', id: 'agent-1', roles: ['supervisor'] } as const,
  configuration: defaultConfiguration,
});

/** The payload without the fields that the command does not take. */
const bodyFor = (name: CommandName, data: unknown): unknown => {
  const { shape } = commandOf(name).input;
  if (shape.kind !== 'record' || !isRecord(data)) return data;
  const known = new Set([...Object.keys(shape.required), ...Object.keys(shape.optional)]);
  return Object.fromEntries(Object.entries(data).filter(([key]) => known.has(key)));
};

describe.each(commandNames)('%s', (name) => {
  const history = fc.array(
    fc.oneof(arbitraryFactOf([...new Set(commandNames.map((one) => nearest[one]))]), arbitraryFactOf([nearest[name]])),
    { maxLength: 12 },
  );

  it('answers any body on any history, and decides nothing that the catalogue refuses', () => {
    fc.assert(
      fc.property(arbitraryData(nearest[name]), history, (data, facts) => {
        const intention = commandOf(name).receive(bodyFor(name, data), headerOf('command-1'));
        if (E.isLeft(intention)) return;
        const { needs, decide, partiesIn } = intention.right;
        const parties = new Map([...needs.parties, ...partiesIn(facts)].map((partyId) => [partyId, live(partyId)]));
        const workItem = { partyId: 'customer', item: item() };
        const decision = decide(facts, { ...noKnowledge, parties, workItem });
        if (E.isLeft(decision)) return;
        for (const fact of decision.right) {
          expect(decodeStrict(catalogueEntry(fact.type).codec, fact.data)).toEqual(E.right(fact.data));
          expect(fact.subjects.length > 0).toBe(!globalFactTypes.has(fact.type));
        }
      }),
      { numRuns: 40 },
    );
  });
});
