import { campaignFigures } from '../campaigns/figures';
import { campaignView } from '../campaigns/view';
import { consentFigures } from '../consent/figures';
import { consentView } from '../consent/view';
import { identityView } from '../identity/view';
import { environmentFigures } from '../environment/figures';
import { networkView } from '../network/view';
import { programmeFigures } from '../programme/figures';
import { programmeView } from '../programme/view';
import { segmentFigures } from '../segments/figures';
import { goalFigures } from '../scorecard/goals';
import { planFigures } from '../plan/figures';
import { propositionFigures } from '../propositions/figures';
import { portraitFigures } from '../segments/portrait';
import { confirmationFigures } from '../confirmations/figures';
import { confirmationView } from '../confirmations/view';
import { complaintFigures } from '../complaints/figures';
import { complaintView } from '../complaints/view';
import { lifecycleFigures } from '../lifecycle/figures';
import { loyaltyFigures } from '../loyalty/figures';
import { fairnessFigures } from '../queues/fairness';
import { promiseFigures } from '../promises/figures';
import { promiseView } from '../promises/view';
import { adoptionFigures } from '../recording/adoption';
import { recordingFigures } from '../recording/figures';
import { recordingView } from '../recording/view';
import { initiativeFigures } from '../initiatives/figures';
import { cohortFigures, peopleFigures, scorecardFigures } from '../scorecard/figures';
import { pillarFigures } from '../scorecard/pillars';
import { systemFigures } from '../scorecard/system';
import { serviceLevelFigures } from '../service-levels/figures';
import { serviceLevelView } from '../service-levels/view';
import { trainingFigures } from '../training/figures';
import { leverFigures } from '../training/levers';
import { channelsFigures } from '../channels/figures';
import { momentView } from '../channels/moment-view';
import { channelsView } from '../channels/view';
import { defectionFigures } from '../defection/figures';
import { defectionView } from '../defection/view';
import { voiceFigures } from '../voice/figures';
import { voiceView } from '../voice/view';
import type { Figures, PartyView } from './definition';

/** Everything that is answered about all customers, in the order of `domain.md §16`. */
export const figures: ReadonlyArray<Figures> = [
  lifecycleFigures,
  loyaltyFigures,
  fairnessFigures,
  serviceLevelFigures,
  complaintFigures,
  confirmationFigures,
  voiceFigures,
  channelsFigures,
  defectionFigures,
  leverFigures,
  promiseFigures,
  scorecardFigures,
  pillarFigures,
  peopleFigures,
  cohortFigures,
  recordingFigures,
  adoptionFigures,
  initiativeFigures,
  systemFigures,
  programmeFigures,
  campaignFigures,
  consentFigures,
  segmentFigures,
  portraitFigures,
  propositionFigures,
  environmentFigures,
  planFigures,
  goalFigures,
  trainingFigures,
];

/** Everything that is answered about one customer beside profile, timeline and loyalty. */
export const partyViews: ReadonlyArray<PartyView> = [
  serviceLevelView,
  complaintView,
  confirmationView,
  voiceView,
  channelsView,
  momentView,
  defectionView,
  promiseView,
  recordingView,
  identityView,
  networkView,
  programmeView,
  campaignView,
  consentView,
];
