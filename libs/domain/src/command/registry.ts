import { establishBond } from '../account/establish-bond';
import { observeWordOfMouth } from '../account/observe-word-of-mouth';
import { recordCostToServe } from '../account/record-cost-to-serve';
import { reportWallet } from '../account/report-wallet';
import { setSwitchingBarrier } from '../account/set-switching-barrier';
import { launchCampaign } from '../campaign/launch-campaign';
import { acknowledgeComplaint } from '../complaint/acknowledge-complaint';
import { followUpComplaint } from '../complaint/follow-up-complaint';
import { grantCompensation } from '../complaint/grant-compensation';
import { receiveComplaint } from '../complaint/receive-complaint';
import { resolveComplaint } from '../complaint/resolve-complaint';
import { diagnoseDefection } from '../defection/diagnose-defection';
import { receiveDefectionNotice } from '../defection/receive-defection-notice';
import { takeRetentionMeasure } from '../defection/take-retention-measure';
import { closeEnquiry } from '../enquiry/close-enquiry';
import { receiveEnquiry } from '../enquiry/receive-enquiry';
import { detectServiceFailure } from '../failure/detect-service-failure';
import { recordInteraction } from '../interaction/record-interaction';
import { enrolMembership } from '../membership/enrol-membership';
import { grantReward } from '../membership/grant-reward';
import { answerOffer } from '../offer/answer-offer';
import { makeOffer } from '../offer/make-offer';
import { fulfilOrder } from '../order/fulfil-order';
import { placeOrder } from '../order/place-order';
import { reverseOrder } from '../order/reverse-order';
import { assignRole } from '../party/assign-role';
import { grantConsent } from '../party/grant-consent';
import { identifyParty } from '../party/identify-party';
import { mergeParties } from '../party/merge-parties';
import { recordPreference } from '../party/record-preference';
import { registerParty } from '../party/register-party';
import { separateParties } from '../party/separate-parties';
import { withdrawConsent } from '../party/withdraw-consent';
import { activateConfiguration } from '../policy/activate-configuration';
import { reviewPortfolio } from '../policy/review-portfolio';
import { erasePersonalData } from '../privacy/erase-personal-data';
import { fulfilDataSubjectRequest } from '../privacy/fulfil-data-subject-request';
import { receiveDataSubjectRequest } from '../privacy/receive-data-subject-request';
import { makePromise } from '../promise/make-promise';
import { settlePromise } from '../promise/settle-promise';
import { recordReferral } from '../referral/record-referral';
import { escalateServiceRequest } from '../service-request/escalate-service-request';
import { openServiceRequest } from '../service-request/open-service-request';
import { pauseServiceRequest } from '../service-request/pause-service-request';
import { reopenServiceRequest } from '../service-request/reopen-service-request';
import { resolveServiceRequest } from '../service-request/resolve-service-request';
import { resumeServiceRequest } from '../service-request/resume-service-request';
import { answerSurvey } from '../survey/answer-survey';
import { claimWorkItem } from '../work-item/claim-work-item';
import { completeWorkItem } from '../work-item/complete-work-item';
import { releaseWorkItem } from '../work-item/release-work-item';
import { type Command, toCommand } from './definition';
import { type JsonSchema, jsonSchemaOf } from './json-schema';

/** Every command that the system understands, by name, in the order of `domain.md §15`. */
export const commands = {
  RegisterParty: toCommand(registerParty),
  IdentifyParty: toCommand(identifyParty),
  MergeParties: toCommand(mergeParties),
  SeparateParties: toCommand(separateParties),
  AssignRole: toCommand(assignRole),
  RecordPreference: toCommand(recordPreference),
  GrantConsent: toCommand(grantConsent),
  WithdrawConsent: toCommand(withdrawConsent),
  ReceiveDataSubjectRequest: toCommand(receiveDataSubjectRequest),
  FulfilDataSubjectRequest: toCommand(fulfilDataSubjectRequest),
  ErasePersonalData: toCommand(erasePersonalData),
  LaunchCampaign: toCommand(launchCampaign),
  ReceiveEnquiry: toCommand(receiveEnquiry),
  CloseEnquiry: toCommand(closeEnquiry),
  MakeOffer: toCommand(makeOffer),
  AnswerOffer: toCommand(answerOffer),
  RecordInteraction: toCommand(recordInteraction),
  PlaceOrder: toCommand(placeOrder),
  FulfilOrder: toCommand(fulfilOrder),
  ReverseOrder: toCommand(reverseOrder),
  RecordCostToServe: toCommand(recordCostToServe),
  ReportWallet: toCommand(reportWallet),
  OpenServiceRequest: toCommand(openServiceRequest),
  EscalateServiceRequest: toCommand(escalateServiceRequest),
  PauseServiceRequest: toCommand(pauseServiceRequest),
  ResumeServiceRequest: toCommand(resumeServiceRequest),
  ResolveServiceRequest: toCommand(resolveServiceRequest),
  ReopenServiceRequest: toCommand(reopenServiceRequest),
  DetectServiceFailure: toCommand(detectServiceFailure),
  MakePromise: toCommand(makePromise),
  SettlePromise: toCommand(settlePromise),
  ReceiveComplaint: toCommand(receiveComplaint),
  AcknowledgeComplaint: toCommand(acknowledgeComplaint),
  GrantCompensation: toCommand(grantCompensation),
  ResolveComplaint: toCommand(resolveComplaint),
  FollowUpComplaint: toCommand(followUpComplaint),
  AnswerSurvey: toCommand(answerSurvey),
  RecordReferral: toCommand(recordReferral),
  ObserveWordOfMouth: toCommand(observeWordOfMouth),
  EnrolMembership: toCommand(enrolMembership),
  GrantReward: toCommand(grantReward),
  EstablishBond: toCommand(establishBond),
  SetSwitchingBarrier: toCommand(setSwitchingBarrier),
  ReceiveDefectionNotice: toCommand(receiveDefectionNotice),
  DiagnoseDefection: toCommand(diagnoseDefection),
  TakeRetentionMeasure: toCommand(takeRetentionMeasure),
  ClaimWorkItem: toCommand(claimWorkItem),
  ReleaseWorkItem: toCommand(releaseWorkItem),
  CompleteWorkItem: toCommand(completeWorkItem),
  ActivateConfiguration: toCommand(activateConfiguration),
  ReviewPortfolio: toCommand(reviewPortfolio),
} as const satisfies Readonly<Record<string, Command>>;

export type CommandName = keyof typeof commands;
export const commandNames = Object.keys(commands) as ReadonlyArray<CommandName>;
export const isCommandName = (name: string): name is CommandName => Object.hasOwn(commands, name);
export const commandOf = (name: CommandName): Command => commands[name];

export interface CommandDescription {
  readonly name: CommandName;
  /** JSON Schema of the body. */
  readonly body: JsonSchema;
}

/** What the OpenAPI document says about every command. */
export const describeCommands = (): ReadonlyArray<CommandDescription> =>
  commandNames.map((name) => ({ name, body: jsonSchemaOf(commands[name].input) }));
