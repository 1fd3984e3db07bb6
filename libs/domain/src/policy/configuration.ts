import type { BusinessHours } from '../time/business-hours';
import type { AgentTraining } from './agent-training';
import type { AgentGoals, ContactCosts, Plan } from './plan';
import type { RetentionPeriods } from '../privacy/retention-periods';
import type { PointsRules } from './points-rules';
import type { FormerTerms } from './terms';

/**
 * The whole configuration document with its defaults (`domain.md §1`: every numeric default of the
 * specification is a key here). It is versioned by `ConfigurationActivated`; version 0 is in force
 * before the first activation. Days are real days of 86 400 000 ms, money is in minor units of the
 * reporting currency, shares and signals are fractions.
 */
export const defaultConfiguration = {
  version: 0,
  tenant: { timeZone: 'UTC', reportingCurrency: 'GBP' },

  /** §12.2: a configuration without these two holders is invalid. */
  roleHolders: { revenue_officer: 'revenue-officer', relationship_manager: 'relationship-manager' },

  /** §7: evidence families, zone cut-offs, matrix. */
  loyalty: {
    weights: { A: 0.45, B: 0.2, C: 0.25, D: 0.1 },
    priorWeight: 0.1,
    confidence: { high: 0.7, medium: 0.4 },
    attitude: {
      halfLifeDays: 180,
      maxAgeDays: 730,
      instrumentWeights: {
        nps: 1,
        csat_relationship: 1,
        csat_transactional: 0.7,
        ces: 0.5,
        verdict: 1,
        word_of_mouth: 1,
      },
      csatValues: [-1, -0.6, -0.2, 0.3, 1],
      npsValues: [-1, -0.9, -0.8, -0.7, -0.6, -0.5, -0.3, 0, 0.2, 0.7, 1],
      cesValues: [-0.8, -0.6, -0.4, 0, 0.2, 0.4, 0.5],
      recoveredSurveyFactor: 0.25,
      recoveredSurveyLeadDays: 7,
    },
    experience: {
      halfLifeDays: 120,
      maxAgeDays: 365,
      slaBreach: -0.15,
      orderLateOrIncomplete: -0.15,
      promiseBroken: -0.25,
      promiseKept: 0.05,
      promiseKeptCap: 0.15,
      failureBySeverity: [-0.1, -0.25, -0.5, -0.8],
      complaintBySeverity: [-0.25, -0.45, -0.7, -1],
      /** Share of lost repurchase not regained (TARP): severity 1–2 minor, 3–4 major. */
      unregained: {
        minor: { inTarget: 0.09, late: 0.56 },
        major: { inTarget: 0.22, late: 0.57 },
      },
      verdict3Factor: 0.5,
      verdict4Factor: 0.1,
      paradoxBonus: 0.2,
      paradoxMaxSeverity: 3,
      paradoxQuietDays: 365,
    },
    behaviour: {
      defaultIpiDays: 90,
      minIpiDays: 1,
      cadenceGaps: 6,
      lapsedGapMinDays: 90,
      lapsedGapFactor: 6,
      confidence: { steady: 1, oneGap: 0.6, oneOrder: 0.35 },
      /** (RR, signal): linear between, constant outside. */
      recencyKnots: [
        [1, 0.5],
        [1.5, 0.2],
        [2, -0.2],
        [3, -0.7],
        [4, -1],
      ],
      trend: { minOrders: 4, minTenureDays: 360, windowDays: 180, baselineDays: 720, moneyFloor: 0.25 },
      shares: { recency: 0.5, frequency: 0.3, money: 0.2 },
    },
    ties: {
      windowDays: 365,
      referralMade: 0.2,
      referralMadeCap: 0.4,
      referralConverted: 0.4,
      referralConvertedCap: 0.8,
      conversionDays: 180,
      membership: 0.1,
      bondType: 0.1,
      bondTypeCap: 0.4,
      activeYear: 0.1,
      activeYearCap: 0.3,
      scopeLines: 3,
      scope: 0.1,
      walletHigh: 0.5,
      walletHighSignal: 0.2,
      walletLow: 0.2,
      walletLowSignal: -0.2,
    },
    zones: {
      defectionBelow: 40,
      affectionFrom: 75,
      band: 5,
      dwellDays: 14,
      h2: { complaints: 2, windowDays: 365 },
      h3: { signal: -0.5, confidence: 0.5 },
      h4: { polarity: -0.5, windowDays: 90 },
      h5: { recencyRatio: 4, lostRecencyRatio: 6, lostDays: 90 },
      g1: { signal: 0.5, confidence: 0.5, confidenceToStay: 0.25 },
      g2: { severity: 3 },
      g3: { orderDays: 2, windowDays: 365, polarity: 0.5 },
    },
    extremes: { windowDays: 365, polarity: 0.5, terroristNps: 2, apostleNps: 9 },
    matrix: { priorWeight: 0.05, highSatisfaction: 70, highLoyalty: 60, minOrderDays: 2 },
  },

  /** §5 and §8. */
  relationship: {
    activityWindowDays: 180,
    windowDays: 365,
    interactionMode: { inbound: 2, outbound: 2 },
    rewardBond: { rewards: 2, windowDays: 365 },
    socialBond: { sameAgent: 3, ofLast: 5 },
    customizationBond: { applied: 1, windowDays: 365 },
  },

  /** §4.1. Each phase needs a strategy and an owner; the report lists those without. */
  lifecycle: {
    lostRecencyRatio: 6,
    lostDays: 90,
    lostAliveBelow: 0.1,
    atRiskRecencyRatio: 2,
    wonBackDays: 90,
    strategies: {
      suspect: { strategy: 'Target if the fit is right', owner: 'relationship-manager' },
      prospect: { strategy: 'Answer fast and convert', owner: 'relationship-manager' },
      new: { strategy: 'Welcome and get to know', owner: 'relationship-manager' },
      repeat: { strategy: 'Develop the relationship', owner: 'relationship-manager' },
      loyal: { strategy: 'Protect, reward and deepen', owner: 'relationship-manager' },
      advocate: { strategy: 'Recognise, involve and ask for referrals', owner: 'relationship-manager' },
      won_back: { strategy: 'Welcome again', owner: 'relationship-manager' },
      at_risk: { strategy: 'Save', owner: 'relationship-manager' },
      lost: { strategy: 'Win back if worth it', owner: 'relationship-manager' },
      erased: { strategy: 'None', owner: 'relationship-manager' },
    },
  },

  /** §6. */
  value: {
    windowDays: 365,
    defaultMarginRate: 0.3,
    heavyShare: 0.5,
    loyalClass: { orderDays: 4, recencyRatio: 2, shareOfWallet: 0.5 },
    tiers: {
      platinumShare: 0.05,
      goldShare: 0.2,
      platinumMaxDiscountShare: 0.15,
      minBase: 20,
      demoteAfterReviews: 2,
      staleDays: 365,
    },
    hhiWarning: 0.25,
    fitThreshold: 40,
  },

  /** Parties under legal hold: neither merged, separated nor erased (§15, LegalHold). */
  privacy: { legalHolds: [] as ReadonlyArray<string> },

  /** What we can offer: matched against stated needs (§6.6). */
  capabilities: [] as ReadonlyArray<string>,
  /** Registry of segments for campaigns (§6.4). An absent list means "any". */
  segments: [] as ReadonlyArray<SegmentDefinition>,
  propositions: [] as ReadonlyArray<{
    readonly propositionId: string;
    readonly segmentId: string;
    readonly statement: string;
  }>,

  /** §3, identity resolution: weight of each scheme in the match score 1−Π(1−w), and what the score means. */
  identity: {
    matchWeights: {
      national_id: 1,
      tax_id: 1,
      loyalty_no: 1,
      email: 0.8,
      phone: 0.6,
      postal: 0.3,
      device: 0,
      social: 0,
      fax: 0,
    },
    duplicateFrom: 0.95,
    reviewFrom: 0.7,
  },

  /** §15. A command that neither this document nor the one in force names in `permissions` is open to every actor. */
  commands: {
    futureToleranceMinutes: 5,
    permissions: {
      ActivateConfiguration: ['revenue_officer', 'relationship_manager'],
      ReviewPortfolio: ['revenue_officer', 'relationship_manager', 'analyst'],
      MergeParties: ['relationship_manager', 'supervisor', 'back_office', 'privacy_officer'],
      SeparateParties: ['relationship_manager', 'supervisor', 'back_office', 'privacy_officer'],
      ErasePersonalData: ['privacy_officer', 'relationship_manager', 'supervisor'],
    },
  },

  /** §10. */
  service: {
    immediateSeconds: 180,
    deferredHours: 24,
    escalationShares: { reminder: 0.5, supervisor: 0.75, manager: 1 },
    maxPauseHours: 72,
    keepInformedHours: 24,
    reopenDays: 7,
    remoteBeforeInPersonHours: 24,
    remoteFailureDays: 7,
    inPersonExceptions: [] as ReadonlyArray<string>,
  },

  /** §9.3. */
  complaints: {
    acknowledgeHours: 1,
    resolveHours: 24,
    resolveHoursCritical: 4,
    criticalSeverity: 4,
    followUpDays: 7,
    followUpAttempts: 2,
    followUpWithinDays: 14,
    recoveredFrom: 4,
    notRecoveredUpTo: 2,
    authorityMinor: { front_office: 5_000, supervisor: 50_000 },
    systemic: { sameRootCause: 3, windowDays: 30 },
  },

  /** §11. */
  queues: {
    wipLimit: 5,
    leaseMinutes: 30,
    fifoEvery: 5,
    snoozeMaxDays: 14,
    quietHours: { from: 20, to: 8 },
    proactiveCaps: [
      { contacts: 1, windowDays: 7 },
      { contacts: 3, windowDays: 30 },
    ],
    priority: {
      urgency: 300,
      value: 200,
      risk: 200,
      weight: 300,
      overdue: 1_000,
      overdueCap: 2_000,
      tierValue: { platinum: 1, gold: 0.7, iron: 0.4, lead: 0.1, none: 0.4 },
      zoneRisk: { defection: 1, indifference: 0.5, affection: 0.2, unclassified: 0.4 },
      weights: {
        complaintBase: 0.6,
        complaintPerSeverity: 0.1,
        detractor: 0.65,
        terrorist: 1,
        Q2: 0.5,
        Q3: 0.2,
        Q4: 0.8,
        Q5: 0.6,
        Q6: 0.9,
        Q7: 0.7,
        Q8: 0.3,
      },
    },
    Q1: {
      detractor: { nps: 6, csat: 2, ces: 3 },
      detractorDueHours: 48,
      terroristDueHours: 24,
      retryHours: 48,
      maxAttempts: 2,
      detractorReentryDays: 90,
    },
    Q2: {
      lostForDays: 14,
      lostAtMostDays: 730,
      maxAttempts: 3,
      dueDays: 14,
      dueDaysTop: 5,
      declinedDays: 180,
      noResponseDays: 90,
      excludedReasons: ['involuntary', 'ethical'],
    },
    Q3: { maxAttempts: 3, dueDays: 14, notInterestedDays: 180, noResponseDays: 30 },
    Q4: {
      syncAnswerSeconds: 180,
      answerHours: 24,
      nextActionDays: 7,
      lostBlocksTargetingDays: 90,
      disqualifiedDays: 180,
      nurtureDays: 30,
    },
    Q5: {
      welcomeHoursAfterFulfilment: 72,
      welcomeMaxDaysAfterOrder: 7,
      profilingDays: 30,
      minCompleteness: 0.6,
      expiresAfterDays: 90,
      retryHours: 72,
      maxAttempts: 3,
    },
    Q6: { serviceShare: 0.75, promiseAheadHours: 24, failureFollowUpHours: 24 },
    Q7: {
      recencyRatio: 2,
      recencyRatioTop: 1.5,
      frequencyDrop: -0.5,
      renewalAheadDays: 30,
      noticeDueHours: 24,
      zoneDueHours: 72,
      rhythmDueDays: 7,
      renewalLeadDays: 7,
      zoneHealedDays: 14,
      coolDownDays: 30,
    },
    Q8: {
      minScore: 60,
      maxRecencyRatio: 2,
      walletBelow: 0.5,
      scopeBelow: 3,
      referralAskDays: 180,
      noOfferDays: 30,
      dueDays: 30,
      declinedDays: 90,
      postponedDays: 30,
    },
  },
};

