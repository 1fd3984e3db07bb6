import { campaignFigures } from '../campaigns/figures';
import { channelsFigures } from '../channels/figures';
import { complaintFigures } from '../complaints/figures';
import { consentFigures } from '../consent/figures';
import { defectionFigures } from '../defection/figures';
import { environmentFigures } from '../environment/figures';
import { lifecycleFigures } from '../lifecycle/figures';
import { loyaltyFigures } from '../loyalty/figures';
import { programmeFigures } from '../programme/figures';
import { promiseFigures } from '../promises/figures';
import { cohortFigures, peopleFigures, scorecardFigures } from '../scorecard/figures';
import { goalFigures } from '../scorecard/goals';
import { pillarFigures } from '../scorecard/pillars';
import { systemFigures } from '../scorecard/system';
import { trainingFigures } from '../training/figures';
import { leverFigures } from '../training/levers';
import { segmentFigures } from '../segments/figures';
import { serviceLevelFigures } from '../service-levels/figures';
import { voiceFigures } from '../voice/figures';
import { indicator } from './indicator';

/** The figures that more than one model looks at (`domain.md §12`). */
export const is = {
  verified: indicator('Parties with a verified identifier', scorecardFigures, 'knowledge.verifiedShare'),
  named: indicator('Parties with a name', scorecardFigures, 'knowledge.namedShare'),
  validData: indicator('Identifiers that are valid', scorecardFigures, 'knowledge.validIdentifierShare'),
  identifiedOrders: indicator('Orders of identified customers', programmeFigures, 'identifiedOrders.share'),
  needs: indicator('Needs known', scorecardFigures, 'knowledge.needs'),
  needsMet: indicator('Needs met by a later order', scorecardFigures, 'knowledge.needsMetShare'),
  zones: indicator('Customers by loyalty zone', loyaltyFigures, 'zones'),
  quadrants: indicator('Customers by quadrant of the loyalty matrix', loyaltyFigures, 'quadrants'),
  extremes: indicator('Customers who speak for us or against us', loyaltyFigures, 'extremes'),
  tiers: indicator('Customers by tier', loyaltyFigures, 'tiers'),
  phases: indicator('Customers by phase of the lifecycle', lifecycleFigures, 'phases'),
  withoutStrategy: indicator('Phases without a strategy', lifecycleFigures, 'withoutStrategy'),
  valueStatement: indicator('What we are to our customers', lifecycleFigures, 'valueStatement'),
  strategies: indicator('Strategy and owner of each phase', lifecycleFigures, 'strategies'),
  contacts: indicator('Contacts recorded', channelsFigures, 'volume'),
  channels: indicator('Health of channels', channelsFigures, 'channels'),
  moments: indicator('Moments of truth', channelsFigures, 'moments'),
  onlineTrend: indicator('Online share by month', channelsFigures, 'onlineTrend'),
  prices: indicator('Contradicting prices (CX1)', channelsFigures, 'consistency.CX1.hits'),
  answers: indicator('Contradicting answers (CX2)', channelsFigures, 'consistency.CX2.hits'),
  reAsked: indicator('Asked again what was known (CX3)', channelsFigures, 'consistency.CX3.hits'),
  sameTruth: indicator('The same truth on every channel (CX5)', channelsFigures, 'consistency.CX5'),
  personalised: indicator('Orders with a preference applied', scorecardFigures, 'customers.personalisedOrderShare'),
  itemsEntered: indicator('Work items entered', scorecardFigures, 'processes.itemsEntered'),
  outcomes: indicator('Work items closed, by queue and outcome', scorecardFigures, 'processes.outcomes'),
  proactive: indicator('Proactive share of work', scorecardFigures, 'processes.proactiveShare'),
  revenue: indicator('Revenue, minor units', scorecardFigures, 'corporate.revenueMinor'),
  contribution: indicator('Contribution, minor units', scorecardFigures, 'corporate.contributionMinor'),
  costs: indicator('Costs by kind, minor units', scorecardFigures, 'corporate.costsMinor'),
  costPerContact: indicator('Cost of a contact, minor units', scorecardFigures, 'corporate.costPerContactMinor'),
  retention: indicator('Retention of the last twelve months', scorecardFigures, 'customers.lastYear.retentionRate'),
  revenueChurn: indicator('Revenue churn of the window', defectionFigures, 'revenueChurnRate'),
  churn: indicator('Churn of the last twelve months', scorecardFigures, 'customers.lastYear.churnRate'),
  newCustomers: indicator('New customers', defectionFigures, 'newCustomers'),
  costRatio: indicator(
    'A new customer costs so many times a kept one',
    scorecardFigures,
    'economics.acquisitionCostRatio',
  ),
  lifetimeValue: indicator(
    'Lifetime value of a customer, minor units',
    scorecardFigures,
    'economics.whatIf.lifetimeValueMinor',
  ),
  retentionLift: indicator('What five points more of retention add to it', scorecardFigures, 'economics.whatIf.lift'),
  repeat: indicator('Customers who ordered again', scorecardFigures, 'customers.repeatRate'),
  crossSell: indicator('Repeat customers who took up further lines', scorecardFigures, 'customers.crossSellRate'),
  conversion: indicator('Enquiries converted', scorecardFigures, 'customers.enquiryConversion'),
  salesCycle: indicator('Days from enquiry to first order, median', scorecardFigures, 'customers.salesCycleDaysMedian'),
  referrals: indicator('Referrals made', scorecardFigures, 'customers.referrals'),
  cohorts: indicator('Cohorts by first order', cohortFigures, 'cohorts'),
  processPillar: indicator('Index of processes, 0..100', pillarFigures, 'processes.index'),
  peoplePillar: indicator('Index of people, 0..100', pillarFigures, 'people.index'),
  dataPillar: indicator('Index of data, 0..100', pillarFigures, 'data.index'),
  toolPillar: indicator('Index of tools, 0..100', pillarFigures, 'tools.index'),
  agents: indicator('Contacts and outcomes by agent', peopleFigures, 'agents'),
  goals: indicator('Agents beside their goals', goalFigures, 'agents'),
  load: indicator('Inbound contacts by hour and channel', peopleFigures, 'load'),
  nps: indicator('Net promoter score', voiceFigures, 'instruments.instrument=nps'),
  satisfaction: indicator(
    'Satisfaction after contacts (CSAT)',
    voiceFigures,
    'instruments.instrument=csat_transactional',
  ),
  effort: indicator('Effort (CES)', voiceFigures, 'instruments.instrument=ces'),
  empathy: indicator('Empathy, 1..5', voiceFigures, 'empathy.mean'),
  response: indicator('Response to surveys', voiceFigures, 'response.rate'),
  wordOfMouth: indicator('Word of mouth, mean polarity', voiceFigures, 'wordOfMouth.meanPolarity'),
  serviceMissed: indicator('Service levels missed', serviceLevelFigures, 'all.breachRate'),
  firstContact: indicator('Solved at first contact', serviceLevelFigures, 'all.firstContactResolution'),
  ahead: indicator('Solved in half the agreed time', serviceLevelFigures, 'all.solvedInHalfTheTime'),
  clock: indicator('From request to solution', serviceLevelFigures, 'all.customerClock'),
  silences: indicator('Silences longer than allowed', serviceLevelFigures, 'all.keepInformedViolations'),
  kept: indicator('Promises kept', promiseFigures, 'all.keptRate'),
  complaints: indicator('Complaints per 1 000 customers', complaintFigures, 'perThousandCustomers'),
  resolved: indicator('Complaints resolved in target', complaintFigures, 'resolve.inTargetRate'),
  recovery: indicator('Recovery of complaints', complaintFigures, 'recovery.recoveryRate'),
  conduct: indicator('Complaints of conduct per 1 000 contacts', complaintFigures, 'conduct.perThousandContacts'),
  trained: indicator('Active agents with a completed training', leverFigures, 'culture.trainedShare'),
  toTrain: indicator('Agents to train in conduct', trainingFigures, 'conduct.toTrain'),
  causes: indicator('Root causes', complaintFigures, 'rootCauses'),
  reasons: indicator('Why customers leave', defectionFigures, 'reasons'),
  lost: indicator('Customers lost', defectionFigures, 'lost'),
  revenueLost: indicator('Revenue lost, minor units', defectionFigures, 'revenueLostMinor'),
  measures: indicator('Retention measures by kind', defectionFigures, 'measures'),
  saves: indicator('Saved by retention', defectionFigures, 'saves.share'),
  winBacks: indicator('Won back of those attempted', defectionFigures, 'winBacks.rate'),
  competitors: indicator('Notices that name a competitor', defectionFigures, 'notices.toCompetitor'),
  rivals: indicator('Competitors by share of wallets, notices and losses', environmentFigures, 'competitors'),
  bonds: indicator('Bonds by type', programmeFigures, 'bonds'),
  programmes: indicator('Programmes', programmeFigures, 'programmes'),
  benefits: indicator('Benefits and the attitude after them', programmeFigures, 'benefits'),
  pressure: indicator('Customers under pressure of penalties', programmeFigures, 'pressure.warned'),
  uplift: indicator('Members beside similar non-members', programmeFigures, 'uplift'),
  campaigns: indicator('Campaigns with lift and return', campaignFigures, 'campaigns'),
  ranking: indicator('Acquisition by value, not volume', campaignFigures, 'ranking'),
  segments: indicator('Segments', segmentFigures, 'segments'),
  pareto: indicator('Pareto check', segmentFigures, 'pareto'),
  concentration: indicator('Concentration on segments', segmentFigures, 'concentration'),
  majority: indicator('Segments that the majority rule warns of', segmentFigures, 'majorityRule'),
  reviewed: indicator('Last portfolio review', segmentFigures, 'reviewedAsOf'),
  consents: indicator('Effective consents', consentFigures, 'consents'),
  requests: indicator('Requests of data subjects', consentFigures, 'requests'),
  behind: indicator('Projections behind the clock, ms', systemFigures, 'behindMs'),
  facts: indicator('Facts in the log', systemFigures, 'facts'),
  deadLetters: indicator('Events that could not be taken in', systemFigures, 'deadLetters'),
  configuration: indicator('Configuration in force', systemFigures, 'configurationVersion'),
} as const;