export interface SegmentDefinition {
  readonly segmentId: string;
  readonly name: string;
  readonly phases?: ReadonlyArray<string>;
  readonly kinds?: ReadonlyArray<'person' | 'organization'>;
  readonly tiers?: ReadonlyArray<string>;
  readonly zones?: ReadonlyArray<string>;
  /** Keys of needs of which a member has one at least. */
  readonly needs?: ReadonlyArray<string>;
  /** Bounds of the share of wallet that a member is known to give us, 0..1. */
  readonly wallet?: { readonly atLeast?: number; readonly below?: number };
}

type DeepReadonly<T> = T extends (infer E)[]
  ? ReadonlyArray<DeepReadonly<E>>
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/**
 * One complete configuration document. `service.calendar` (§10.4): without it 24 h are 24 h. `plan` (§11.7):
 * targets; `agentGoals` (§12.2); `agentTraining` (§9.1); `contactCosts` (§4.4): what a contact costs by channel;
 * `queues.namedAgentMinutes` (§11.6): 15 without; `privacy.retention` (§17.9): kept without limit; `pointsRules` (§8.2): how orders earn points, none without.
 */
export type Configuration = Omit<DeepReadonly<typeof defaultConfiguration>, 'commands'> & {
  readonly commands: {
    readonly futureToleranceMinutes: number;
    readonly permissions: Readonly<Record<string, ReadonlyArray<string>>>;
  };
  readonly service: { readonly calendar?: BusinessHours };
  readonly queues: { readonly namedAgentMinutes?: number };
  readonly privacy: { readonly retention?: RetentionPeriods };
  readonly plan?: Plan;
  readonly agentGoals?: AgentGoals;
  readonly agentTraining?: AgentTraining;
  readonly contactCosts?: ContactCosts;
  /** What the tenant is to its customers, in its own words (`domain.md §12.1`, vision). */
  readonly valueStatement?: string;
  readonly pointsRules?: PointsRules;
  /** No part of a document: what a regime knows of the service terms that were in force before (`termsAt`). */
  readonly former?: FormerTerms;
};
